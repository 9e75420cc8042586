"""Member updates to Redis: the view that the API reads, never an older one."""

import time

from runtime.metrics import SINK_LATENCY_SECONDS
from schemas.framing import MalformedRecord, Record
from schemas.updates import UpdateCodec
from stores.member_views import MemberViews, ViewWrite
from streams.batches import RecordBatch


class RedisWriter:
    """Writes the latest view of each member in some batches."""

    def __init__(self, views: MemberViews, codec: UpdateCodec) -> None:
        """Say where views go."""
        self._views = views
        self._codec = codec

    async def write(self, batches: list[RecordBatch]) -> None:
        """
        Write the views of all members in some batches.

        Raises: StoreUnavailable when the same call should be tried again.
        """
        latest: dict[str, Record] = {}
        for batch in batches:
            for record in batch.records:
                try:
                    update = self._codec.decode_record(record.value)
                except MalformedRecord:
                    # Only the engine writes here; a foreign record has no view.
                    continue
                latest[update["member_id"]] = update
        await self._views.put(
            [
                ViewWrite(member_id, update["version"], update["view"])
                for member_id, update in latest.items()
            ]
        )
        now_ms = time.time() * 1000
        observe = SINK_LATENCY_SECONDS.labels("redis").observe
        for update in latest.values():
            recorded_at = update["changes"][-1]["recorded_at"]
            observe(max(now_ms - recorded_at, 0) / 1000)
