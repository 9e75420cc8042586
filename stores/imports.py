"""Notes of bulk imports in Redis or Valkey: a document each, and a list of faults."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import redis.asyncio as redis

from stores.imports_contract import (
    FAULTS_KEPT_MAX,
    KEPT_SECONDS,
    ImportJob,
    RowFault,
)
from stores.redis_pool import redis_answers, redis_pool


class RedisImports:
    """Imports in Redis; forgotten after KEPT_SECONDS without a change."""

    def __init__(self, url: str, app_id: str) -> None:
        """Connect when first used."""
        self._prefix = f"{app_id}:import:"
        # Its types do not say what a transaction answers.
        self._redis: Any = redis.Redis.from_pool(redis_pool(url))

    async def claim(self, job: ImportJob) -> ImportJob:
        """Note an import unless its id is known; return what is noted."""
        with redis_answers():
            known = await self._redis.set(
                self._name(job.import_id),
                _ENCODER.encode(job),
                nx=True,
                get=True,
                ex=KEPT_SECONDS,
            )
        return job if known is None else _JOB.decode(known)

    async def keep(self, job: ImportJob, faults: Sequence[RowFault] = ()) -> None:
        """Note how far it is, and faults of more rows; FAULTS_KEPT_MAX are kept."""
        name = self._name(job.import_id)
        with redis_answers():
            async with self._redis.pipeline() as pipe:
                pipe.set(name, _ENCODER.encode(job), ex=KEPT_SECONDS)
                if faults:
                    pipe.rpush(f"{name}:faults", *map(_ENCODER.encode, faults))
                    pipe.ltrim(f"{name}:faults", 0, FAULTS_KEPT_MAX - 1)
                pipe.expire(f"{name}:faults", KEPT_SECONDS)
                await pipe.execute()

    async def begin(self, job: ImportJob) -> None:
        """Note an import that begins anew: its faults so far are forgotten."""
        name = self._name(job.import_id)
        with redis_answers():
            async with self._redis.pipeline() as pipe:
                pipe.set(name, _ENCODER.encode(job), ex=KEPT_SECONDS)
                pipe.delete(f"{name}:faults")
                await pipe.execute()

    async def find(self, import_id: str) -> ImportJob | None:
        """An import, None if there is none or it is too long ago."""
        with redis_answers():
            document = await self._redis.get(self._name(import_id))
        return None if document is None else _JOB.decode(document)

    async def faults(self, import_id: str) -> Sequence[RowFault]:
        """The first FAULTS_KEPT_MAX rows that were not taken, in their order."""
        with redis_answers():
            found = await self._redis.lrange(f"{self._name(import_id)}:faults", 0, -1)
        return [_FAULT.decode(one) for one in found]

    async def close(self) -> None:
        """Let go of all connections."""
        await self._redis.aclose()

    def _name(self, import_id: str) -> str:
        return self._prefix + import_id


_ENCODER: Final = msgspec.json.Encoder()
_JOB: Final = msgspec.json.Decoder(ImportJob)
_FAULT: Final = msgspec.json.Decoder(RowFault)
