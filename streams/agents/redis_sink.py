"""Member updates to Redis: views that the API reads, and results of commands."""

import json
from collections.abc import Iterator

from loyalty.budgets import GRANTED
from schemas.command_results import answer_of, code_given
from schemas.feed import encode_news
from schemas.framing import Record
from schemas.updates import UpdateCodec
from stores.member_feed_contract import GONE
from stores.member_views_contract import (
    ERASED,
    CodeWrite,
    MemberViews,
    ResultWrite,
    ViewWrite,
)
from streams.batches import RecordBatch
from streams.latencies import observe_latency
from streams.own_records import read_own


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
        changes: dict[str, list[Record]] = {}
        results: list[ResultWrite] = []
        codes: list[CodeWrite] = []
        for batch in batches:
            for record in batch.records:
                update = read_own(self._codec.decode_record, record.value)
                if update is None:
                    continue
                latest[update["member_id"]] = update
                changes.setdefault(update["member_id"], []).extend(update["changes"])
                results.extend(_results(update))
                codes.extend(_codes(update))
        await self._views.put(
            [_view(update, changes[member_id]) for member_id, update in latest.items()],
            results,
            codes,
        )
        observe_latency("redis", latest.values(), batches)


def _view(update: Record, changes: list[Record]) -> ViewWrite:
    """
    View and state of a member, and what is told; of one who is forgotten a version.

    `changes` are those of all updates that are written at once.
    """
    member_id, last = update["member_id"], update["changes"][-1]
    is_gone = (
        last["event_kind"] == "member.erase"
        and not last["refusal"]
        and not json.loads(last["result"])["kept"]
    )
    if is_gone:
        return ViewWrite(member_id, update["version"], ERASED, news=GONE)
    view = update["view"]
    return ViewWrite(
        member_id,
        update["version"],
        view,
        update["state"],
        encode_news(view, changes),
    )


def _results(update: Record) -> Iterator[ResultWrite]:
    """Answers to commands among an update's changes."""
    for change in update["changes"]:
        answer = answer_of(update["member_id"], change)
        if answer is not None:
            yield ResultWrite(*answer)


def _codes(update: Record) -> Iterator[CodeWrite]:
    """Codes of pools that a member was given by an update."""
    for change in update["changes"]:
        if change["event_kind"] == GRANTED and not change["refusal"]:
            given = code_given(change["result"])
            if given is not None:
                yield CodeWrite(*given, update["member_id"])
