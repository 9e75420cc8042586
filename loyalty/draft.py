"""A member on the way from one version to the next, while one event is decided."""

from bisect import insort

from loyalty.decision import ADJUST, EARN, EXPIRE, REVERSE, LedgerEntry
from loyalty.events import InvalidEvent
from loyalty.limits import LOTS_MAX
from loyalty.member import Member, PointsLot, balance_of
from loyalty.points import burn_key, expired


class Draft:
    """
    What one decision changes of a member.

    The only mutable thing in the rules; it never leaves `decide`. Every change
    of `lots` writes one entry, so that entries always sum to the balance.
    """

    __slots__ = (
        "_member_id",
        "_occurred_at",
        "_version",
        "activity_horizon_at",
        "balance",
        "clock_at",
        "earned_days",
        "entries",
        "lots",
        "orders",
        "recent",
    )

    def __init__(self, member: Member, member_id: str, occurred_at: int) -> None:
        """Begin the member's next version with an event of a time."""
        self.lots = list(member.lots)
        self.balance = balance_of(member.lots)
        self.entries: list[LedgerEntry] = []
        self.orders = member.orders
        self.earned_days = member.earned_days
        self.recent = member.recent
        self.activity_horizon_at = member.activity_horizon_at
        self.clock_at = max(member.clock_at, occurred_at)
        self._member_id = member_id
        self._version = member.version + 1
        self._occurred_at = occurred_at

    def earn(
        self, points: int, *, order_id: str, rule: tuple[str, int], expires_at: int
    ) -> None:
        """
        Open a lot for an order (rule: id and version of the rule).

        Raises: InvalidEvent when the member has too many lots.
        """
        if len(self.lots) >= LOTS_MAX:
            # Lots that have ended need not keep a new one out.
            self.expire(self.clock_at)
        if len(self.lots) >= LOTS_MAX:
            raise InvalidEvent("too-many-lots", f"the member has {LOTS_MAX} lots")
        kind = EARN if order_id else ADJUST
        lot = PointsLot(
            f"{self._version}.{len(self.entries)}",
            points,
            points,
            self._occurred_at,
            expires_at,
            order_id,
            rule[0],
            rule[1],
        )
        if not self.lots or burn_key(self.lots[-1]) <= burn_key(lot):
            self.lots.append(lot)
        else:
            insort(self.lots, lot, key=burn_key)
        self._enter(kind, points, lot)

    def reverse(self, order_id: str, points: int) -> int:
        """
        Take back points of an order from what is left of its lots; return how many.

        Points that were used or have expired meanwhile are not there any more.
        """
        left = points
        # Last lot first: what lives longest is what a return gives up.
        for index in range(len(self.lots) - 1, -1, -1):
            if left == 0:
                break
            lot = self.lots[index]
            if lot.order_id == order_id:
                left -= self._take(index, left, REVERSE)
        self._drop_empty()
        return points - left

    def burn(self, points: int, kind: str) -> None:
        """
        Use points, soonest expiry first.

        Raises: InvalidEvent when the balance does not reach.
        """
        if points > self.balance:
            raise InvalidEvent(
                "insufficient-points",
                f"{points} points asked for, {self.balance} there",
            )
        left = points
        for index in range(len(self.lots)):
            if left == 0:
                break
            left -= self._take(index, left, kind)
        self._drop_empty()
        assert left == 0, "the balance is the sum of the lots"

    def expire(self, clock_at: int) -> None:
        """End every lot whose time is over."""
        count = expired(self.lots, clock_at)
        for lot in self.lots[:count]:
            self._enter(EXPIRE, -lot.points, lot, occurred_at=lot.expires_at)
        del self.lots[:count]

    def _take(self, index: int, points: int, kind: str) -> int:
        lot = self.lots[index]
        taken = min(points, lot.points)
        if taken:
            self.lots[index] = lot._replace(points=lot.points - taken)
            self._enter(kind, -taken, lot)
        return taken

    def _drop_empty(self) -> None:
        self.lots = [lot for lot in self.lots if lot.points > 0]

    def _enter(
        self, kind: str, points: int, lot: PointsLot, *, occurred_at: int | None = None
    ) -> None:
        self.balance += points
        assert self.balance >= 0, "no movement takes more than a lot holds"
        self.entries.append(
            LedgerEntry(
                f"{self._member_id}:{self._version}:{len(self.entries)}",
                kind,
                points,
                lot.lot_id,
                lot.order_id,
                "",
                lot.rule_id,
                lot.rule_version,
                self._occurred_at if occurred_at is None else occurred_at,
                self.balance,
            )
        )
