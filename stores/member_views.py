"""Redis: a key a member, never overwritten by an older version; a key a result."""

import time
from collections.abc import Sequence
from typing import Final

import redis.asyncio as redis
from redis.exceptions import NoScriptError
from redis.typing import EncodableT

from stores.member_feed import feed_key
from stores.member_feed_contract import FEED_LENGTH_MAX, FEED_MS_MAX
from stores.member_views_contract import (
    ERASED,
    RESULT_TTL_SECONDS,
    CodeWrite,
    ResultWrite,
    StoredState,
    StoredView,
    ViewWrite,
)
from stores.redis_line import RedisLine
from stores.redis_pool import redis_answers, redis_pool
from stores.result_bell import bell_key, ring_of

PIPELINE_WRITES_MAX: Final = 500

# One call of the script takes so many: that is what makes one cheap, and while it runs
# nobody else is answered.
SCRIPT_WRITES_MAX: Final = 50

# What is told goes with what is written, or not at all. Versions are below 2^53,
# where Lua's numbers are exact.
WRITE_IF_NEWER: Final = """
local written = 0
for at = 2, #KEYS do
  local key, first = KEYS[at], 5 * at - 8
  local version, view, state, news, member = unpack(ARGV, first, first + 4)
  local known = redis.call('HGET', key, 'version')
  if not known or tonumber(known) < tonumber(version) then
    if state ~= '' then
      redis.call('HSET', key, 'version', version, 'view', view, 'state', state)
    else
      redis.call('HSET', key, 'version', version, 'view', view)
      if known then
        redis.call('HDEL', key, 'state')
      end
    end
    if news ~= '' then
      redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'member', member,
        'version', version, 'since', known or 0, 'news', news)
    end
    written = written + 1
  end
end
return written
"""

REPLACE: Final = """
if (redis.call('HGET', KEYS[1], 'version') or '') ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'view', ARGV[3])
if ARGV[4] ~= '' then
  redis.call('HSET', KEYS[1], 'state', ARGV[4])
end
return 1
"""


class RedisMemberViews:
    """Views in Redis or Valkey, a hash for each member; results beside them."""

    def __init__(
        self, url: str, app_id: str, *, result_ttl_seconds: int = RESULT_TTL_SECONDS
    ) -> None:
        """Connect when first used."""
        self._prefix = f"{app_id}:member:"
        self._result_prefix = f"{app_id}:result:"
        self._holder_prefix = f"{app_id}:code-holders:"
        self._feed_key = feed_key(app_id)
        self._result_ttl_seconds = result_ttl_seconds
        self._bell_key = bell_key(app_id)
        self._redis = redis.Redis.from_pool(redis_pool(url))
        # What requests wait for; the rest is by the hundred, or seldom.
        self._line = RedisLine(url)
        self._digest = ""
        self._replace = self._redis.register_script(REPLACE)

    async def put(
        self,
        writes: Sequence[ViewWrite],
        results: Sequence[ResultWrite] = (),
        codes: Sequence[CodeWrite] = (),
    ) -> int:
        """Write the views that are newer than what is there, then the results."""
        if codes:
            await self._put_codes(codes)
        written = 0
        for start in range(0, len(writes), PIPELINE_WRITES_MAX):
            some = writes[start : start + PIPELINE_WRITES_MAX]
            # The last views and the first results share a round trip.
            is_last = start + PIPELINE_WRITES_MAX >= len(writes)
            answers = results[:PIPELINE_WRITES_MAX] if is_last else ()
            results = results[len(answers) :]
            written += await self._put(some, answers)
        for start in range(0, len(results), PIPELINE_WRITES_MAX):
            await self._put((), results[start : start + PIPELINE_WRITES_MAX])
        return written

    async def holder_of(self, pool_id: str, number: int) -> str | None:
        """Member who was given a code, None while nobody was; one round trip."""
        found = await self._line.ask("HGET", self._holder_prefix + pool_id, number)
        return found.decode() if isinstance(found, bytes) else None

    async def _put_codes(self, codes: Sequence[CodeWrite]) -> None:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for pool_id, number, member_id in codes:
                pipeline.hset(self._holder_prefix + pool_id, str(number), member_id)
            with redis_answers():
                await pipeline.execute()

    async def replace(self, write: ViewWrite, *, found: int | None) -> bool:
        """Write over what is there, if its version is still the one found."""
        member_id, version, document, state, _ = write
        known = "" if found is None else str(found)
        with redis_answers():
            written = await self._replace(
                keys=[self._prefix + member_id], args=[known, version, document, state]
            )
        return bool(written)

    async def all_of(self, member_ids: Sequence[str]) -> list[ViewWrite | None]:
        """What is there of some members, erased ones with an empty document."""
        async with self._redis.pipeline(transaction=False) as pipeline:
            for member_id in member_ids:
                pipeline.hmget(self._prefix + member_id, ["version", "view", "state"])
            with redis_answers():
                rows = await pipeline.execute()
        return [
            ViewWrite(member_id, int(version), document or b"", state or b"")
            if version
            else None
            for member_id, (version, document, state) in zip(
                member_ids, rows, strict=True
            )
        ]

    async def put_results(self, results: Sequence[ResultWrite]) -> None:
        """Write results of commands that have none yet; they live for a time."""
        await self.put((), results)

    async def get_result(self, command_id: str) -> bytes | None:
        """Result of a command as JSON, None while there is none; one round trip."""
        document = await self._line.ask("GET", self._result_prefix + command_id)
        assert document is None or isinstance(document, bytes), "nothing is decoded"
        return document

    async def delete(self, member_id: str, version: int) -> bool:
        """Erase the view unless a newer one is there; no older write brings it back."""
        return await self.put([ViewWrite(member_id, version, ERASED)]) == 1

    async def get(self, member_id: str) -> StoredView | None:
        """View of a member, None if there is none or it was erased; one round trip."""
        version, document = await self._fields(member_id, "version", "view")
        return StoredView(int(version), document) if version and document else None

    async def get_state(self, member_id: str) -> StoredState | None:
        """State of a member, never older than the view; one round trip."""
        names = ("version", "view", "state")
        version, document, state = await self._fields(member_id, *names)
        return StoredState(int(version), state) if version and document else None

    async def ping(self) -> None:
        """Answer, or raise."""
        with redis_answers():
            await self._redis.ping()

    async def close(self) -> None:
        """Let go of all connections."""
        await self._line.close()
        await self._redis.aclose()

    async def _fields(self, member_id: str, *names: str) -> list[bytes]:
        """Fields of a member's hash, empty where there is none."""
        found = await self._line.ask("HMGET", self._prefix + member_id, *names)
        return [value if isinstance(value, bytes) else b"" for value in found]

    async def _put(
        self, writes: Sequence[ViewWrite], results: Sequence[ResultWrite]
    ) -> int:
        with redis_answers():
            if not self._digest:
                self._digest = await self._redis.script_load(WRITE_IF_NEWER)
            try:
                return await self._pipeline(writes, results)
            except NoScriptError:
                # A restart or a failover forgets scripts; versions make it harmless
                # that a part of the pipeline may have been done.
                self._digest = await self._redis.script_load(WRITE_IF_NEWER)
                return await self._pipeline(writes, results)

    async def _pipeline(
        self, writes: Sequence[ViewWrite], results: Sequence[ResultWrite]
    ) -> int:
        scripts = 0
        async with self._redis.pipeline(transaction=False) as pipeline:
            for start in range(0, len(writes), SCRIPT_WRITES_MAX):
                some = writes[start : start + SCRIPT_WRITES_MAX]
                keys = [self._prefix + write.member_id for write in some]
                values: list[EncodableT] = [FEED_LENGTH_MAX]
                for member_id, version, document, state, news in some:
                    values += (version, document, state, news, member_id)
                scripts += 1
                pipeline.evalsha(
                    self._digest, 1 + len(keys), self._feed_key, *keys, *values
                )
            for command_id, document in results:
                name, ttl = self._result_prefix + command_id, self._result_ttl_seconds
                pipeline.set(name, document, nx=True, ex=ttl)
            if results:
                pipeline.publish(self._bell_key, ring_of(results))
            if any(write.news for write in writes):
                # Short in time too, and gone by itself when nothing comes any more: it
                # holds what may have to be erased.
                oldest = int(time.time() * 1000) - FEED_MS_MAX
                pipeline.xtrim(self._feed_key, minid=oldest, approximate=True)
                pipeline.pexpire(self._feed_key, FEED_MS_MAX)
            return sum((await pipeline.execute())[:scripts])
