"""What the ledger, other members and budgets are told when the past was another."""

from collections import Counter as Multiset
from typing import NamedTuple

from loyalty.book import Book
from loyalty.decision import BURN, CORRECT, HOLD, REINSTATE, REVERSE, Happening
from loyalty.movements import BudgetUse, Credit, Movement, Sent


class Difference(NamedTuple):
    """What has to be said when the past turns out to have been another."""

    movements: list[Movement]
    happenings: list[Happening]
    credits: list[Credit]
    sent: list[Sent]
    claims: list[BudgetUse]


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
