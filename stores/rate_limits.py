"""How often somebody may ask: one turn at a time, in Redis for all processes."""

from hashlib import sha1
from typing import Any, Final

from stores.rate_limits_contract import Budget, Turn
from stores.redis_line import RedisLine
from stores.unavailable import StoreUnavailable

CALL_SECONDS_MAX: Final = 1.0

# GCRA: one number a key, the time (µs) until which what was asked is paid for. A
# turn that is refused costs nothing. The clock is the server's own, so processes
# whose clocks differ agree; microseconds since 1970 are exact in Lua's numbers.
TAKE_TURN: Final = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000000 + tonumber(clock[2])
local window, step = tonumber(ARGV[1]), tonumber(ARGV[2])
local paid = tonumber(redis.call('GET', KEYS[1]) or now)
if paid < now then
  paid = now
end
local after = paid + step
if after - now > window then
  return {0, paid - now}
end
local kept = math.ceil((after - now) / 1000)
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', kept)
return {1, after - now}
"""


class RedisRateLimits:
    """Turns in Redis or Valkey, one small key for whoever asked within a window."""

    def __init__(self, url: str, app_id: str) -> None:
        """Connect when first used; a server that hangs is given up soon."""
        self._prefix = f"{app_id}:turns:"
        self._line = RedisLine(url, call_seconds_max=CALL_SECONDS_MAX)

    async def take(self, who: str, budget: Budget) -> Turn:
        """Take a turn if there is one; one round trip."""
        taken, used_us = await self._take(
            self._prefix + who, budget.window_us, budget.step_us
        )
        return budget.turn(used_us, is_taken=bool(taken))

    async def _take(self, *arguments: str | int) -> Any:
        try:
            return await self._line.ask("EVALSHA", _DIGEST, 1, *arguments)
        except StoreUnavailable as error:
            if error.is_away:
                raise
            # A restart or a failover forgets scripts; this makes it known again.
            return await self._line.ask("EVAL", TAKE_TURN, 1, *arguments)

    async def close(self) -> None:
        """Let go of the connection."""
        await self._line.close()


# How the server knows the script: not for secrecy.
_DIGEST: Final = sha1(TAKE_TURN.encode(), usedforsecurity=False).hexdigest()
