"""A member's state while facts go through it: the only mutable thing in the rules."""

from loyalty.decision import BURN, EARN, EXPIRE, HOLD, PAY_DEBT, RELEASE, Happening
from loyalty.member import Debt, Hold, PointsLot, State, lot_id_of
from loyalty.movements import Movement, Notes, is_later, oldest_key, place_of
from loyalty.wallets import FLOOR, OLDEST, UNLIMITED, Wallet


class Book:
    """
    One member's state, open for writing.

    Every change of `lots` notes one movement, so that movements always sum to
    the balance; nothing leaves this object but through `close`.
    """

    __slots__ = (
        *State._fields,
        "balances",
        "claims",
        "credits",
        "happenings",
        "member_id",
        "movements",
        "sent",
        "trims",
    )
    # What the loop above declares, for whoever reads and for the type checker.
    clock_at: int
    next_due_at: int
    lots: tuple[PointsLot, ...]
    holds: tuple[Hold, ...]
    debts: tuple[Debt, ...]

    def __init__(
        self, state: State, member_id: str, notes: Notes | None = None
    ) -> None:
        """Open a state; what happens is noted in notes of its own, or in these."""
        (
            self.clock_at,
            self.next_due_at,
            self.lots,
            self.earned_days,
            self.tier,
            self.tier_since,
            self.tier_until,
            self.tier_due_at,
            self.tier_next,
            self.tier_kept,
            self.since_at,
            self.active_at,
            self.order_count,
            self.counters,
            self.pending,
            self.holds,
            self.debts,
            self.streaks,
            self.challenges,
            self.badges,
            self.expired,
            self.referred_by,
            self.pool_id,
            self.time_zone,
            self.passed_to,
            self.passage,
            self.guests,
            self.bought,
        ) = state
        self.member_id = member_id
        noted = notes or Notes()
        self.balances = noted.balances
        self.movements = noted.movements
        self.happenings = noted.happenings
        self.credits = noted.credits
        self.claims = noted.claims
        self.sent = noted.sent
        self.trims = noted.trims

    def close(self) -> State:
        """State as it is now."""
        return State(
            self.clock_at,
            self.next_due_at,
            self.lots,
            self.earned_days,
            self.tier,
            self.tier_since,
            self.tier_until,
            self.tier_due_at,
            self.tier_next,
            self.tier_kept,
            self.since_at,
            self.active_at,
            self.order_count,
            self.counters,
            self.pending,
            self.holds,
            self.debts,
            self.streaks,
            self.challenges,
            self.badges,
            self.expired,
            self.referred_by,
            self.pool_id,
            self.time_zone,
            self.passed_to,
            self.passage,
            self.guests,
            self.bought,
        )

    def balance(self, wallet: str) -> int:
        """Points of a wallet that can be used."""
        return self.balances.of(self.lots, wallet)

    def debt(self, wallet: str) -> int:
        """Points of a wallet that are owed."""
        return sum(debt.points for debt in self.debts if debt.wallet == wallet)

    def open_lot(self, lot: PointsLot, kind: str = EARN, *, wallet: Wallet) -> None:
        """Add a lot; what is owed is paid first."""
        self._note(kind, lot.points, lot, at=self.clock_at)
        if self.debts:
            lot = self.pay(lot, wallet)
        if lot.points:
            self.put(lot)

    def put(self, lot: PointsLot) -> None:
        """Put a lot in its place, without a movement."""
        lots = self.lots
        if not lots or is_later(lot, lots[-1]):
            self.lots = lots + (lot,)  # noqa: RUF005 - without a list between
        else:
            place = place_of(lot, lots)
            self.lots = (*lots[:place], lot, *lots[place:])
        self.balances.follow(lots, self.lots, lot, points=lot.points)

    def burn(
        self, points: int, wallet: Wallet, *, kind: str = BURN, reference: str
    ) -> tuple[PointsLot, ...]:
        """
        Take points out of a wallet in its order; return what was taken, as lots.

        What is not there is short: forgiven, owed or overdrawn, as the wallet says.
        """
        taken = self.take(points, wallet)
        for lot in taken:
            self._note(kind, -lot.points, lot, at=self.clock_at, reference=reference)
        short = points - sum(lot.points for lot in taken)
        if short:
            self._owe(short, wallet, kind=kind, reference=reference)
        return taken

    def take(self, points: int, wallet: Wallet) -> tuple[PointsLot, ...]:
        """Take up to so many points out of lots, without a movement."""
        lots = self.lots
        places = [n for n, lot in enumerate(lots) if lot.wallet == wallet.wallet_id]
        if wallet.burn_order == OLDEST:
            places.sort(key=lambda place: oldest_key(lots[place]))
        left = points
        taken: dict[int, PointsLot] = {}
        for place in places:
            if left == 0:
                break
            part = min(left, lots[place].points)
            taken[place] = lots[place]._replace(points=part)
            left -= part
        if taken:
            self.lots = tuple(self._without(taken))
            self.balances.follow(lots, self.lots, lots[places[0]], points=left - points)
        return tuple(taken.values())

    def expire(self, at: int, *, keep_from: int) -> None:
        """End lots whose time is over; those ended after `keep_from` may return."""
        count = 0
        for lot in self.lots:
            if lot.expires_at == 0 or lot.expires_at > at:
                break
            # A lot that waited, or was held, beyond its end comes and goes at once.
            self._note(EXPIRE, -lot.points, lot, at=max(lot.expires_at, self.clock_at))
            count += 1
        if not count:
            return
        ended, self.lots = self.lots[:count], self.lots[count:]
        if keep_from < at:
            kept = [lot for lot in self.expired if lot.expires_at >= keep_from]
            self.expired = (*kept, *ended)

    def hold(self, hold: Hold, wallet: Wallet) -> None:
        """Set points aside that are there, with the lots that they come from."""
        lots = self.take(hold.points, wallet)
        for lot in lots:
            self._note(HOLD, -lot.points, lot, at=self.clock_at, reference=hold.hold_id)
        self.holds = (*self.holds, hold._replace(lots=lots))

    def find_hold(self, hold_id: str) -> Hold | None:
        """Points set aside under an id."""
        for hold in self.holds:
            if hold.hold_id == hold_id:
                return hold
        return None

    def release(self, hold: Hold) -> None:
        """Give points that were set aside back, each lot with its own expiry."""
        self.holds = tuple(one for one in self.holds if one.hold_id != hold.hold_id)
        for lot in hold.lots:
            self._note(
                RELEASE, lot.points, lot, at=self.clock_at, reference=hold.hold_id
            )
            self.join(lot)

    def join(self, lot: PointsLot) -> None:
        """Put points back into their lot, or open it again."""
        of_lot = (lot.lot_id, lot.expires_at, lot.origin)
        for place, one in enumerate(self.lots):
            if (one.lot_id, one.expires_at, one.origin) == of_lot:
                whole = one._replace(points=one.points + lot.points)
                self.lots = (*self.lots[:place], whole, *self.lots[place + 1 :])
                return
        self.put(lot)

    def spend_hold(self, hold: Hold, wallet: Wallet) -> None:
        """Turn what was set aside into points used; what it is short of is owed."""
        self.holds = tuple(one for one in self.holds if one.hold_id != hold.hold_id)
        for lot in hold.lots:
            self._note(
                RELEASE, lot.points, lot, at=self.clock_at, reference=hold.hold_id
            )
            self._note(BURN, -lot.points, lot, at=self.clock_at, reference=hold.hold_id)
        short = hold.points - sum(lot.points for lot in hold.lots)
        if short:
            self._owe(short, wallet, kind=BURN, reference=hold.hold_id)

    def move(self, kind: str, lot: PointsLot, *, reference: str) -> None:
        """Note that all of a lot came (points above 0) or went (below)."""
        self._note(kind, lot.points, lot, at=self.clock_at, reference=reference)

    def happen(self, kind: str, what: str, why: str) -> None:
        """Note something that is worth telling and moves no points."""
        self.happenings.append(Happening(kind, what, why))

    def _without(self, taken: dict[int, PointsLot]) -> list[PointsLot]:
        kept = []
        for place, lot in enumerate(self.lots):
            part = taken.get(place)
            if part is None:
                kept.append(lot)
            elif part.points < lot.points:
                kept.append(lot._replace(points=lot.points - part.points))
        return kept

    def pay(self, lot: PointsLot, wallet: Wallet) -> PointsLot:
        """Let a new lot pay what its wallet owes."""
        owed = self.debt(lot.wallet)
        paid = min(owed, lot.points)
        if not paid:
            return lot
        self.set_debt(lot.wallet, owed - paid)
        if wallet.below_zero != UNLIMITED:
            # An overdrawn balance is below 0 already; a debt stands beside it.
            self._note(PAY_DEBT, -paid, lot, at=self.clock_at)
        return lot._replace(points=lot.points - paid)

    def _owe(self, short: int, wallet: Wallet, *, kind: str, reference: str) -> None:
        if wallet.below_zero == FLOOR:
            return
        owed = self.debt(wallet.wallet_id) + short
        self.happen("debt", wallet.wallet_id, f"{short} used points were taken back")
        self.set_debt(wallet.wallet_id, owed)
        if wallet.below_zero == UNLIMITED:
            lot = PointsLot(0, 0, 0, 0, "", "", wallet=wallet.wallet_id)
            self._note(kind, -short, lot, at=self.clock_at, reference=reference)

    def set_debt(self, wallet: str, points: int) -> None:
        """Let so much of a wallet be owed, without a movement."""
        others = tuple(debt for debt in self.debts if debt.wallet != wallet)
        self.debts = (*others, Debt(wallet, points)) if points else others

    def _note(
        self, kind: str, points: int, lot: PointsLot, *, at: int, reference: str = ""
    ) -> None:
        self.movements.append(
            Movement(
                kind,
                lot.wallet,
                lot_id_of(lot),
                lot.order_id,
                lot.line_id,
                lot.rule_id,
                lot.rule_version,
                reference or lot.reference,
                points,
                at,
            )
        )
