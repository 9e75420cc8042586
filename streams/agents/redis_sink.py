"""Member updates to Redis: views that the API reads, and results of commands."""

from collections.abc import Iterator

from loyalty.budgets import GRANTED
from schemas.command_results import answer_of, code_given
from schemas.feed import encode_news
from schemas.topics import COMMANDS
from schemas.update_reader import Update, UpdateReader, is_erasure, is_forgetting
from schemas.updates import Change
from stores.identities_contract import Identities
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

    def __init__(
        self, views: MemberViews, identities: Identities, reader: UpdateReader
    ) -> None:
        """Say where views go, and where the contacts are of who is forgotten."""
        self._views = views
        self._identities = identities
        self._reader = reader

    async def write(self, batches: list[RecordBatch]) -> None:
        """
        Write the views of all members in some batches, and what commands came to.

        Raises: StoreUnavailable when the same call should be tried again.
        """
        latest: dict[str, Update] = {}
        changes: dict[str, list[Change]] = {}
        results: list[ResultWrite] = []
        codes: list[CodeWrite] = []
        for batch in batches:
            for record in batch.records:
                update = read_own(self._reader.read, record.value)
                if update is None:
                    continue
                latest[update.member_id] = update
                changes.setdefault(update.member_id, []).extend(update.changes)
                # Most are of orders, which answer nobody.
                if any(map(_may_answer, update.changes)):
                    results.extend(_results(update))
                    codes.extend(_codes(update))
                    if any(map(is_forgetting, update.changes)):
                        # Whoever asked may be gone, and those who were merged are
                        # told by the engine: here all of them come by.
                        await self._identities.forget(update.member_id, update.version)
        await self._views.put(
            [_view(update, changes[member_id]) for member_id, update in latest.items()],
            results,
            codes,
        )
        observe_latency("redis", latest.values(), batches)


def _view(update: Update, changes: list[Change]) -> ViewWrite:
    """
    View and state of a member, and what is told; of one who is forgotten a version.

    `changes` are those of all updates that are written at once.
    """
    if is_erasure(update.changes[-1]):
        return ViewWrite(update.member_id, update.version, ERASED, news=GONE)
    news = encode_news(update.view, changes)
    return ViewWrite(update.member_id, update.version, update.view, update.state, news)


def _may_answer(change: Change) -> bool:
    return change.result is not None or change.topic == COMMANDS.name


def _results(update: Update) -> Iterator[ResultWrite]:
    """Answers to commands among an update's changes."""
    for change in update.changes:
        answer = answer_of(update.member_id, change)
        if answer is not None:
            yield ResultWrite(*answer)


def _codes(update: Update) -> Iterator[CodeWrite]:
    """Codes of pools that a member was given by an update."""
    for change in update.changes:
        if change.event_kind == GRANTED and not change.refusal:
            given = code_given(change.result)
            if given is not None:
                yield CodeWrite(*given, update.member_id)
