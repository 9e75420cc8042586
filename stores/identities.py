"""Redis: a key a digest of a contact, a hash of them a member, a key a live code."""

from collections.abc import Awaitable, Mapping
from typing import Any, Final, cast

import redis.asyncio as redis
from redis.commands.core import AsyncScript

from stores.identities_contract import KINDS, TRIAL_SECONDS, LiveCode
from stores.redis_pool import redis_answers, redis_pool

# Each script is one step for everybody: two members who claim a contact at once
# are judged one after the other. Arguments are the prefix of contacts, the
# member, and then kinds and digests by turns.
CLAIM: Final = """
for place = 4, #ARGV, 2 do
  local holder = redis.call('GET', ARGV[1] .. ARGV[place + 1])
  if holder and holder ~= ARGV[2] then
    return ARGV[place]
  end
end
for place = 4, #ARGV, 2 do
  redis.call('SET', ARGV[1] .. ARGV[place + 1], ARGV[2], 'NX', 'EX', ARGV[3])
end
return ''
"""
# A kind with an empty digest is one that the member no longer has. Beside each
# kind is the version of its last change, which a repeat of an older one is below.
SETTLE: Final = """
local gone = 0
for place = 4, #ARGV, 2 do
  local kind, digest = ARGV[place], ARGV[place + 1]
  local changed = redis.call('HGET', KEYS[1], kind .. '@')
  if not changed or tonumber(changed) < tonumber(ARGV[3]) then
    redis.call('HSET', KEYS[1], kind .. '@', ARGV[3])
    local old = redis.call('HGET', KEYS[1], kind)
    if old then
      gone = gone + 1
      if redis.call('GET', ARGV[1] .. old) == ARGV[2] then
        redis.call('DEL', ARGV[1] .. old)
      end
      redis.call('HDEL', KEYS[1], kind)
    end
    local holder = redis.call('GET', ARGV[1] .. digest)
    if digest ~= '' and (not holder or holder == ARGV[2]) then
      redis.call('SET', ARGV[1] .. digest, ARGV[2])
      redis.call('HSET', KEYS[1], kind, digest)
    end
  end
end
return gone
"""
LET_GO: Final = """
for place = 3, #ARGV, 2 do
  local key = ARGV[1] .. ARGV[place + 1]
  local settled = redis.call('HGET', KEYS[1], ARGV[place]) == ARGV[place + 1]
  if not settled and redis.call('GET', key) == ARGV[2] then
    redis.call('DEL', key)
  end
end
return 1
"""


class RedisIdentities:
    """Digests in Redis or Valkey; the scripts need one server, as all else here."""

    def __init__(self, url: str, app_id: str) -> None:
        """Connect when first used."""
        self._prefix = f"{app_id}:contact:"
        self._member_prefix = f"{app_id}:contacts:"
        self._code_prefix = f"{app_id}:code:"
        self._use_prefix = f"{app_id}:code-use:"
        self._redis = redis.Redis.from_pool(redis_pool(url))
        self._claim = self._redis.register_script(CLAIM)
        self._settle = self._redis.register_script(SETTLE)
        self._let_go = self._redis.register_script(LET_GO)

    async def find(self, digest: str) -> str | None:
        """Member of a contact, None if it is nobody's; one round trip."""
        return _text(await _done(self._redis.get(self._prefix + digest)))

    async def claim(self, member_id: str, contacts: Mapping[str, str]) -> str | None:
        """Keep contacts for a member for a time; return what is in the way."""
        kind = await self._run(self._claim, member_id, contacts, before=[TRIAL_SECONDS])
        return _text(kind) or None

    async def settle(
        self, member_id: str, contacts: Mapping[str, str], version: int
    ) -> None:
        """Let contacts be a member's for good, in place of its others of the kind."""
        await self._run(self._settle, member_id, contacts, before=[version])

    async def let_go(self, member_id: str, contacts: Mapping[str, str]) -> None:
        """Give up contacts that were claimed and not settled."""
        await self._run(self._let_go, member_id, contacts)

    async def forget(self, member_id: str, version: int) -> int:
        """Erase all contacts of a member, as of a version; return how many."""
        none = dict.fromkeys(KINDS, "")
        return int(await self._run(self._settle, member_id, none, before=[version]))

    async def kinds(self, member_id: str) -> frozenset[str]:
        """Which kinds of contact a member has settled."""
        found = await _done(self._redis.hkeys(self._member_prefix + member_id))
        return frozenset(kind.decode() for kind in found) & frozenset(KINDS)

    async def show_code(self, digits: str, code: LiveCode, seconds: int) -> bool:
        """Let digits lead to a member for a time; False if they are another's now."""
        text = f"{code.window}:{code.member_id}"
        name = self._code_prefix + digits
        known = await _done(self._redis.set(name, text, nx=True, ex=seconds, get=True))
        return _text(known) in (None, text)

    async def find_code(self, digits: str) -> LiveCode | None:
        """What digits lead to now; one round trip."""
        text = _text(await _done(self._redis.get(self._code_prefix + digits)))
        if text is None:
            return None
        window, _, member_id = text.partition(":")
        return LiveCode(member_id, int(window))

    async def use_code(self, mark: str, till: str, seconds: int) -> bool:
        """Bind a code to the first till's check that uses it; False for another's."""
        name = self._use_prefix + mark
        known = await _done(self._redis.set(name, till, nx=True, ex=seconds, get=True))
        return _text(known) in (None, till)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._redis.aclose()

    async def _run(
        self,
        script: AsyncScript,
        member_id: str,
        contacts: Mapping[str, str],
        *,
        before: list[int] | None = None,
    ) -> Any:
        arguments: list[Any] = [self._prefix, member_id, *(before or ())]
        for kind, digest in contacts.items():
            arguments += [kind, digest]
        return await _done(script([self._member_prefix + member_id], arguments))


async def _done(call: Any) -> Any:
    """What a call answers, or StoreUnavailable."""
    with redis_answers():
        return await cast("Awaitable[Any]", call)


def _text(value: Any) -> str | None:
    return value.decode() if isinstance(value, bytes) else None
