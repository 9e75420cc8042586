"""What one side's decisions come to: sums by store, tier, week, rule and member."""

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
Moved = dict[tuple[str, str], int]


class Standing(NamedTuple):
    """How one member ends on one side: points moved in the range, and the member."""

    moved: Moved
    member: Member


class Meter:
    """Counts the decisions of one side."""

    def __init__(self, program: Program) -> None:
        """`program` says whose weeks are meant, and which wallets there are."""
        self.cells: dict[Key, int] = {}
        self._zone = program.zone
        self._wallets = tuple(program.wallet_by_id)
        self._moved: dict[str, Moved] = {}

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
        self.cells[key] = self.cells.get(key, 0) + amount

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
        cells = self.cells
        value = order.subtotal_minor
        for dimension, name in (
            (TOTAL, ""),
            (STORE, order.store_id or NO_STORE),
            (TIER, member.tier or NO_STORE),
            (WEEK_FROM, self._week(order.occurred_at)),
        ):
            key = (dimension, name, "", "orders")
            cells[key] = cells.get(key, 0) + 1
            key = (dimension, name, "", "order_value_minor")
            cells[key] = cells.get(key, 0) + value

    def _entries(
        self, member_id: str, decision: Decision, store_id: str, *, at: int
    ) -> None:
        cells, own = self.cells, self._moved.get(member_id)
        if own is None:
            own = self._moved[member_id] = {}
        tier = decision.member.tier or NO_STORE
        week = self._week(at)
        for (wallet, measure), points in _summed(decision.entries).items():
            place = (wallet, measure)
            own[place] = own.get(place, 0) + points
            for dimension, name in (
                (TOTAL, ""),
                (STORE, store_id),
                (TIER, tier),
                (WEEK_FROM, week),
            ):
                key = (dimension, name, wallet, measure)
                cells[key] = cells.get(key, 0) + points
        for entry in decision.entries:
            if entry.kind == EARN:
                key = (RULE, entry.rule_id, entry.wallet, "earned")
                cells[key] = cells.get(key, 0) + entry.points

    def _week(self, at: int) -> str:
        # As an ordinal: a date is made of it when it is shown.
        return str(period_of(WEEK, at, self._zone))


def _summed(entries: tuple[LedgerEntry, ...]) -> Moved:
    found: Moved = {}
    for entry in entries:
        kind = entry.kind
        place = (entry.wallet, MEASURE_OF.get(kind) or kind.lower())
        found[place] = found.get(place, 0) + entry.points
    return found
