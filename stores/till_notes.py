"""What tills did, by transaction: so that a repeat is known, and can be undone."""

import time
from typing import Any, Final, NamedTuple, Protocol

import msgspec
import redis.asyncio as redis

from stores.redis_pool import redis_answers, redis_pool
from stores.unavailable import StoreUnavailable

# A guest comes back with the receipt; a till that was offline for a week, too.
TILL_TTL_SECONDS: Final = 30 * 86_400


class TillNote(NamedTuple):
    """
    A transaction that was taken in.

    `likeness` is a hash of all that was asked for; `accepted_at` (ms) is the time
    that it keeps, however often it is sent. `reference` is the engine's own id of
    what it did: a command or an order, of which `check` is the till's.
    """

    likeness: str
    accepted_at: int
    member_id: str
    type: str
    reference: str
    store_id: str = ""
    currency: str = ""
    check: str = ""


class KnownTransaction(NamedTuple):
    """A note, the answer if it is definite, and what undid it (empty if nothing)."""

    note: TillNote
    answer: bytes = b""
    reversed_by: str = ""


class CheckPlace(NamedTuple):
    """Which transaction a check belongs to, and how often it was undone before."""

    holder: str
    round: int


class TillNotes(Protocol):
    """Notes by transaction; a call that cannot be done now raises StoreUnavailable."""

    async def take(self, transaction: str, note: TillNote) -> KnownTransaction | None:
        """Note a transaction unless it is noted; return what was there."""

    async def find(self, transaction: str) -> KnownTransaction | None:
        """What is known of a transaction; one round trip."""

    async def answer(self, transaction: str, document: bytes) -> None:
        """Keep what was answered, if it is noted; the first answer stays."""

    async def mark_reversed(self, transaction: str, by: str) -> str:
        """Say what undoes a transaction; return who said so first."""

    async def take_check(self, check: str, transaction: str) -> CheckPlace:
        """Let a check be a transaction's, unless it is another's; return whose."""

    async def free_check(self, check: str, transaction: str) -> None:
        """Let a check be anybody's again, once for each who had it."""

    async def close(self) -> None:
        """Let go of all connections."""


TAKE_CHECK: Final = """
local holder = redis.call('HGET', KEYS[1], 'holder')
if not holder or holder == '' then
  holder = ARGV[1]
  redis.call('HSET', KEYS[1], 'holder', holder)
  redis.call('EXPIRE', KEYS[1], ARGV[2])
end
return {holder, tonumber(redis.call('HGET', KEYS[1], 'round') or 0)}
"""
FREE_CHECK: Final = """
if redis.call('HGET', KEYS[1], 'holder') == ARGV[1] then
  redis.call('HSET', KEYS[1], 'holder', '')
  redis.call('HINCRBY', KEYS[1], 'round', 1)
end
return 1
"""
# What is not noted is not kept: it would have no end.
ANSWER: Final = """
if redis.call('HEXISTS', KEYS[1], 'note') == 1 then
  redis.call('HSETNX', KEYS[1], 'answer', ARGV[1])
end
return 1
"""


class RedisTillNotes:
    """Notes in Redis or Valkey, a hash a transaction and one a check, for a time."""

    def __init__(
        self, url: str, app_id: str, *, ttl_seconds: int = TILL_TTL_SECONDS
    ) -> None:
        """Connect when first used."""
        self._prefix = f"{app_id}:till:"
        self._check_prefix = f"{app_id}:till-check:"
        self._ttl_seconds = ttl_seconds
        self._redis = redis.Redis.from_pool(redis_pool(url))
        self._take_check = self._redis.register_script(TAKE_CHECK)
        self._answer = self._redis.register_script(ANSWER)
        self._free_check = self._redis.register_script(FREE_CHECK)

    async def take(self, transaction: str, note: TillNote) -> KnownTransaction | None:
        """Note a transaction unless it is noted; return what was there."""
        name = self._prefix + transaction
        with redis_answers():
            async with self._redis.pipeline(transaction=True) as pipeline:
                pipeline.hsetnx(name, "note", _ENCODER.encode(note))
                pipeline.expire(name, self._ttl_seconds, nx=True)
                pipeline.hgetall(name)
                is_new, _, fields = await pipeline.execute()
        return None if is_new else _known(fields)

    async def find(self, transaction: str) -> KnownTransaction | None:
        """What is known of a transaction; one round trip."""
        name = self._prefix + transaction
        return _known(await self._done(self._redis.hgetall(name)))

    async def answer(self, transaction: str, document: bytes) -> None:
        """Keep what was answered, if it is noted; the first answer stays."""
        await self._done(self._answer([self._prefix + transaction], [document]))

    async def mark_reversed(self, transaction: str, by: str) -> str:
        """Say what undoes a transaction; return who said so first."""
        name = self._prefix + transaction
        await self._done(self._redis.hsetnx(name, "reversed_by", by))
        said = await self._done(self._redis.hget(name, "reversed_by"))
        return str(said.decode())

    async def take_check(self, check: str, transaction: str) -> CheckPlace:
        """Let a check be a transaction's, unless it is another's; return whose."""
        name = self._check_prefix + check
        arguments: list[Any] = [transaction, self._ttl_seconds]
        holder, turn = await self._done(self._take_check([name], arguments))
        return CheckPlace(holder.decode(), turn)

    async def free_check(self, check: str, transaction: str) -> None:
        """Let a check be anybody's again, once for each who had it."""
        name = self._check_prefix + check
        await self._done(self._free_check([name], [transaction]))

    async def close(self) -> None:
        """Let go of all connections."""
        await self._redis.aclose()

    async def _done(self, call: Any) -> Any:
        with redis_answers():
            return await call


class MemoryTillNotes:
    """The twin in memory: same contract, for tests and for trying out."""

    def __init__(self, *, ttl_seconds: int = TILL_TTL_SECONDS) -> None:
        """Hold nothing."""
        self._ttl_seconds = ttl_seconds
        self._known: dict[str, tuple[float, KnownTransaction]] = {}
        self._checks: dict[str, CheckPlace] = {}
        self.is_available = True

    async def take(self, transaction: str, note: TillNote) -> KnownTransaction | None:
        """Note a transaction unless it is noted; return what was there."""
        known = await self.find(transaction)
        if known is None:
            ends_at = time.monotonic() + self._ttl_seconds
            self._known[transaction] = ends_at, KnownTransaction(note)
        return known

    async def find(self, transaction: str) -> KnownTransaction | None:
        """What is known of a transaction."""
        if not self.is_available:
            raise StoreUnavailable("redis", "switched off by a test")
        ends_at, known = self._known.get(transaction, (0.0, None))
        return known if time.monotonic() < ends_at else None

    async def answer(self, transaction: str, document: bytes) -> None:
        """Keep what was answered, if it is noted; the first answer stays."""
        known = await self.find(transaction)
        if known is not None and not known.answer:
            self._put(transaction, known._replace(answer=document))

    async def mark_reversed(self, transaction: str, by: str) -> str:
        """Say what undoes a transaction; return who said so first."""
        known = await self.find(transaction)
        assert known is not None, "whoever undoes one has found it"
        if not known.reversed_by:
            self._put(transaction, known._replace(reversed_by=by))
        return known.reversed_by or by

    async def take_check(self, check: str, transaction: str) -> CheckPlace:
        """Let a check be a transaction's, unless it is another's; return whose."""
        await self.find(transaction)
        place = self._checks.get(check, CheckPlace("", 0))
        if not place.holder:
            place = place._replace(holder=transaction)
        self._checks[check] = place
        return place

    async def free_check(self, check: str, transaction: str) -> None:
        """Let a check be anybody's again, once for each who had it."""
        await self.find(transaction)
        place = self._checks.get(check, CheckPlace("", 0))
        if place.holder == transaction:
            self._checks[check] = CheckPlace("", place.round + 1)

    async def close(self) -> None:
        """Nothing to let go of."""

    def _put(self, transaction: str, known: KnownTransaction) -> None:
        ends_at, _ = self._known[transaction]
        self._known[transaction] = ends_at, known


def _known(fields: dict[bytes, bytes]) -> KnownTransaction | None:
    if b"note" not in fields:
        return None
    return KnownTransaction(
        _DECODER.decode(fields[b"note"]),
        fields.get(b"answer", b""),
        fields.get(b"reversed_by", b"").decode(),
    )


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(TillNote)
