"""What came out: totals, what each unit is discounted by, and why, or why not."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from loyalty.baskets.discounts import (
    BUNDLE,
    BUY_GET,
    FREE_DELIVERY,
    FREE_ITEM,
    PAYMENT,
    UPGRADE,
)

NO_MATCH: Final = "no-match"
NO_EFFECT: Final = "no-effect"
UNITS_MISSING: Final = "units-missing"
NO_PRICE: Final = "no-price"
BETTER_CHOICE: Final = "better-choice"
ALL_OR_NOTHING_BROKEN: Final = "all-or-nothing"

_NO_DECIMALS: Final = frozenset(
    {"CLP", "ISK", "JPY", "KRW", "VND", "XAF", "XOF", "XPF"}
)
_THREE_DECIMALS: Final = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_SIGNS: Final = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}

_VERBS: Final = {
    BUY_GET: "off what was got with what was bought",
    BUNDLE: "off as a bundle",
    FREE_DELIVERY: "off the delivery",
    FREE_ITEM: "off as a free item",
    PAYMENT: "paid",
    UPGRADE: "off as an upgrade",
}
_WHY_NOT: Final = {
    "below-minimum": "{money} more is needed",
    "above-maximum": "{money} less is needed",
    "too-few-units": "{units} more needed",
    "too-many-units": "{units} too many",
    "order-to-come": "it is for the order that comes {distance} later",
    "order-passed": "it was for an order {distance} earlier",
    "order-unknown": "it is for a certain order, and nobody knows how many came before",
    "no-match": "nothing that still costs something matches",
    "no-effect": "it takes nothing off: nothing is left, or a floor keeps the price",
    "units-missing": "{units} more needed for the set",
    "no-price": "the price of what it upgrades to is not known",
    "excluded": "{other} excludes it",
    "group-full": "group {other} has its limit of {distance}",
    "category-full": "category {other} has its limit of {distance}",
    "stack-full": "the limit of {distance} discounts is reached",
    "better-choice": "{other} gives more",
    "all-or-nothing": "{other} does not apply, and the policy is all or nothing",
}


# Position of a line, first unit in it, how many units, what each is lowered by.
Move = tuple[int, int, int, int]


class Effect(NamedTuple):
    """
    What some equal units of a line are discounted by, each by `amount_minor`.

    The units are numbered from 0 within their line: `first_unit` and the
    `unit_count - 1` after it.
    """

    position: int
    first_unit: int
    unit_count: int
    amount_minor: int


class UnitEffect(NamedTuple):
    """One discount of one unit: position of the line, of the unit in it, amount."""

    discount_id: str
    position: int
    sub_position: int
    amount_minor: int


class Replacement(NamedTuple):
    """Units of a line that were replaced, each by `to_quantity` of another sku."""

    position: int
    first_unit: int
    unit_count: int
    from_sku: str
    to_sku: str
    to_quantity: int
    to_price_minor: int


class Applied(NamedTuple):
    """A discount or payment that applies: how much, how often, on which units."""

    discount_id: str
    name: str
    kind: str
    amount_minor: int
    times: int
    moves: tuple[Move, ...]
    replaced: tuple[Replacement, ...]
    currency: str

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What it does to which units, named when asked for."""
        return tuple(Effect(*move) for move in self.moves)

    @property
    def why(self) -> str:
        """One sentence for people."""
        paid = money(self.amount_minor, self.currency)
        often = f", {self.times} times" if self.times > 1 else ""
        return f"{self.name}: {paid} {_VERBS.get(self.kind, 'off')}{often}."


class NotApplied(NamedTuple):
    """
    A discount that does not apply: a stable reason, and how far it is from applying.

    `distance` is minor units, units or orders, as the reason says; `condition`
    is the place of the condition that fails, -1 if it is none of them.
    """

    discount_id: str
    name: str
    reason: str
    distance: int
    condition: int
    other: str
    currency: str

    @property
    def why_not(self) -> str:
        """One sentence for people."""
        number = self.distance
        sentence = _WHY_NOT[self.reason].format(
            money=money(number, self.currency),
            units=f"{number} unit" if number == 1 else f"{number} units",
            distance=number,
            other=self.other,
        )
        return f"{self.name}: {sentence}."


class BasketResult(NamedTuple):
    """
    What a basket would cost, minor units.

    after = before + replaced - discount, and due = after - paid.
    `replaced_minor` is what replaced items cost more than those that came.
    `line_discounts_minor` and `line_totals_minor` go by position of the line.
    """

    before_minor: int
    replaced_minor: int
    discount_minor: int
    paid_minor: int
    line_discounts_minor: tuple[int, ...]
    line_totals_minor: tuple[int, ...]
    applied: tuple[Applied, ...]
    not_applied: tuple[NotApplied, ...]

    @property
    def after_minor(self) -> int:
        """What the basket costs after all discounts, paid with whatever."""
        return self.before_minor + self.replaced_minor - self.discount_minor

    @property
    def due_minor(self) -> int:
        """What is left to pay after gift cards and points."""
        return self.after_minor - self.paid_minor


def effects_of_units(
    result: BasketResult, position: int, *, first_unit: int, count: int
) -> Iterator[UnitEffect]:
    """
    Discounts of some units of a line, one by one: what giving them back undoes.

    Payments are not among them. In the order of application, then of the units.
    """
    end = first_unit + count
    for applied in result.applied:
        if applied.kind == PAYMENT:
            continue
        for effect in applied.effects:
            if effect.position == position:
                first = max(first_unit, effect.first_unit)
                last = min(end, effect.first_unit + effect.unit_count)
                for unit in range(first, last):
                    yield UnitEffect(
                        applied.discount_id, position, unit, effect.amount_minor
                    )


def money(amount_minor: int, currency: str) -> str:
    """An amount for people: $4.50, or 4.50 SEK where no sign is known."""
    decimals = (
        0 if currency in _NO_DECIMALS else 3 if currency in _THREE_DECIMALS else 2
    )
    whole, part = divmod(amount_minor, 10**decimals)
    text = f"{whole:,}.{part:0{decimals}d}" if decimals else f"{whole:,}"
    sign = _SIGNS.get(currency)
    return f"{sign}{text}" if sign else f"{text} {currency}"
