"""What one side's decisions come to: sums by store, tier, week, rule and member."""

from collections.abc import Iterable
from typing import Final, NamedTuple, TypeVar

from loyalty.decision import (
    BURN,
    CORRECT,
    EARN,
    EXPIRE,
    GRANTED,
    REVERSE,
    Decision,
    Duplicate,
    LedgerEntry,
    Refusal,
)
from loyalty.events import PLACED, ActivityEvent, MemberEvent, OrderEvent
from loyalty.member import Member, balance_of
from loyalty.periods import WEEK, period_of
from loyalty.program import Program

# Dimensions.
TOTAL: Final = "total"
STORE: Final = "store"
TIER: Final = "tier"
SEGMENT: Final = "segment"
WEEK_FROM: Final = "week"
RULE: Final = "rule"
OFFER: Final = "offer"
TRIGGER: Final = "trigger"
# A step of a journey, or how it began or ended; and messages by trigger or step.
JOURNEY: Final = "journey"
MESSAGE: Final = "message"
TIER_MOVE: Final = "tier_move"
REFUSED: Final = "refused"
BUDGET: Final = "budget"
# Points that moved without a store: time passed, or somebody asked for it.
NO_STORE: Final = "(none)"

# Measures of points, signed as in the ledger; other kinds keep their name.
MEASURE_OF: Final = {
    EARN: "earned",
    BURN: "used",
    EXPIRE: "expired",
    REVERSE: "reversed",
    CORRECT: "corrected",
}
OUTSTANDING: Final = "outstanding"
# What makes somebody a winner or a loser: points granted, less those taken back.
GRANTS: Final = ("earned", "reversed", "corrected")

# Dimension, its value, wallet (empty where none is meant), measure.
Key = tuple[str, str, str, str]
Moved = dict[tuple[str, str], int]
# Store, tier, week (its ordinal), wallet, measure.
Placed = tuple[str, str, int, str, str]
T = TypeVar("T")


class Standing(NamedTuple):
    """How one member ends on one side: points moved in the range, and the member."""

    moved: Moved
    member: Member


class Meter:
    """Counts the decisions of one side."""

    def __init__(self, program: Program) -> None:
        """`program` says whose weeks are meant, and which wallets there are."""
        self._cells: dict[Key, int] = {}
        # What is summed by store, tier and week alike: once for all three.
        self._placed: dict[Placed, int] = {}
        self._zone = program.zone
        self._wallets = tuple(program.wallet_by_id)
        self._moved: dict[str, Moved] = {}

    @property
    def cells(self) -> dict[Key, int]:
        """All sums so far."""
        placed, self._placed = self._placed, {}
        for (store_id, tier, week, wallet, measure), amount in placed.items():
            for key in (
                (TOTAL, "", wallet, measure),
                (STORE, store_id, wallet, measure),
                (TIER, tier, wallet, measure),
                # As an ordinal: a date is made of it when it is shown.
                (WEEK_FROM, str(week), wallet, measure),
            ):
                self._cells[key] = self._cells.get(key, 0) + amount
        return self._cells

    def take(
        self, member_id: str, event: MemberEvent, decision: Decision, *, at: int
    ) -> None:
        """Count a decision about an event that happened at a time (ms)."""
        store_id = NO_STORE
        if isinstance(event, OrderEvent):
            store_id = event.store_id or NO_STORE
            if event.kind == PLACED:
                self._order(event, decision.member)
        elif isinstance(event, ActivityEvent):
            store_id = event.store_id or NO_STORE
        if decision.entries:
            self._entries(member_id, decision, store_id, at=at)
        if decision.offer_events:
            for one in decision.offer_events:
                what = "granted" if one.kind == GRANTED else "withdrawn"
                self.add(OFFER, one.offer_id, what)
        for fired in decision.triggers:
            self._told(fired.trigger_id)
        for message in decision.messages:
            self.add(MESSAGE, message.campaign_id, "sent")
        if decision.tier_after != decision.tier_before:
            name = f"{decision.tier_before or NO_STORE}>{decision.tier_after}"
            self.add(TIER_MOVE, name, "members")
        if decision.refusal:
            self.add(REFUSED, decision.refusal, "commands")

    def left_out(self, verdict: Duplicate | Refusal) -> None:
        """Count an event that changed nobody."""
        name = "duplicate" if isinstance(verdict, Duplicate) else verdict.reason
        self.add(REFUSED, name, "events")

    def standing(self, member_id: str, member: Member) -> Standing:
        """Count how a member ends, and forget the member."""
        moved = self._moved.pop(member_id, {})
        tier = member.tier or NO_STORE
        segments = member.profile.segments
        for wallet in self._wallets:
            points = balance_of(member.lots, wallet)
            if points:
                self.add(TOTAL, "", OUTSTANDING, wallet=wallet, amount=points)
                self.add(TIER, tier, OUTSTANDING, wallet=wallet, amount=points)
            for segment in segments if points else ():
                self.add(SEGMENT, segment, OUTSTANDING, wallet=wallet, amount=points)
        self.add(TOTAL, "", "members")
        self.add(TIER, tier, "members")
        for segment in segments:
            self.add(SEGMENT, segment, "members")
            for (wallet, measure), points in moved.items():
                self.add(SEGMENT, segment, measure, wallet=wallet, amount=points)
        return Standing(moved, member)

    def hand_to(self, others: Iterable["Meter"]) -> None:
        """Let others have counted what this one has, and begin anew."""
        for other in others:
            # Of the same class: what it keeps is ours to add to.
            _add_all(other._cells, self._cells)  # noqa: SLF001
            _add_all(other._placed, self._placed)  # noqa: SLF001
            for member_id, moved in self._moved.items():
                other._moved[member_id] = dict(moved)  # noqa: SLF001 - of the same class
        self._cells.clear()
        self._placed.clear()
        self._moved.clear()

    def add(
        self,
        dimension: str,
        name: str,
        measure: str,
        *,
        wallet: str = "",
        amount: int = 1,
    ) -> None:
        """Add to one cell."""
        key = (dimension, name, wallet, measure)
        self._cells[key] = self._cells.get(key, 0) + amount

    def _told(self, trigger_id: str) -> None:
        """Count a trigger, or what is told beside triggers by the word before it."""
        word, _, name = trigger_id.partition(":")
        if word == JOURNEY and name:
            self.add(JOURNEY, name, "times")
        elif word in ("held", "withheld", "held-out") and name:
            self.add(MESSAGE, name, word)
        else:
            self.add(TRIGGER, trigger_id, "fired")

    def _order(self, order: OrderEvent, member: Member) -> None:
        placed = self._placed
        store_id, tier = order.store_id or NO_STORE, member.tier or NO_STORE
        week = period_of(WEEK, order.occurred_at, self._zone)
        key = (store_id, tier, week, "", "orders")
        placed[key] = placed.get(key, 0) + 1
        key = (store_id, tier, week, "", "order_value_minor")
        placed[key] = placed.get(key, 0) + order.subtotal_minor

    def _entries(
        self, member_id: str, decision: Decision, store_id: str, *, at: int
    ) -> None:
        cells, placed, own = self._cells, self._placed, self._moved.get(member_id)
        if own is None:
            own = self._moved[member_id] = {}
        tier = decision.member.tier or NO_STORE
        week = period_of(WEEK, at, self._zone)
        for (wallet, measure), points in _summed(decision.entries).items():
            moved = (wallet, measure)
            own[moved] = own.get(moved, 0) + points
            place = (store_id, tier, week, wallet, measure)
            placed[place] = placed.get(place, 0) + points
        for entry in decision.entries:
            if entry.kind == EARN:
                key = (RULE, entry.rule_id, entry.wallet, "earned")
                cells[key] = cells.get(key, 0) + entry.points


def _add_all(sums: dict[T, int], others: dict[T, int]) -> None:
    for key, amount in others.items():
        sums[key] = sums.get(key, 0) + amount


def _summed(entries: tuple[LedgerEntry, ...]) -> Moved:
    found: Moved = {}
    for entry in entries:
        kind = entry.kind
        place = (entry.wallet, MEASURE_OF.get(kind) or kind.lower())
        found[place] = found.get(place, 0) + entry.points
    return found
