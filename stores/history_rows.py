"""What analytics answers about one member, and which of it is wanted."""

from typing import Final, NamedTuple

# The last millisecond of 2199: what is later is as good as never.
LAST_AT: Final = 7_258_118_399_999
# Entries that have the time of what they correct, and count only from later on.
CORRECTIONS: Final = frozenset({"REVERSE", "REINSTATE", "CORRECT"})


class LedgerRow(NamedTuple):
    """One ledger entry; (version, number) is its place, `occurred_at` in ms."""

    entry_id: str
    version: int
    number: int
    kind: str
    points: int
    lot_id: str
    order_id: str
    line_id: str
    rule_id: str
    rule_version: int
    occurred_at: int
    balance_after: int
    wallet: str = "points"
    reference: str = ""


class LedgerFilter(NamedTuple):
    """Entries of a wallet, of a reference, up to a time in ms; empty is any."""

    wallet: str = ""
    reference: str = ""
    until_at: int = LAST_AT


ALL_ENTRIES: Final = LedgerFilter()


class Movement(NamedTuple):
    """A ledger entry within its decision; time in ms."""

    number: int
    kind: str
    wallet: str
    points: int
    rule_id: str
    occurred_at: int


class OfferChange(NamedTuple):
    """An offer that came or went, and why."""

    offer_id: str
    kind: str
    reason: str


class TriggerFired(NamedTuple):
    """A trigger that fired, and why."""

    trigger_id: str
    reason: str


class TimelineRow(NamedTuple):
    """
    One decision and all that it brought about; times in ms, `result` JSON.

    The last four are the order's, empty or 0 where it was none.
    """

    version: int
    event_id: str
    event_kind: str
    order_id: str
    occurred_at: int
    recorded_at: int
    why: str
    tier_before: str
    tier_after: str
    result: str
    refusal: str
    entries: tuple[Movement, ...]
    offers: tuple[OfferChange, ...]
    triggers: tuple[TriggerFired, ...]
    store_id: str = ""
    channel: str = ""
    subtotal_minor: int = 0
    refund_minor: int = 0


class DecisionRow(NamedTuple):
    """One decision about a member, and why; times in ms."""

    version: int
    event_id: str
    event_kind: str
    order_id: str
    occurred_at: int
    recorded_at: int
    why: str
    tier_before: str
    tier_after: str
