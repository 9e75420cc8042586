"""Member updates: what a transaction changed about a member, and how that stands."""

import json
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from loyalty.decision import Decision, LedgerEntry, OfferEvent, TriggerEvent
from loyalty.events import Attribute
from loyalty.messages import Message, MessageValue
from loyalty.view_shapes import MemberView
from schemas.tuples import TupleFraming
from schemas.views import decode_view, encode_view


class Source(NamedTuple):
    """The record that caused a change: where it stood and when the broker took it."""

    topic: str
    offset: int
    recorded_at: int


class Change(NamedTuple):
    """What one event did."""

    version: int
    event_id: str
    event_kind: str
    occurred_at: int
    recorded_at: int
    topic: str
    offset: int
    order_id: str
    why: str
    entries: tuple[LedgerEntry, ...]
    offer_events: tuple[OfferEvent, ...]
    triggers: tuple[TriggerEvent, ...]
    tier_before: str
    tier_after: str
    result: str | None = None
    refusal: str = ""
    messages: tuple[Message, ...] = ()


class MemberUpdate(NamedTuple):
    """Changes of one member in one transaction, and the view after them."""

    member_id: str
    view: MemberView
    changes: tuple[Change, ...]
    state: bytes = b""


class _Written(NamedTuple):
    """A member update as the schema has it: the view a document."""

    member_id: str
    version: int
    as_of: int
    balance: int
    tier: str
    view: bytes
    changes: Sequence[Change]
    state: bytes


UPDATE_SHAPES: Final = (
    _Written,
    Change,
    LedgerEntry,
    OfferEvent,
    TriggerEvent,
    Message,
    MessageValue,
)


class UpdateCodec:
    """Reads and writes the records of `member-updates`."""

    def __init__(self) -> None:
        """Compile the schema."""
        self._updates = TupleFraming[_Written]("member_update", UPDATE_SHAPES)

    def encode(
        self,
        member_id: str,
        view: MemberView,
        changes: Sequence[Change],
        *,
        state: bytes = b"",
    ) -> bytes:
        """
        Write an update; `changes` are made by `change_record`.

        `state` is the member as the changelog has it, for whoever estimates.
        """
        return self._updates.encode(
            _Written(
                member_id,
                view.version,
                view.as_of,
                view.balance,
                view.tier,
                encode_view(view),
                changes,
                state,
            )
        )

    def decode(self, value: bytes | None) -> MemberUpdate:
        """
        Read an update.

        Raises: MalformedRecord for bytes that are not one.
        """
        update = self._updates.decode(value)
        view = decode_view(update.view)
        return MemberUpdate(update.member_id, view, tuple(update.changes), update.state)


def change_record(
    decision: Decision,
    source: Source,
    *,
    event_id: str,
    event_kind: str,
    occurred_at: int,
    order_id: str,
) -> Change:
    """Change of an update, from what was decided and what caused it."""
    return Change(
        decision.member.version,
        event_id,
        event_kind,
        occurred_at,
        source.recorded_at,
        source.topic,
        source.offset,
        order_id,
        decision.why,
        decision.entries,
        decision.offer_events,
        decision.triggers,
        decision.tier_before,
        decision.tier_after,
        None if decision.result is None else result_json(decision.result),
        decision.refusal,
        decision.messages,
    )


def result_json(result: Mapping[str, Attribute | Mapping[str, Attribute]]) -> str:
    """Answer to a command as a JSON object; names in order, so that it is one text."""
    return json.dumps(dict(result), sort_keys=True, separators=(",", ":"))
