"""Reports of the worker's processes in Redis or Valkey: one hash for all of them."""

from typing import Any, Final, cast

import msgspec
import redis.asyncio as redis

from stores.redis_pool import redis_answers, redis_pool
from stores.worker_reports_contract import (
    KEPT_SECONDS,
    REPORTERS_MAX,
    WorkerReport,
    in_order,
)

# KEYS: reports by name, names by time.
# ARGV: name, report, its time, seconds kept, most processes.
_TELL: Final = """
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[3] - 1000 * ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -ARGV[5] - 1)
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
if redis.call('HLEN', KEYS[1]) > redis.call('ZCARD', KEYS[2]) then
  for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
    if not redis.call('ZSCORE', KEYS[2], name) then
      redis.call('HDEL', KEYS[1], name)
    end
  end
end
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[4])
"""
_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(WorkerReport)


class RedisWorkerReports:
    """Latest report of each process; what was not renewed for an hour is gone."""

    def __init__(self, url: str, app_id: str) -> None:
        """Connect when first used."""
        self._keys = [f"{app_id}:workers", f"{app_id}:workers:at"]
        self._redis = redis.Redis.from_pool(redis_pool(url))
        self._tell = self._redis.register_script(_TELL)

    async def tell(self, report: WorkerReport) -> None:
        """Put a report in the place of the process's last one."""
        document = _ENCODER.encode(report)
        at, limits = report.reported_at, (KEPT_SECONDS, REPORTERS_MAX)
        with redis_answers():
            await self._tell(keys=self._keys, args=(report.name, document, at, *limits))

    async def reports(self, now: int) -> list[WorkerReport]:
        """Reports of the last KEPT_SECONDS, by role and worker."""
        with redis_answers():
            found = await cast("Any", self._redis.hvals(self._keys[0]))
        read = (_read(document) for document in found)
        return in_order((one for one in read if one is not None), now)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._redis.aclose()


def _read(document: bytes) -> WorkerReport | None:
    """A report; None for one that another version of ours has written otherwise."""
    try:
        return _DECODER.decode(document)
    except msgspec.MsgspecError:
        return None
