"""What discounts a basket, from a document; `docs/discounts.md` describes the form."""

from collections.abc import Sequence
from typing import NamedTuple

from loyalty.baskets.allocation import REMAINDERS
from loyalty.baskets.discount_document import FormulaReader, choice_or_none, discount
from loyalty.baskets.discount_formula import discount_formula
from loyalty.baskets.discounts import DISCOUNTED, INITIAL, Discount
from loyalty.baskets.stacking import (
    ALL_OR_NOTHING,
    BEST_ONE,
    BEST_TOGETHER,
    BY_ID,
    CATEGORY_KINDS,
    DROP,
    EVERY,
    FIRST_COME,
    KEEP,
    ONCE,
    ORDERS,
    PARTIAL,
    REQUESTED,
    SHARED,
    WINS,
    Category,
    Group,
    StackingPolicy,
)
from loyalty.conditions import DOWN, NEAREST, UP
from loyalty.document import Node
from loyalty.limits import (
    AMOUNT_MINOR_MAX,
    BASKET_DISCOUNTS_MAX,
    PRICE_FLOORS_MAX,
    STACKING_GROUPS_MAX,
)

__all__ = [
    "BasketRules",
    "basket_rules",
    "check_together",
    "discount",
    "price_floors",
    "stacking_policy",
]


class BasketRules(NamedTuple):
    """All that discounts a basket: discounts, how they stack, floors by sku."""

    discounts: tuple[Discount, ...]
    policy: StackingPolicy
    floors: dict[str, int]


def basket_rules(node: Node, *, formulas: FormulaReader | None = None) -> BasketRules:
    """Read `discounts`, `stacking` and `floors` of one document, and check them."""
    stacking = node.part("stacking")
    rules = BasketRules(
        node.each(
            "discounts",
            lambda one: discount(one, formulas=formulas),
            BASKET_DISCOUNTS_MAX,
        ),
        stacking_policy(stacking),
        price_floors(node),
    )
    stacking.close()
    check_together(rules.discounts, rules.policy, node)
    return rules


def basket_rules_or_none(node: Node) -> BasketRules | None:
    """Read what a program says of discounts; None when it has none."""
    rules = basket_rules(node, formulas=discount_formula)
    return rules if rules.discounts else None


def stacking_policy(node: Node) -> StackingPolicy:
    """Read how discounts go together; every fault is noted on the node."""
    policy = StackingPolicy(
        order=node.choice("order", ORDERS),
        ties=node.choice("ties", (BY_ID, REQUESTED)),
        always_last=node.flag("always_last"),
        base=node.choice("base", (DISCOUNTED, INITIAL)),
        exclusive=node.choice("exclusive", (WINS, FIRST_COME)),
        exclusives_max=_count(node, "exclusives_max", minimum=1, default=1),
        applied_max=_count(node, "applied_max"),
        groups=node.each("groups", _group, STACKING_GROUPS_MAX),
        categories=node.each("categories", _category, STACKING_GROUPS_MAX),
        units=node.choice("units", (SHARED, ONCE)),
        no_effect=node.choice("no_effect", (DROP, KEEP)),
        validation=node.choice("validation", (PARTIAL, ALL_OR_NOTHING)),
        choice=node.choice("choice", (EVERY, BEST_ONE, BEST_TOGETHER)),
        rounding=node.choice("rounding", (NEAREST, DOWN, UP)),
        remainder=node.choice("remainder", REMAINDERS),
    )
    _check_unique([one.group for one in policy.groups], "groups", node)
    _check_unique([one.category for one in policy.categories], "categories", node)
    if policy.choice != EVERY and policy.validation == ALL_OR_NOTHING:
        node.fault("validation", "a choice of the best leaves others out")
    return policy


def price_floors(node: Node, name: str = "floors") -> dict[str, int]:
    """Read the prices below which no discount brings a sku, minor units."""
    floors = node.each(name, _floor, PRICE_FLOORS_MAX)
    _check_unique([sku for sku, _ in floors], name, node)
    return dict(floors)


def check_together(
    discounts: Sequence[Discount],
    policy: StackingPolicy,
    node: Node,
    *,
    name: str = "discounts",
) -> None:
    """Note ids used twice, and groups and categories that the policy does not have."""
    _check_unique([one.discount_id for one in discounts], name, node)
    groups = {one.group for one in policy.groups}
    categories = {one.category for one in policy.categories}
    for index, one in enumerate(discounts):
        if one.group and one.group not in groups:
            node.fault(f"{name}/{index}/group", f"there is no group {one.group!r}")
        if one.category and one.category not in categories:
            message = f"there is no category {one.category!r}"
            node.fault(f"{name}/{index}/category", message)


def _count(node: Node, name: str, *, minimum: int = 0, default: int = 0) -> int:
    return node.number(
        name, minimum=minimum, maximum=BASKET_DISCOUNTS_MAX, default=default
    )


def _group(node: Node) -> Group:
    return Group(node.text("id"), _count(node, "limit", minimum=1, default=1))


def _category(node: Node) -> Category:
    return Category(
        category=node.text("id"),
        kind=node.choice("kind", CATEGORY_KINDS),
        limit=_count(node, "limit"),
        hierarchy=node.number("hierarchy", default=0),
        base=choice_or_none(node, "base", (INITIAL, DISCOUNTED)),
        no_effect=choice_or_none(node, "no_effect", (DROP, KEEP)),
    )


def _floor(node: Node) -> tuple[str, int]:
    return node.text("sku"), node.number("price_minor", maximum=AMOUNT_MINOR_MAX)


def _check_unique(ids: Sequence[str], name: str, node: Node) -> None:
    seen: set[str] = set()
    for index, one in enumerate(ids):
        if one in seen:
            node.fault(f"{name}/{index}", f"{one!r} is used twice")
        seen.add(one)
