"""Inboxes in Redis or Valkey: a hash a member, and the order beside it."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import redis.asyncio as redis

from stores.inbox_contract import (
    INBOX_KEPT_SECONDS,
    INBOX_MAX,
    InboxMessage,
    InboxPage,
    InboxWrite,
    Marked,
    newest_first,
)
from stores.redis_pool import redis_answers, redis_pool

PIPELINE_MAX: Final = 500
# Longer than any attempt that may be under way.
GONE_SECONDS: Final = 120
# KEYS: messages, order, mark of one who is forgotten.
# ARGV: id, document, time, most, seconds kept.
PUT: Final = """
if redis.call('EXISTS', KEYS[3]) == 1 then
  return 0
end
if redis.call('HSETNX', KEYS[1], 'm:' .. ARGV[1], ARGV[2]) == 0 then
  return 0
end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, -tonumber(ARGV[4]) - 1)) do
  redis.call('HDEL', KEYS[1], 'm:' .. id, 'read:' .. id, 'dismissed:' .. id)
  redis.call('ZREM', KEYS[2], id)
end
redis.call('HINCRBY', KEYS[1], 'version', 1)
redis.call('EXPIRE', KEYS[1], ARGV[5])
redis.call('EXPIRE', KEYS[2], ARGV[5])
return 1
"""
# KEYS: messages. ARGV: id, mark, time.
MARK: Final = """
local document = redis.call('HGET', KEYS[1], 'm:' .. ARGV[1])
if not document then
  return {}
end
local is_new = redis.call('HSETNX', KEYS[1], ARGV[2] .. ':' .. ARGV[1], ARGV[3])
if is_new == 1 then
  redis.call('HINCRBY', KEYS[1], 'version', 1)
end
local marks = redis.call('HMGET', KEYS[1], 'read:' .. ARGV[1], 'dismissed:' .. ARGV[1])
return {document, marks[1] or '0', marks[2] or '0', is_new}
"""
_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(InboxMessage)


class RedisInbox:
    """Inboxes in Redis or Valkey."""

    def __init__(self, url: str, app_id: str) -> None:
        """Connect when first used."""
        self._prefix = f"{app_id}:inbox:"
        self._redis: Any = redis.Redis.from_pool(redis_pool(url))
        self._put = self._redis.register_script(PUT)
        self._mark = self._redis.register_script(MARK)

    async def put(self, writes: Sequence[InboxWrite]) -> int:
        """Keep messages that are not there yet; return how many were not."""
        count = 0
        for start in range(0, len(writes), PIPELINE_MAX):
            with redis_answers():
                async with self._redis.pipeline(transaction=False) as pipe:
                    for member_id, message in writes[start : start + PIPELINE_MAX]:
                        arguments: list[Any] = [
                            message.message_id,
                            _ENCODER.encode(message),
                            message.created_at,
                            INBOX_MAX,
                            INBOX_KEPT_SECONDS,
                        ]
                        await self._put(self._keys(member_id), arguments, client=pipe)
                    count += sum(await pipe.execute())
        return count

    async def get(self, member_id: str) -> InboxPage:
        """All messages of a member; one round trip."""
        with redis_answers():
            found = await self._redis.hgetall(self._keys(member_id)[0])
        fields = {name.decode(): value for name, value in found.items()}
        messages = [
            _message(
                value,
                fields.get("read:" + name[2:], b"0"),
                fields.get("dismissed:" + name[2:], b"0"),
            )
            for name, value in fields.items()
            if name.startswith("m:")
        ]
        return InboxPage(newest_first(messages), int(fields.get("version", 0)))

    async def mark(
        self, member_id: str, message_id: str, mark: str, *, at: int
    ) -> Marked | None:
        """Say that a message was read or dismissed; the first time stays."""
        with redis_answers():
            answer = await self._mark(
                [self._keys(member_id)[0]], [message_id, mark, at]
            )
        if not answer:
            return None
        document, read_at, dismissed_at, is_new = answer
        return Marked(_message(document, read_at, dismissed_at), bool(is_new))

    async def forget(self, member_id: str) -> None:
        """Erase an inbox; what is on its way to it now is not kept."""
        messages, order, gone = self._keys(member_id)
        with redis_answers():
            async with self._redis.pipeline() as pipe:
                pipe.set(gone, 1, ex=GONE_SECONDS)
                pipe.delete(messages, order)
                await pipe.execute()

    async def close(self) -> None:
        """Let go of all connections."""
        await self._redis.aclose()

    def _keys(self, member_id: str) -> list[str]:
        return [f"{self._prefix}{part}:{member_id}" for part in ("m", "order", "gone")]


def _message(document: bytes, read_at: bytes, dismissed_at: bytes) -> InboxMessage:
    return _DECODER.decode(document)._replace(
        read_at=int(read_at), dismissed_at=int(dismissed_at)
    )
