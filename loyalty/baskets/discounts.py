"""Discounts as data: what each takes off, from which units, on what conditions."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from loyalty.conditions import ANY_LINE, LineMatch

PERCENT: Final = "percent"
AMOUNT: Final = "amount"
FIXED_PRICE: Final = "fixed_price"
FREE_ITEM: Final = "free_item"
BUY_GET: Final = "buy_get"
UPGRADE: Final = "upgrade"
BUNDLE: Final = "bundle"
FREE_DELIVERY: Final = "free_delivery"
FORMULA: Final = "formula"
PAYMENT: Final = "payment"
KINDS: Final = (
    PERCENT,
    AMOUNT,
    FIXED_PRICE,
    FREE_ITEM,
    BUY_GET,
    UPGRADE,
    BUNDLE,
    FREE_DELIVERY,
    FORMULA,
    PAYMENT,
)

PER_LINE: Final = "per_line"
PER_UNIT: Final = "per_unit"
BY_AMOUNT: Final = "split_by_amount"
BY_QUANTITY: Final = "split_by_quantity"
SPREADS: Final = (BY_AMOUNT, BY_QUANTITY, PER_LINE, PER_UNIT)

UNIT: Final = "unit"
LINE: Final = "line"
AS_GIVEN: Final = "as_given"
CHEAPEST: Final = "cheapest"
DEAREST: Final = "dearest"

QUANTITY: Final = "quantity"
ORDER_NUMBER: Final = "order_number"

POLICY: Final = "policy"
INITIAL: Final = "initial"
DISCOUNTED: Final = "discounted"

WHOLE_BP: Final = 10_000
NO_MAXIMUM: Final = 1 << 62
DELIVERY_LINES: Final = LineMatch(kinds=frozenset({"DELIVERY"}))
PAYABLE_LINES: Final = LineMatch(kinds=frozenset({"ITEM", "DELIVERY", "FEE", "TIP"}))

# What a formula may ask for; amounts in minor units.
FORMULA_NAMES: Final = (
    "unit_price_minor",
    "quantity",
    "amount_minor",
    "basket_minor",
    "units",
)
Formula = Callable[[Mapping[str, int]], int]


class Selection(NamedTuple):
    """
    Which of the matching units, or lines, a discount takes.

    They are lined up as given, cheapest or dearest first (by the line's unit
    price; ties as given); the first `skip` are left out, then the next one and
    every `every`-th after it are taken, at most `most` of them and
    `most_per_line` units of a line (0: no limit). Lines whose unit price is not
    within the two prices, both included, are not in the line-up.
    """

    by: str = UNIT
    start: str = AS_GIVEN
    skip: int = 0
    every: int = 1
    most: int = 0
    most_per_line: int = 0
    lowest_price_minor: int = 0
    highest_price_minor: int = NO_MAXIMUM


EVERYTHING: Final = Selection()


class Part(NamedTuple):
    """So many units that match: one side of buy and get, or a part of a bundle."""

    match: LineMatch
    quantity: int = 1


class Upgrade(NamedTuple):
    """
    One unit of a sku is replaced by `to_quantity` units of another.

    `to_price_minor` is the price of one of these; -1 takes it from the basket,
    where a line must then have that sku.
    """

    from_sku: str
    to_sku: str
    to_price_minor: int = -1
    to_quantity: int = 1


class Condition(NamedTuple):
    """
    What must hold before a discount applies: a number between two bounds.

    `amount`: money of the matching lines, minor units, as they came (`initial`),
    after what was applied so far (`discounted`), or whichever of both the
    policy calculates from (`policy`). `quantity`: their units. `order_number`:
    the member's n-th order is `minimum`, and, if `every` is not 0, every
    `every`-th order after it too.
    """

    kind: str
    minimum: int = 0
    maximum: int = NO_MAXIMUM
    of: str = POLICY
    match: LineMatch = ANY_LINE
    every: int = 0


class Discount(NamedTuple):
    """
    One discount; `value` is basis points of a percent, else minor units.

    `off` says what `value` is where the kind does not: percent, amount or
    fixed price of the units got, or of a whole bundle. `limit_minor` and
    `line_limit_minor` bound what it gives in all and on one line (0: no limit);
    `times_max` how often a set counts (0: as often as it is there). With `buy` a
    discount that is not of sets itself counts once for each set of these parts.
    An empty `spread` or `base` is the kind's or the policy's own.
    """

    discount_id: str
    name: str
    kind: str
    value: int = 0
    off: str = PERCENT
    match: LineMatch = ANY_LINE
    spread: str = ""
    selection: Selection = EVERYTHING
    conditions: tuple[Condition, ...] = ()
    limit_minor: int = 0
    line_limit_minor: int = 0
    buy: tuple[Part, ...] = ()
    get: tuple[Part, ...] = ()
    times_max: int = 0
    upgrades: tuple[Upgrade, ...] = ()
    formula: Formula | None = None
    priority: int = 0
    group: str = ""
    category: str = ""
    is_exclusive: bool = False
    only_undiscounted: bool = False
    base: str = ""


def measure(discount: Discount) -> tuple[str, int]:
    """What the value is, and the value: of free things the whole price."""
    kind = discount.kind
    if kind in {FREE_ITEM, FREE_DELIVERY}:
        return PERCENT, WHOLE_BP
    if kind in {BUY_GET, BUNDLE}:
        return discount.off, discount.value
    return (AMOUNT if kind == PAYMENT else kind), discount.value


def spread_of(discount: Discount) -> str:
    """How the amount is spread, by default once over everything by amount."""
    if discount.spread:
        return discount.spread
    if discount.kind in {FREE_ITEM, FIXED_PRICE, BUY_GET, UPGRADE}:
        return PER_UNIT
    return PER_LINE if discount.kind == FREE_DELIVERY else BY_AMOUNT


def target_of(discount: Discount) -> LineMatch:
    """Lines that it looks at: items, of an upgrade those that it can replace."""
    if discount.match is ANY_LINE:
        if discount.kind == FREE_DELIVERY:
            return DELIVERY_LINES
        if discount.kind == PAYMENT:
            return PAYABLE_LINES
    if discount.kind == UPGRADE:
        skus = frozenset(upgrade.from_sku for upgrade in discount.upgrades)
        if discount.match.skus:
            skus &= discount.match.skus
        # No sku at all would be every sku, so then no kind of line matches.
        kinds = discount.match.kinds if skus else frozenset[str]()
        return discount.match._replace(skus=skus, kinds=kinds)
    return discount.match
