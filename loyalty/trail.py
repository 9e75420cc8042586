"""What a member's state was after each open fact: a shorter way to close the past."""

from collections.abc import Callable
from typing import NamedTuple

from loyalty.balances import Balances
from loyalty.earning import Gains, gains_of_order
from loyalty.events import OrderEvent
from loyalty.facts import ActFact, OrderFact
from loyalty.member import PointsLot, Profile, State
from loyalty.program import Program

Fact = OrderFact | ActFact


class KnownGains(NamedTuple):
    """What rules made of an order of a member with such a profile."""

    order: OrderEvent
    profile: Profile
    gains: Gains


class Trail:
    """
    States of one member after each fact that was the latest when it came.

    Who folds a member from event to event may keep one: the base is then found
    where else the facts are gone through again. Nothing depends on it: facts are
    known by identity, and a change of the past makes it forget.
    """

    __slots__ = (
        "_states",
        "balances",
        "given",
        "is_steady",
        "kept",
        "others_due_at",
        "program",
    )

    def __init__(self) -> None:
        """Know nothing yet."""
        self._states: dict[tuple[int, str], tuple[Fact, State]] = {}
        self.balances = Balances()
        # What the last look at everything found: by which program, and when anything
        # but the tier is due (0: never).
        self.program: Program | None = None
        self.is_steady = False
        self.others_due_at = 0
        # Gains as they were found, for who wants them; and those of the next order.
        self.kept: dict[str, KnownGains] | None = None
        self.given: KnownGains | None = None

    def gains_of(self, order: OrderEvent, program: Program, profile: Profile) -> Gains:
        """What rules make of an order, worked out here or given from elsewhere."""
        given = self.given
        if given is not None and given.order is order and given.profile == profile:
            return given.gains
        gains = gains_of_order(order, program, profile)
        if self.kept is not None:
            self.kept[order.event_id] = KnownGains(order, profile, gains)
        return gains

    def copy(self) -> "Trail":
        """Another one that knows the same, for another way on from here."""
        other = Trail()
        other._states.update(self._states)
        other.balances = self.balances
        other.program, other.is_steady = self.program, self.is_steady
        other.others_due_at = self.others_due_at
        return other

    def balances_of(self, lots: tuple[PointsLot, ...]) -> Balances:
        """Balances of the next event, which begins with what the last one summed."""
        self.balances = Balances(lots, self.balances.known(lots))
        return self.balances

    def look_by(self, program: Program, is_steady: Callable[[Program], bool]) -> None:
        """A program looks at everything."""
        if program is not self.program:
            self.program, self.is_steady = program, is_steady(program)

    def note(self, fact: Fact, state: State) -> None:
        """Keep the state that a fact has just come to."""
        self._states[fact[0], fact[1]] = (fact, state)

    def take(self, fact: Fact) -> State | None:
        """State after a fact that is about to be closed; None if it is not known."""
        known = self._states.pop((fact[0], fact[1]), None)
        return known[1] if known is not None and known[0] is fact else None

    def forget(self) -> None:
        """The past is another one now."""
        self._states.clear()
