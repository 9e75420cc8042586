"""One event of one member on its way to a decision."""

from bisect import bisect_left
from hashlib import blake2b
from typing import Final

from loyalty.applying import Fact, apply
from loyalty.balances import Balances
from loyalty.book import Book
from loyalty.decision import Forward, TriggerEvent
from loyalty.difference import difference
from loyalty.engagement.remembered import Waiting
from loyalty.events import ENGINE, Command, InvalidEvent
from loyalty.facts import OPENS_A_LOT, ActFact, OrderFact, Parcel
from loyalty.limits import ID_LENGTH_MAX, LOTS_MAX, RECENT_MAX
from loyalty.member import Member, SeenEvent, State
from loyalty.movements import BudgetUse, Notes
from loyalty.passing import pass_time
from loyalty.program import Programs
from loyalty.replay import Journal, replay_both, sort_key
from loyalty.trail import Trail

NOT_FOUND: Final = -1


class Turn:
    """
    What one event changes of a member; it never leaves `decide`.

    A fact that is the latest is simply applied. A fact that is not, or a change
    of an old one, goes through all open facts again, and the difference is what
    the ledger adds.
    """

    __slots__ = (
        "activity_horizon_at",
        "acts",
        "balances",
        "base",
        "claims",
        "clock_at",
        "closing",
        "credits",
        "engagement",
        "exposed",
        "forward",
        "gift_at",
        "given",
        "happenings",
        "horizon_at",
        "journeys",
        "member",
        "member_id",
        "merging",
        "movements",
        "notes",
        "orders",
        "outbox",
        "past_journeys",
        "personal",
        "profile",
        "programs",
        "recent",
        "refusal",
        "releases",
        "result",
        "sent",
        "state",
        "to_send",
        "trail",
        "trims",
    )

    def __init__(
        self,
        member: Member,
        member_id: str,
        programs: Programs,
        *,
        trail: Trail | None = None,
    ) -> None:
        """Begin the member's next version."""
        self.trail = trail
        self.member = member
        self.member_id = member_id
        self.programs = programs
        self.state: State = member.state
        self.base: State = member.base
        self.orders = member.orders
        self.acts = member.acts
        self.recent = member.recent
        self.profile = member.profile
        self.gift_at = member.gift_at
        self.journeys = member.journeys
        self.past_journeys = member.past_journeys
        self.engagement = member.engagement
        self.personal = member.personal
        self.given = member.given
        self.horizon_at = member.horizon_at
        self.activity_horizon_at = member.activity_horizon_at
        self.clock_at = member.clock_at
        self.exposed = member.exposed
        lots = member.state.lots
        self.balances = Balances(lots) if trail is None else trail.balances_of(lots)
        self.notes = Notes(self.balances)
        self.movements = self.notes.movements
        self.happenings = self.notes.happenings
        self.credits = self.notes.credits
        self.claims = self.notes.claims
        self.sent = self.notes.sent
        self.trims = self.notes.trims
        self.merging = member.merging
        # What goes with a member that closes in a merge, beside its points.
        self.closing: list[Parcel] | None = None
        self.forward: Forward | None = None
        self.releases: list[BudgetUse] = []
        self.outbox: list[Command] = []
        self.to_send: list[Waiting] = []
        self.result: dict[str, str | int | bool] = {}
        self.refusal = ""

    def pass_time(self, until: int) -> None:
        """Let everything happen that falls due up to a time."""
        if 0 < self.state.next_due_at <= until:
            book = Book(self.state, self.member_id, self.notes)
            pass_time(book, until, programs=self.programs)
            self.state = book.close()

    def add_order(self, fact: OrderFact) -> None:
        """
        Add an order at its own time.

        Raises: InvalidEvent when it is beyond the horizon, or there is no room.
        """
        self.check_horizon(fact.at)
        self.check_room(len(fact.gains))
        if self._is_latest(fact, fact.at):
            self.orders = self.orders + (fact,)  # noqa: RUF005 - without a list between
            self._apply(fact)
        else:
            orders = self.replace_order(NOT_FOUND, fact)
            self.rewrite(orders, self.acts, own_id=fact.order_id)

    def add_act(self, fact: ActFact, *, is_return: bool = False) -> None:
        """
        Add an act at its own time.

        Raises: InvalidEvent when it is beyond the horizon, or there is no room.
        """
        self.check_horizon(fact.at)
        self.check_room(len(fact.gains) + (fact.kind in OPENS_A_LOT))
        if self._is_latest(fact, fact.at):
            self.acts = self.acts + (fact,)  # noqa: RUF005 - without a list between
            self._apply(fact)
        else:
            acts = list(self.acts)
            acts.insert(bisect_left(acts, sort_key(fact), key=sort_key), fact)
            self.rewrite(
                self.orders, tuple(acts), own_id=fact.fact_id, is_return=is_return
            )

    def rewrite(
        self,
        orders: tuple[OrderFact, ...],
        acts: tuple[ActFact, ...],
        *,
        own_id: str = "",
        is_return: bool = False,
    ) -> None:
        """Make the open past another one, and note what the ledger must add."""
        until = self.clock_at
        self.pass_time(until)
        before, after = replay_both(
            self.base,
            (Journal(self.orders, self.acts), Journal(orders, acts)),
            until,
            programs=self.programs,
            member_id=self.member_id,
        )
        found = difference(before, after, own_id=own_id, is_return=is_return, at=until)
        self.movements += found.movements
        self.happenings += found.happenings
        self.credits += found.credits
        self.sent += found.sent
        self.claims += found.claims
        self.trims += [trim for trim in after.trims if trim.source_id == own_id]
        self.orders, self.acts, self.state = orders, acts, after.close()
        self.forget_trail()

    def latest_at(self, occurred_at: int) -> int:
        """Time of an act that happens now: its own, but after all that is known."""
        last_at = max(
            self.orders[-1].at if self.orders else 0,
            self.acts[-1].at if self.acts else 0,
            self.horizon_at,
        )
        return max(occurred_at, self.state.clock_at, last_at + 1)

    def find_order(self, order_id: str) -> int:
        """Place of an order in the journal, NOT_FOUND if it is not there."""
        for place in range(len(self.orders) - 1, -1, -1):
            if self.orders[place].order_id == order_id:
                return place
        return NOT_FOUND

    def replace_order(self, place: int, fact: OrderFact) -> tuple[OrderFact, ...]:
        """Orders of the journal with one replaced, or added, in its time's place."""
        others = [one for n, one in enumerate(self.orders) if n != place]
        others.insert(bisect_left(others, sort_key(fact), key=sort_key), fact)
        return tuple(others)

    def see(self, event_id: str, occurred_at: int) -> bool:
        """
        Remember an event; False if it was remembered already.

        Raises: InvalidEvent when the event is too late to know.
        """
        digest = blake2b(event_id.encode(), digest_size=8).digest()
        for seen in self.recent:
            if seen.digest == digest:
                return False
        if occurred_at <= self.activity_horizon_at:
            raise InvalidEvent(
                "beyond-horizon",
                f"event of {occurred_at} arrived after those up to "
                f"{self.activity_horizon_at} were closed",
            )
        recent = sorted(
            (*self.recent, SeenEvent(digest, occurred_at)),
            key=lambda seen: (seen.occurred_at, seen.digest),
        )
        if len(recent) > RECENT_MAX:
            self.activity_horizon_at = recent.pop(0).occurred_at
        self.recent = tuple(recent)
        return True

    def send(self, target_id: str, command_type: str, **attributes: str | int) -> None:
        """Send a command to another member, in the transaction of this event."""
        self.outbox.append(
            Command(
                self._next_command_id(),
                target_id,
                command_type,
                self.clock_at,
                ENGINE,
                attributes,
            )
        )

    def told(self) -> tuple[TriggerEvent, ...]:
        """What happened and is worth telling, as triggers."""
        return tuple(
            TriggerEvent(f"{one.kind}:{one.what}", one.why) for one in self.happenings
        )

    def _next_command_id(self) -> str:
        """The same in each replay; a member with a long id is named by its digest."""
        step = f":{self.member.version + 1}:{len(self.outbox)}"
        if len(self.member_id) + len(step) <= ID_LENGTH_MAX:
            return self.member_id + step
        return blake2b(self.member_id.encode(), digest_size=16).hexdigest() + step

    def _is_latest(self, fact: Fact, at: int) -> bool:
        if at < self.state.clock_at:
            return False
        # Times tell of most; ids, of those at the same moment.
        order = self.orders[-1] if self.orders else None
        if order and order.at >= at and sort_key(order) > sort_key(fact):
            return False
        act = self.acts[-1] if self.acts else None
        return act is None or act.at < at or sort_key(act) <= sort_key(fact)

    def _apply(self, fact: Fact) -> None:
        book = Book(self.state, self.member_id, self.notes)
        apply(book, fact, programs=self.programs)
        self.state = book.close()
        if self.trail is not None:
            self.trail.note(fact, self.state)

    def forget_trail(self) -> None:
        """What was known of the past does not hold any more."""
        if self.trail is not None:
            self.trail.forget()

    def check_horizon(self, at: int) -> None:
        """Refuse what is beyond the horizon; raises InvalidEvent."""
        if at <= self.horizon_at:
            raise InvalidEvent(
                "beyond-horizon",
                f"event of {at} arrived after the member's past up to "
                f"{self.horizon_at} was closed",
            )

    def check_room(self, lots: int) -> None:
        """Refuse more lots than a member may have; raises InvalidEvent."""
        if lots and len(self.state.lots) + len(self.state.pending) + lots > LOTS_MAX:
            # Lots that have ended need not keep a new one out.
            self.pass_time(self.clock_at)
            if len(self.state.lots) + len(self.state.pending) + lots > LOTS_MAX:
                raise InvalidEvent("too-many-lots", f"the member has {LOTS_MAX} lots")
