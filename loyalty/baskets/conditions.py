"""What must hold before a discount applies, and how far it is from holding."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from loyalty.baskets.discounts import (
    AMOUNT,
    INITIAL,
    POLICY,
    QUANTITY,
    Condition,
    Discount,
)
from loyalty.baskets.units import Units

BELOW_MINIMUM: Final = "below-minimum"
ABOVE_MAXIMUM: Final = "above-maximum"
TOO_FEW_UNITS: Final = "too-few-units"
TOO_MANY_UNITS: Final = "too-many-units"
ORDER_TO_COME: Final = "order-to-come"
ORDER_PASSED: Final = "order-passed"
ORDER_UNKNOWN: Final = "order-unknown"

_NO_FLOORS: Final[Mapping[str, int]] = {}


class BasketContext(NamedTuple):
    """
    What is known beside the basket.

    `earlier_orders` are the member's orders before this one that were not
    cancelled, -1 if nobody knows. `floors` are minor units by sku: no discount
    brings a unit below its floor. `currency` is for sentences only.
    """

    earlier_orders: int = -1
    floors: Mapping[str, int] = _NO_FLOORS
    currency: str = "USD"


class Unmet(NamedTuple):
    """The first condition that does not hold: its place, why not, and how far off."""

    condition: int
    reason: str
    distance: int = 0


def first_unmet(
    discount: Discount, units: Units, context: BasketContext, *, base: str
) -> Unmet | None:
    """First condition of a discount that does not hold; None if all do."""
    for index, condition in enumerate(discount.conditions):
        if condition.kind == AMOUNT:
            of = base if condition.of == POLICY else condition.of
            amounts = units.initial if of == INITIAL else units.left
            value = sum(amounts[i] for i in units.indexes(condition.match))
            reasons = (BELOW_MINIMUM, ABOVE_MAXIMUM)
        elif condition.kind == QUANTITY:
            lines = units.lines
            value = sum(lines[i].quantity for i in units.indexes(condition.match))
            reasons = (TOO_FEW_UNITS, TOO_MANY_UNITS)
        else:
            unmet = _order_number(condition, context.earlier_orders, index)
            if unmet:
                return unmet
            continue
        if value < condition.minimum:
            return Unmet(index, reasons[0], condition.minimum - value)
        if value > condition.maximum:
            return Unmet(index, reasons[1], value - condition.maximum)
    return None


def _order_number(
    condition: Condition, earlier_orders: int, index: int
) -> Unmet | None:
    if earlier_orders < 0:
        return Unmet(index, ORDER_UNKNOWN)
    number = earlier_orders + 1
    if number == condition.minimum:
        return None
    if number < condition.minimum:
        return Unmet(index, ORDER_TO_COME, condition.minimum - number)
    if not condition.every:
        return Unmet(index, ORDER_PASSED, number - condition.minimum)
    past = (number - condition.minimum) % condition.every
    return Unmet(index, ORDER_TO_COME, condition.every - past) if past else None
