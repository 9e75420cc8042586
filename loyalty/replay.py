"""Facts in the order of their times, from a state before them to what they come to."""

from collections import Counter as Multiset
from collections.abc import Iterator
from heapq import merge
from typing import NamedTuple

from loyalty.applying import Fact, apply, fact_id
from loyalty.book import Book
from loyalty.decision import BURN, CORRECT, HOLD, REINSTATE, REVERSE, Happening
from loyalty.facts import ActFact, OrderFact
from loyalty.member import State
from loyalty.movements import BudgetUse, Credit, Movement, Sent
from loyalty.passing import pass_time
from loyalty.program import Programs


class Journal(NamedTuple):
    """Facts that can still change: orders, and all else; each sorted by time and id."""

    orders: tuple[OrderFact, ...]
    acts: tuple[ActFact, ...]


class Difference(NamedTuple):
    """What has to be said when the past turns out to have been another."""

    movements: list[Movement]
    happenings: list[Happening]
    credits: list[Credit]
    sent: list[Sent]
    claims: list[BudgetUse]


def sort_key(fact: Fact) -> tuple[int, str]:
    """By time, then by id: there are no ties."""
    return (fact.at, fact_id(fact))


def replay(
    base: State, journal: Journal, until: int, *, programs: Programs, member_id: str
) -> Book:
    """Go through a journal from a state, and on to a time."""
    book = Book(base, member_id)
    return _go(book, in_order(journal), until, programs=programs)


def in_order(journal: Journal) -> list[Fact]:
    """Facts of a journal by time, then id."""
    if not journal.acts:
        return list(journal.orders)
    facts: Iterator[Fact] = merge(journal.orders, journal.acts, key=sort_key)
    return list(facts)


def replay_both(
    base: State,
    journals: tuple[Journal, Journal],
    until: int,
    *,
    programs: Programs,
    member_id: str,
) -> tuple[Book, Book]:
    """
    Go through a journal as it was and as it is now.

    What both have in common at the start is gone through once: what comes a
    little late costs little more than one way through.
    """
    was, now = in_order(journals[0]), in_order(journals[1])
    common = 0
    for one, other in zip(was, now, strict=False):
        if one is not other:
            break
        common += 1
    before = Book(base, member_id)
    for fact in was[:common]:
        apply(before, fact, programs=programs)
    state = before.close()
    return (
        _go(Book(state, member_id), was[common:], until, programs=programs),
        _go(Book(state, member_id), now[common:], until, programs=programs),
    )


def _go(book: Book, facts: list[Fact], until: int, *, programs: Programs) -> Book:
    for fact in facts:
        apply(book, fact, programs=programs)
    if 0 < book.next_due_at <= until:
        pass_time(book, until, programs=programs)
    return book


def difference(
    before: Book, after: Book, *, own_id: str, is_return: bool, at: int
) -> Difference:
    """
    What to add to the ledger so that it says what it would have said.

    Movements of the event's own (an order that comes late) stand as they are;
    of everything else one entry a lot says by how much it was wrong, at the time
    when that came out.
    """
    own, deltas = _movement_deltas(before.movements, after.movements, own_id=own_id)
    corrections = [
        _correction(deltas[lot_key], is_return=is_return, at=at)
        for lot_key in sorted(deltas)
        if sum(one.points for one in deltas[lot_key]) != 0
    ]
    movements = [*own, *corrections]
    # Points come before they go: so no balance in between is below both ends.
    movements.sort(key=lambda movement: movement.points < 0)
    return Difference(
        movements,
        _happening_deltas(before.happenings, after.happenings),
        _credit_deltas(before.credits, after.credits),
        _sent_deltas(before.sent, after.sent),
        _claim_deltas(before.claims, after.claims, own_id),
    )


_LotKey = tuple[str, str]
# A movement without its points and time: what it is about.
_MovementKey = tuple[str, str, str, str, str, str, int, str]


def _movement_deltas(
    before: list[Movement], after: list[Movement], *, own_id: str
) -> tuple[list[Movement], dict[_LotKey, list[Movement]]]:
    """Movements of our own that are new, and by lot those that differ."""
    sums: dict[_MovementKey, int] = {}
    shown: dict[_MovementKey, Movement] = {}
    known: set[_MovementKey] = set()
    for movement in before:
        key = movement[:8]
        sums[key] = sums.get(key, 0) - movement.points
        shown[key] = movement
        known.add(key)
    for movement in after:
        key = movement[:8]
        sums[key] = sums.get(key, 0) + movement.points
        shown[key] = movement
    own: list[Movement] = []
    deltas: dict[_LotKey, list[Movement]] = {}
    for key, points in sums.items():
        if points == 0:
            continue
        movement = shown[key]._replace(points=points)
        is_own = own_id in (movement.order_id, movement.reference)
        if is_own and key not in known:
            own.append(movement)
        else:
            lot_key = (movement.wallet, movement.lot_id)
            deltas.setdefault(lot_key, []).append(movement)
    return own, deltas


def _correction(movements: list[Movement], *, is_return: bool, at: int) -> Movement:
    points = sum(movement.points for movement in movements)
    kind = CORRECT
    if is_return and points < 0:
        kind = REVERSE
    elif is_return and any(one.kind in {BURN, HOLD} for one in movements):
        kind = REINSTATE
    return movements[0]._replace(kind=kind, points=points, at=at)


def _happening_deltas(
    before: list[Happening], after: list[Happening]
) -> list[Happening]:
    was, now = Multiset(before), Multiset(after)
    came = list((now - was).elements())
    gone = [
        one._replace(kind=f"{one.kind}-undone", why=f"no longer: {one.why}")
        for one in (was - now).elements()
    ]
    return [*came, *gone]


def _credit_deltas(before: list[Credit], after: list[Credit]) -> list[Credit]:
    sums: dict[Credit, int] = {}
    for sign, found in ((-1, before), (1, after)):
        for credit in found:
            key = credit._replace(points=0)
            sums[key] = sums.get(key, 0) + sign * credit.points
    return [
        key._replace(points=points) for key, points in sorted(sums.items()) if points
    ]


def _sent_deltas(before: list[Sent], after: list[Sent]) -> list[Sent]:
    """What the other members of merges have too little, or too much."""
    if before == after:
        return []
    sums: dict[Sent, int] = {}
    for sign, found in ((-1, before), (1, after)):
        for sent in found:
            key = sent._replace(parcel=sent.parcel._replace(points=0))
            sums[key] = sums.get(key, 0) + sign * sent.parcel.points
    return [
        key._replace(parcel=key.parcel._replace(points=points))
        for key, points in sorted(sums.items())
        if points
    ]


def _claim_deltas(
    before: list[BudgetUse], after: list[BudgetUse], own_id: str
) -> list[BudgetUse]:
    """What the event's own rules want of budgets beyond what they asked already."""
    asked: dict[str, int] = {}
    for use in before:
        if use.order_id == own_id:
            asked[use.rule_id] = asked.get(use.rule_id, 0) + use.points
    found = []
    for use in after:
        if use.order_id != own_id:
            continue
        known = min(asked.get(use.rule_id, 0), use.points)
        asked[use.rule_id] = asked.get(use.rule_id, 0) - known
        if use.points > known:
            found.append(use._replace(points=use.points - known))
    return found
