"""Closing the past: what is older than the return window goes into the base."""

from loyalty.applying import Fact, apply
from loyalty.book import Book
from loyalty.facts import ActFact, OrderFact
from loyalty.limits import ACTS_MAX, DAY_MS, ORDERS_MAX
from loyalty.member import State
from loyalty.program import Program
from loyalty.replay import sort_key
from loyalty.turn import Turn


def close_past(turn: Turn, program: Program) -> None:
    """Fold what is older than the return window, or too much, into the base."""
    closed_at = turn.clock_at - program.return_window_days * DAY_MS
    orders, acts = turn.orders, turn.acts
    is_open = (
        (not orders or orders[0].at >= closed_at)
        and (not acts or acts[0].at >= closed_at)
        and len(orders) <= ORDERS_MAX
        and len(acts) <= ACTS_MAX
    )
    if is_open:
        return
    closing = _Closing(turn)
    while True:
        fact = _oldest(orders, acts)
        is_excess = len(orders) > ORDERS_MAX or len(acts) > ACTS_MAX
        if fact is None or (fact.at >= closed_at and not is_excess):
            break
        closing.take(fact)
        turn.horizon_at = fact.at
        if isinstance(fact, OrderFact):
            orders = orders[1:]
        else:
            acts = acts[1:]
    turn.base = closing.base()
    turn.orders, turn.acts = orders, acts


class _Closing:
    """The base on its way through facts, by the trail where it knows the state."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._base = turn.base
        self._book: Book | None = None

    def take(self, fact: Fact) -> None:
        turn = self._turn
        state = None if turn.trail is None else turn.trail.take(fact)
        if state is not None:
            self._base, self._book = state, None
            return
        if self._book is None:
            self._book = Book(self._base, turn.member_id)
        apply(self._book, fact, programs=turn.programs)

    def base(self) -> State:
        return self._base if self._book is None else self._book.close()


def _oldest(orders: tuple[OrderFact, ...], acts: tuple[ActFact, ...]) -> Fact | None:
    oldest: list[Fact] = [*orders[:1], *acts[:1]]
    return min(oldest, key=sort_key, default=None)
