"""How several discounts go together: their order, what excludes what, how many."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from loyalty.baskets.allocation import LARGEST
from loyalty.baskets.discounts import DISCOUNTED, NO_MAXIMUM, PAYMENT, Discount
from loyalty.conditions import NEAREST

PRIORITY: Final = "priority"
LOWEST_FIRST: Final = "lowest_first"
REQUESTED: Final = "requested"
HIERARCHY: Final = "hierarchy"
ORDERS: Final = (PRIORITY, LOWEST_FIRST, REQUESTED, HIERARCHY)

BY_ID: Final = "id"

JOINT: Final = "joint"
EXCLUSIVE: Final = "exclusive"
ALWAYS: Final = "always"
CATEGORY_KINDS: Final = (JOINT, EXCLUSIVE, ALWAYS)

WINS: Final = "wins"
FIRST_COME: Final = "first_come"

SHARED: Final = "shared"
ONCE: Final = "once"

DROP: Final = "drop"
KEEP: Final = "keep"

PARTIAL: Final = "partial"
ALL_OR_NOTHING: Final = "all_or_nothing"

EVERY: Final = "every"
BEST_ONE: Final = "best_one"
BEST_TOGETHER: Final = "best_together"

IS_EXCLUDED: Final = "excluded"
GROUP_FULL: Final = "group-full"
CATEGORY_FULL: Final = "category-full"
STACK_FULL: Final = "stack-full"


class Group(NamedTuple):
    """Discounts of which at most `limit` apply together."""

    group: str
    limit: int = 1


class Category(NamedTuple):
    """
    A kind of discounts: joint ones go together, not with exclusive ones.

    What is always stackable goes with everything. At most `limit` of the
    category apply (0: no limit). `hierarchy`, lowest first, is the order of
    application if the policy says so. `base` and `no_effect`, unless empty, hold in
    place of the policy's.
    """

    category: str
    kind: str = JOINT
    limit: int = 0
    hierarchy: int = 0
    base: str = ""
    no_effect: str = ""


class StackingPolicy(NamedTuple):
    """
    How several discounts go together.

    `order`: by priority, higher or lower first, by the categories' hierarchy
    (no category comes last), or as requested; ties by id or as requested.
    `base`: percents and splits count from the price as it came (`initial`) or
    from what is left (`discounted`). `exclusive`: an exclusive discount that
    applies takes the place of the joint ones (`wins`), or whichever comes first
    keeps the other out (`first_come`); at most `exclusives_max` of them apply.
    `applied_max`: how many apply in all (0: no
    limit). `units`: a unit may be discounted again (`shared`) or not (`once`).
    """

    order: str = PRIORITY
    ties: str = BY_ID
    always_last: bool = False
    base: str = DISCOUNTED
    exclusive: str = WINS
    exclusives_max: int = 1
    applied_max: int = 0
    groups: tuple[Group, ...] = ()
    categories: tuple[Category, ...] = ()
    units: str = SHARED
    no_effect: str = DROP
    validation: str = PARTIAL
    choice: str = EVERY
    rounding: str = NEAREST
    remainder: str = LARGEST


STACK_ALL: Final = StackingPolicy()


def in_order(
    discounts: Sequence[Discount], policy: StackingPolicy
) -> tuple[Discount, ...]:
    """Discounts in the order in which they apply; no tie is left open."""
    ordered = list(discounts)
    if policy.order != REQUESTED:
        if policy.ties == BY_ID:
            ordered.sort(key=lambda discount: discount.discount_id)
        ordered.sort(key=lambda discount: _rank(discount, policy))
    if policy.always_last:
        ordered.sort(key=lambda discount: kind_of(discount, policy) == ALWAYS)
    return tuple(ordered)


def _rank(discount: Discount, policy: StackingPolicy) -> int:
    if policy.order == HIERARCHY:
        category = category_of(discount, policy)
        return category.hierarchy if category else NO_MAXIMUM
    return -discount.priority if policy.order == PRIORITY else discount.priority


def category_of(discount: Discount, policy: StackingPolicy) -> Category | None:
    """Category of a discount, if the policy knows it."""
    if discount.category and policy.categories:
        for category in policy.categories:
            if category.category == discount.category:
                return category
    return None


def kind_of(discount: Discount, policy: StackingPolicy) -> str:
    """Whether a discount is joint, exclusive or always stackable."""
    if discount.is_exclusive:
        return EXCLUSIVE
    category = category_of(discount, policy)
    if category is None:
        # A payment is none of the discounts that exclude one another.
        return ALWAYS if discount.kind == PAYMENT else JOINT
    return category.kind


def base_of(discount: Discount, policy: StackingPolicy) -> str:
    """What a discount counts from: its own word, its category's, the policy's."""
    if discount.base:
        return discount.base
    category = category_of(discount, policy)
    return (category.base if category else "") or policy.base


def no_effect_of(discount: Discount, policy: StackingPolicy) -> str:
    """Whether a discount of nothing is kept: its category's word, or the policy's."""
    category = category_of(discount, policy)
    return (category.no_effect if category else "") or policy.no_effect


class Block(NamedTuple):
    """Why the stack has no room for a discount, and what stands in its way."""

    reason: str
    by: str
    limit: int = 0


class Stack:
    """What has been applied so far, and what may still join."""

    __slots__ = (
        "_applied",
        "_categories",
        "_exclusives",
        "_first",
        "_groups",
        "_joint",
        "_policy",
    )

    def __init__(self, policy: StackingPolicy) -> None:
        """Start empty."""
        self._policy = policy
        self._applied = 0
        self._exclusives = 0
        self._joint = ""
        self._first = ""
        self._groups: dict[str, int] = {}
        self._categories: dict[str, int] = {}

    def block(
        self, discount: Discount, kind: str, category: Category | None
    ) -> Block | None:
        """What keeps a discount of a kind and a category out; None if nothing does."""
        policy = self._policy
        if 0 < policy.applied_max <= self._applied and discount.kind != PAYMENT:
            return Block(STACK_FULL, "", policy.applied_max)
        if kind == EXCLUSIVE:
            if self._joint:
                return Block(IS_EXCLUDED, self._joint)
            if self._exclusives >= policy.exclusives_max:
                return Block(IS_EXCLUDED, self._first)
        elif kind == JOINT and self._exclusives:
            return Block(IS_EXCLUDED, self._first)
        if discount.group:
            taken = self._groups.get(discount.group, 0)
            for group, limit in policy.groups:
                if group == discount.group and taken >= limit:
                    return Block(GROUP_FULL, group, limit)
        if category and category.limit:
            name = category.category
            if self._categories.get(name, 0) >= category.limit:
                return Block(CATEGORY_FULL, name, category.limit)
        return None

    def add(self, discount: Discount, kind: str, category: Category | None) -> None:
        """Count a discount that was applied; a payment is none."""
        if discount.kind != PAYMENT:
            self._applied += 1
        if kind == EXCLUSIVE:
            self._exclusives += 1
            self._first = self._first or discount.discount_id
        elif kind == JOINT:
            self._joint = self._joint or discount.discount_id
        if discount.group:
            self._groups[discount.group] = self._groups.get(discount.group, 0) + 1
        if category:
            name = category.category
            self._categories[name] = self._categories.get(name, 0) + 1
