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

# Messages in one call: nobody else is served while a script runs.
STEPS_MAX: Final = 100
# Longer than any attempt that may be under way.
GONE_SECONDS: Final = 120
# ARGV: prefix, and steps as MessagePack, each a list of texts: member, id, document,
# time, most, seconds kept.
PUT: Final = """
local count = 0
for _, step in ipairs(cmsgpack.unpack(ARGV[2])) do
  local member, id = step[1], step[2]
  local messages = ARGV[1] .. 'm:' .. member
  if redis.call('EXISTS', ARGV[1] .. 'gone:' .. member) == 0
      and redis.call('HSETNX', messages, 'm:' .. id, step[3]) == 1 then
    local order = ARGV[1] .. 'order:' .. member
    local version = redis.call('HINCRBY', messages, 'version', 1)
    redis.call('HSET', messages, 'v:' .. id, version)
    redis.call('ZADD', order, step[4], id)
    for _, old in ipairs(redis.call('ZRANGE', order, 0, -tonumber(step[5]) - 1)) do
      redis.call('HDEL', messages, 'm:' .. old, 'read:' .. old, 'dismissed:' .. old,
        'v:' .. old)
      redis.call('ZREM', order, old)
    end
    redis.call('PUBLISH', ARGV[1] .. 'bell:' .. member, version)
    redis.call('EXPIRE', messages, step[6])
    redis.call('EXPIRE', order, step[6])
    count = count + 1
  end
end
return count
"""
# KEYS: messages, channel of the bell. ARGV: id, mark, time.
MARK: Final = """
local document = redis.call('HGET', KEYS[1], 'm:' .. ARGV[1])
if not document then
  return {}
end
local is_new = redis.call('HSETNX', KEYS[1], ARGV[2] .. ':' .. ARGV[1], ARGV[3])
if is_new == 1 then
  local version = redis.call('HINCRBY', KEYS[1], 'version', 1)
  redis.call('HSET', KEYS[1], 'v:' .. ARGV[1], version)
  redis.call('PUBLISH', KEYS[2], version)
end
local marks = redis.call('HMGET', KEYS[1], 'read:' .. ARGV[1], 'dismissed:' .. ARGV[1],
  'v:' .. ARGV[1])
return {document, marks[1] or '0', marks[2] or '0', marks[3] or '0', is_new}
"""
_ENCODER: Final = msgspec.json.Encoder()
_STEPS: Final = msgspec.msgpack.Encoder()
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
        for start in range(0, len(writes), STEPS_MAX):
            steps = _STEPS.encode(
                [
                    (
                        member_id,
                        message.message_id,
                        # Redis reads no bytes in MessagePack, only texts.
                        _ENCODER.encode(message).decode(),
                        str(message.created_at),
                        str(INBOX_MAX),
                        str(INBOX_KEPT_SECONDS),
                    )
                    for member_id, message in writes[start : start + STEPS_MAX]
                ]
            )
            with redis_answers():
                count += int(await self._put(args=[self._prefix, steps]))
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
                version=fields.get("v:" + name[2:], b"0"),
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
            messages, _, _, bell = self._keys(member_id)
            answer = await self._mark([messages, bell], [message_id, mark, at])
        if not answer:
            return None
        document, read_at, dismissed_at, version, is_new = answer
        message = _message(document, read_at, dismissed_at, version=version)
        return Marked(message, bool(is_new))

    async def forget(self, member_id: str) -> None:
        """Erase an inbox; what is on its way to it now is not kept."""
        messages, order, gone, bell = self._keys(member_id)
        with redis_answers():
            async with self._redis.pipeline() as pipe:
                pipe.set(gone, 1, ex=GONE_SECONDS)
                pipe.delete(messages, order)
                pipe.publish(bell, 0)
                await pipe.execute()

    async def close(self) -> None:
        """Let go of all connections."""
        await self._redis.aclose()

    def _keys(self, member_id: str) -> list[str]:
        parts = ("m", "order", "gone", "bell")
        return [f"{self._prefix}{part}:{member_id}" for part in parts]


class RedisInboxBell:
    """Hears of inboxes by one connection; a ring to nobody costs the store little."""

    def __init__(self, url: str, app_id: str) -> None:
        """Connect when first used."""
        self._prefix = f"{app_id}:inbox:bell:"
        self._redis: Any = redis.Redis.from_pool(redis_pool(url))
        self._heard: Any = self._redis.pubsub(ignore_subscribe_messages=True)

    async def watch(self, member_id: str) -> None:
        """Hear of a member from now on."""
        with redis_answers():
            await self._heard.subscribe(self._prefix + member_id)

    async def leave(self, member_id: str) -> None:
        """Hear of a member no more."""
        with redis_answers():
            await self._heard.unsubscribe(self._prefix + member_id)

    async def next(self, wait_seconds: float) -> str | None:
        """Member whose inbox has changed; None when there is none in time."""
        with redis_answers():
            message = await self._heard.get_message(timeout=wait_seconds)
        if message is None:
            return None
        channel: bytes = message["channel"]
        return channel.decode().removeprefix(self._prefix)

    async def close(self) -> None:
        """Let go of the connection."""
        await self._heard.aclose()
        await self._redis.aclose()


def _message(
    document: bytes, read_at: bytes, dismissed_at: bytes, *, version: bytes
) -> InboxMessage:
    return _DECODER.decode(document)._replace(
        read_at=int(read_at), dismissed_at=int(dismissed_at), version=int(version)
    )
