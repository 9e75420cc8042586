"""Member updates: what a batch changed about a member, and how the member stands."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from loyalty.decision import Decision, LedgerEntry, OfferEvent, TriggerEvent
from loyalty.events import Attribute
from loyalty.view import MemberView
from schemas.framing import Framing, Record
from schemas.views import decode_view, encode_view

_ENTRY = LedgerEntry._fields


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


class MemberUpdate(NamedTuple):
    """All changes of one member in one batch, and the view after them."""

    member_id: str
    view: MemberView
    changes: tuple[Change, ...]


class UpdateCodec:
    """Reads and writes the records of `member-updates`."""

    def __init__(self) -> None:
        """Compile the schema."""
        self._updates = Framing("member_update")

    def encode(self, member_id: str, view: MemberView, changes: list[Record]) -> bytes:
        """Write an update; `changes` are made by `change_record`."""
        return self._updates.encode(
            {
                "member_id": member_id,
                "version": view.version,
                "as_of": view.as_of,
                "balance": view.balance,
                "tier": view.tier,
                "view": encode_view(member_id, view),
                "changes": changes,
            }
        )

    def decode_record(self, value: bytes | None) -> Record:
        """
        Read an update as the plain record that sinks pass on.

        Raises: MalformedRecord for bytes that are not one.
        """
        return self._updates.decode(value)

    def decode(self, value: bytes | None) -> MemberUpdate:
        """
        Read an update.

        Raises: MalformedRecord for bytes that are not one.
        """
        record = self._updates.decode(value)
        view = decode_view(record["view"])
        changes = tuple(change_from(change) for change in record["changes"])
        return MemberUpdate(record["member_id"], view, changes)


def change_record(
    decision: Decision,
    source: Source,
    *,
    event_id: str,
    event_kind: str,
    occurred_at: int,
    order_id: str,
) -> Record:
    """Change of an update, from what was decided and what caused it."""
    return {
        "version": decision.member.version,
        "event_id": event_id,
        "event_kind": event_kind,
        "occurred_at": occurred_at,
        "recorded_at": source.recorded_at,
        "topic": source.topic,
        "offset": source.offset,
        "order_id": order_id,
        "why": decision.why,
        "entries": [
            dict(zip(_ENTRY, entry, strict=True)) for entry in decision.entries
        ],
        "offer_events": [event._asdict() for event in decision.offer_events],
        "triggers": [trigger._asdict() for trigger in decision.triggers],
        "tier_before": decision.tier_before,
        "tier_after": decision.tier_after,
        "result": None if decision.result is None else result_json(decision.result),
        "refusal": decision.refusal,
    }


def result_json(result: Mapping[str, Attribute]) -> str:
    """Answer to a command as a JSON object; names in order, so that it is one text."""
    return json.dumps(dict(result), sort_keys=True, separators=(",", ":"))


def change_from(record: Record) -> Change:
    """Change from its decoded record."""
    return Change(
        record["version"],
        record["event_id"],
        record["event_kind"],
        record["occurred_at"],
        record["recorded_at"],
        record["topic"],
        record["offset"],
        record["order_id"],
        record["why"],
        tuple(LedgerEntry(**entry) for entry in record["entries"]),
        tuple(OfferEvent(**event) for event in record["offer_events"]),
        tuple(TriggerEvent(**trigger) for trigger in record["triggers"]),
        record["tier_before"],
        record["tier_after"],
        record["result"],
        record["refusal"],
    )
