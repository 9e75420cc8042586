"""What one side's decisions come to: sums by store, tier, week, rule and member."""

from collections.abc import Iterable
from typing import Final, NamedTuple

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
# By wallet and measure.
Moved = dict[tuple[str, str], int]
# Store, tier, week (its ordinal).
Place = tuple[str, str, int]
ORDERS: Final = ("", "orders")
ORDER_VALUE: Final = ("", "order_value_minor")
MEMBERS: Final = ("", "members")


class Standing(NamedTuple):
    """How one member ends on one side: points moved in the range, and the member."""

    moved: Moved
    member: Member


class Sum:
    """One sum that grows where it stands."""

    __slots__ = ("points",)

    def __init__(self) -> None:
        """Begin with nothing."""
        self.points = 0


class Sums:
    """What came together at a place: orders, their value, and points that moved."""

    __slots__ = ("moved", "orders", "value_minor")

    def __init__(self) -> None:
        """Begin with nothing."""
        self.orders = self.value_minor = 0
        self.moved: dict[tuple[str, str], Sum] = {}

    def told(self) -> Moved:
        """All of it by wallet and measure; orders and their value have no wallet."""
        told = {key: one.points for key, one in self.moved.items()}
        if self.orders:
            told |= {ORDERS: self.orders, ORDER_VALUE: self.value_minor}
        return told


class Meter:
    """Counts the decisions of one side."""

    def __init__(self, program: Program, beside: "Meter | None" = None) -> None:
        """
        `program` says whose weeks are meant, and which wallets there are.

        What `beside` counts is counted here, too.
        """
        self._beside = beside
        self._cells: dict[Key, int] = {}
        # What is summed by store, tier and week alike: once for all three.
        self._placed: dict[Place, Sums] = {}
        # What is summed by tier alone, and by rule and wallet.
        self._ends: dict[str, Moved] = {}
        self._earned: dict[tuple[str, str], Sum] = {}
        self._zone = program.zone
        self._wallets = tuple(program.wallet_by_id)
        self._moved: dict[str, Moved] = {}

    @property
    def cells(self) -> dict[Key, int]:
        """All sums so far, in a dictionary of their own."""
        found: dict[Key, int] = {} if self._beside is None else self._beside.cells
        for key, amount in self._cells.items():
            found[key] = found.get(key, 0) + amount
        for (rule_id, wallet), earned in self._earned.items():
            _add(found, ((RULE, rule_id),), {(wallet, "earned"): earned.points})
        for tier, moved in self._ends.items():
            _add(found, ((TOTAL, ""), (TIER, tier)), moved)
        for (store_id, tier, week), here in self._placed.items():
            # As an ordinal: a date is made of it when it is shown.
            places = (STORE, store_id), (TIER, tier), (WEEK_FROM, str(week))
            _add(found, ((TOTAL, ""), *places), here.told())
        return found

    def take(
        self, member_id: str, event: MemberEvent, decision: Decision, *, at: int
    ) -> None:
        """Count a decision about an event that happened at a time (ms)."""
        placed: OrderEvent | None = None
        if isinstance(event, OrderEvent) and event.kind == PLACED:
            placed = event
        if placed is not None or decision.entries:
            here = self._at(_store_of(event), decision.member, at)
            if placed is not None:
                here.orders += 1
                here.value_minor += placed.subtotal_minor
            if decision.entries:
                self._entries(member_id, decision.entries, here)
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
        moved = self._moved.pop(member_id, None)
        if moved is None:
            moved = {}
        tier, lots = member.state.tier or NO_STORE, member.state.lots
        ends = self._ends.get(tier)
        if ends is None:
            ends = self._ends[tier] = {}
        ends[MEMBERS] = ends.get(MEMBERS, 0) + 1
        segments = member.profile.segments
        for wallet in self._wallets:
            points = balance_of(lots, wallet)
            if points:
                left = (wallet, OUTSTANDING)
                ends[left] = ends.get(left, 0) + points
            for segment in segments if points else ():
                self.add(SEGMENT, segment, OUTSTANDING, wallet=wallet, amount=points)
        for segment in segments:
            self.add(SEGMENT, segment, "members")
            for (wallet, measure), points in moved.items():
                self.add(SEGMENT, segment, measure, wallet=wallet, amount=points)
        return Standing(moved, member)

    def hand_to(self, member_id: str, others: Iterable["Meter"]) -> None:
        """Let others go on with what a member has moved so far."""
        moved = self._moved.pop(member_id, None)
        if moved is not None:
            for other in others:
                other._moved[member_id] = dict(moved)  # noqa: SLF001 - of the same class

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

    def _at(self, store_id: str, member: Member, at: int) -> Sums:
        """What has moved in a store, of a member's tier, in the week of a time."""
        week = period_of(WEEK, at, self._zone)
        place = (store_id, member.state.tier or NO_STORE, week)
        here = self._placed.get(place)
        if here is None:
            here = self._placed[place] = Sums()
        return here

    def _entries(
        self, member_id: str, entries: tuple[LedgerEntry, ...], here: Sums
    ) -> None:
        own = self._moved.get(member_id)
        if own is None:
            own = self._moved[member_id] = {}
        for entry in entries:
            kind, wallet, points = entry.kind, entry.wallet, entry.points
            moved = (wallet, MEASURE_OF.get(kind) or kind.lower())
            own[moved] = own.get(moved, 0) + points
            _sum_of(here.moved, moved).points += points
            if kind == EARN:
                _sum_of(self._earned, (entry.rule_id, wallet)).points += points


def _sum_of(sums: dict[tuple[str, str], Sum], key: tuple[str, str]) -> Sum:
    found = sums.get(key)
    if found is None:
        found = sums[key] = Sum()
    return found


def _store_of(event: MemberEvent) -> str:
    if isinstance(event, (OrderEvent, ActivityEvent)):
        return event.store_id or NO_STORE
    return NO_STORE


def _add(
    sums: dict[Key, int], places: tuple[tuple[str, str], ...], moved: Moved
) -> None:
    """Add what has moved at each of some places."""
    for (wallet, measure), amount in moved.items():
        for dimension, name in places:
            key = (dimension, name, wallet, measure)
            sums[key] = sums.get(key, 0) + amount
