"""Which lines of an order a rule looks at, and what they come to; each match once."""

from typing import Final, NamedTuple

from loyalty.conditions import ANY_LINE, LineMatch
from loyalty.events import ITEM, OrderEvent, OrderLine
from loyalty.facts import LineFact
from loyalty.limits import LINES_KEPT_MAX
from loyalty.program import AFTER_TAX, PAID, Program

# All places of an order of so many lines: nearly every order is shorter.
_ALL_PLACES: Final = [tuple(range(count)) for count in range(LINES_KEPT_MAX)]


class Matched(NamedTuple):
    """Lines that a rule looks at: their places, money that counts, and units."""

    places: tuple[int, ...]
    amount_minor: int
    units: int


class Basket:
    """An order's lines, summed once for each set of rules that look at the same."""

    __slots__ = ("_known", "_whole", "amounts", "order")

    def __init__(self, order: OrderEvent, program: Program) -> None:
        """Work out what each line counts for."""
        self.order = order
        self.amounts = line_amounts(order, program)
        # What most rules look at, and what the others do: most orders have none.
        self._whole: Matched | None = None
        self._known: dict[int, Matched] | None = None

    def of(self, match: LineMatch) -> Matched:
        """What the lines of a match come to; matches are known by identity."""
        if match is ANY_LINE:
            whole = self._whole
            if whole is None:
                whole = self._whole = self._sum_all()
            return whole
        if self._known is None:
            self._known = {}
        known = self._known.get(id(match))
        if known is None:
            known = self._known[id(match)] = self._sum(match)
        return known

    def _sum(self, match: LineMatch) -> Matched:
        amount = units = 0
        places = []
        amounts = self.amounts
        for place, line in enumerate(self.order.lines):
            if matches(match, line):
                places.append(place)
                amount += amounts[place]
                units += line.quantity
        return Matched(tuple(places), amount, units)

    def _sum_all(self) -> Matched:
        """Sum of all items, told without a call for each line."""
        lines, amounts = self.order.lines, self.amounts
        amount = units = count = 0
        for place, line in enumerate(lines):
            if line.kind == ITEM:
                amount += amounts[place]
                units += line.quantity
                count += 1
        if count == len(lines) and count < len(_ALL_PLACES):
            return Matched(_ALL_PLACES[count], amount, units)
        places = [place for place, line in enumerate(lines) if line.kind == ITEM]
        return Matched(tuple(places), amount, units)


def line_amounts(order: OrderEvent, program: Program) -> list[int]:
    """
    Money of each line that counts: after discounts, with or without tax, >= 0.

    Where only what is paid counts, less each line's share of what points paid.
    """
    amounts = _price_amounts(order, program)
    with_points = paid_with_points_minor(order, program)
    return _less(amounts, with_points) if with_points else amounts


def paid_with_points_minor(order: OrderEvent, program: Program) -> int:
    """Money of an order that reservations of points paid and that does not count."""
    if program.earn_on != PAID or not order.applied:
        return 0
    paid = sum(one.amount_minor for one in order.applied if one.reservation_id)
    return min(paid, order.subtotal_minor)


def _less(amounts: list[int], with_points: int) -> list[int]:
    """Amounts less their shares; shares are rounded so that they come to the whole."""
    total = sum(amounts)
    with_points = min(with_points, total)
    left = []
    reached = shared = 0
    for amount in amounts:
        reached += amount
        share = reached * with_points // total - shared if total else 0
        shared += share
        left.append(amount - share)
    return left


def _price_amounts(order: OrderEvent, program: Program) -> list[int]:
    after_tax = program.tax_basis == AFTER_TAX
    tax_sign = 0
    if after_tax and not program.prices_include_tax:
        tax_sign = 1
    elif not after_tax and program.prices_include_tax:
        tax_sign = -1
    if not tax_sign:
        return [
            line.quantity * line.unit_price_minor - line.discount_minor
            for line in order.lines
        ]
    return [
        max(
            line.quantity * line.unit_price_minor
            - line.discount_minor
            + tax_sign * line.tax_minor,
            0,
        )
        for line in order.lines
    ]


def matches(match: LineMatch, line: OrderLine) -> bool:
    """Whether a rule looks at a line."""
    if line.kind not in match.kinds:
        return False
    if match is ANY_LINE:
        return True
    if match.skus and line.sku not in match.skus:
        return False
    if match.categories and line.category not in match.categories:
        return False
    labels = line.labels
    # Sets are asked only where they have something: most rules exclude nothing.
    if match.labels and (not labels or match.labels.isdisjoint(labels)):
        return False
    if match.excluded_skus and line.sku in match.excluded_skus:
        return False
    if match.excluded_categories and line.category in match.excluded_categories:
        return False
    return not match.excluded_labels or match.excluded_labels.isdisjoint(labels)


def line_facts(fed: list[Matched], basket: Basket) -> tuple[LineFact, ...]:
    """Lines as returns need them; none of a very long order: money tells there."""
    lines, amounts = basket.order.lines, basket.amounts
    # What a reward paid for may earn nothing, and still be given back by its lines.
    if not (fed or basket.order.applied) or len(lines) > LINES_KEPT_MAX:
        return ()
    # Bits of what looks at all lines; and of the others, by line, if there are any.
    of_all, bit = 0, 1
    masks: list[int] | None = None
    for matched in fed:
        places = matched.places
        # Most rules look at everything.
        if len(places) == len(lines):
            of_all |= bit
        else:
            if masks is None:
                masks = [0] * len(lines)
            for place in places:
                masks[place] |= bit
        bit <<= 1
    return tuple(
        [
            LineFact(
                line.line_id,
                line.quantity,
                amounts[place],
                of_all if masks is None else masks[place] | of_all,
            )
            for place, line in enumerate(lines)
        ]
    )
