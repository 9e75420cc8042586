"""Member updates to Redis: views that the API reads, and results of commands."""

import json
from collections.abc import Iterator

from schemas.command_results import answer_of
from schemas.framing import MalformedRecord, Record
from schemas.updates import UpdateCodec
from stores.member_views_contract import (
    ERASED,
    MemberViews,
    ResultWrite,
    ViewWrite,
)
from streams.batches import RecordBatch
from streams.latencies import observe_latency


class RedisWriter:
    """Writes the latest view of each member in some batches, and every result."""

    def __init__(self, views: MemberViews, codec: UpdateCodec) -> None:
        """Say where views go."""
        self._views = views
        self._codec = codec

    async def write(self, batches: list[RecordBatch]) -> None:
        """
        Write the views of all members in some batches, and what commands came to.

        Raises: StoreUnavailable when the same call should be tried again.
        """
        latest: dict[str, Record] = {}
        results: list[ResultWrite] = []
        for batch in batches:
            for record in batch.records:
                try:
                    update = self._codec.decode_record(record.value)
                except MalformedRecord:
                    # Only the engine writes here; a foreign record has no view.
                    continue
                latest[update["member_id"]] = update
                results.extend(_results(update))
        await self._views.put(
            [_view(member_id, update) for member_id, update in latest.items()],
            results,
        )
        observe_latency("redis", latest.values())


def _view(member_id: str, update: Record) -> ViewWrite:
    """View and state of a member; of one who is forgotten only the version."""
    last = update["changes"][-1]
    is_gone = (
        last["event_kind"] == "member.erase"
        and not last["refusal"]
        and not json.loads(last["result"])["kept"]
    )
    if is_gone:
        return ViewWrite(member_id, update["version"], ERASED)
    return ViewWrite(member_id, update["version"], update["view"], update["state"])


def _results(update: Record) -> Iterator[ResultWrite]:
    """Answers to commands among an update's changes."""
    for change in update["changes"]:
        answer = answer_of(update["member_id"], change)
        if answer is not None:
            yield ResultWrite(*answer)
