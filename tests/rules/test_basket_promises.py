"""What holds for every basket and every set of discounts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.baskets.allocation import REMAINDERS
from loyalty.baskets.conditions import BasketContext
from loyalty.baskets.discounts import (
    AMOUNT,
    AS_GIVEN,
    BUNDLE,
    BUY_GET,
    CHEAPEST,
    DEAREST,
    DISCOUNTED,
    FIXED_PRICE,
    FREE_ITEM,
    INITIAL,
    LINE,
    PAYMENT,
    PERCENT,
    SPREADS,
    UNIT,
    UPGRADE,
    Condition,
    Discount,
    Part,
    Selection,
    Upgrade,
)
from loyalty.baskets.evaluate import evaluate
from loyalty.baskets.result import effects_of_units
from loyalty.baskets.selection import PartSupply, fit
from loyalty.baskets.stacking import StackingPolicy
from loyalty.conditions import ANY_LINE, LineMatch
from tests.builders import a_line

PLAIN = (PERCENT, AMOUNT, FIXED_PRICE, PAYMENT)
SKUS = ("a", "b", "c", "d")
MATCHES = (
    ANY_LINE,
    LineMatch(skus=frozenset("ab")),
    LineMatch(skus=frozenset("bc")),
    LineMatch(excluded_skus=frozenset("a")),
)
LINES = st.lists(
    st.builds(
        a_line,
        st.integers(0, 2_000),
        quantity=st.integers(1, 5),
        sku=st.sampled_from(SKUS),
    ),
    max_size=6,
)
SELECTIONS = st.builds(
    Selection,
    st.sampled_from((UNIT, LINE)),
    st.sampled_from((AS_GIVEN, CHEAPEST, DEAREST)),
    st.integers(0, 3),
    st.integers(1, 3),
    st.integers(0, 4),
    st.integers(0, 2),
)
PARTS = st.builds(Part, st.sampled_from(MATCHES), st.integers(1, 2))


@st.composite
def discounts(draw: Any) -> list[Discount]:
    return [
        Discount(
            discount_id=str(number),
            name=str(number),
            kind=draw(st.sampled_from((*PLAIN, FREE_ITEM, BUY_GET, BUNDLE, UPGRADE))),
            value=draw(st.integers(1, 10_000)),
            off=draw(st.sampled_from((PERCENT, AMOUNT, FIXED_PRICE))),
            match=draw(st.sampled_from(MATCHES)),
            spread=draw(st.sampled_from(("", *SPREADS))),
            selection=draw(SELECTIONS),
            limit_minor=draw(st.sampled_from((0, 0, 700))),
            line_limit_minor=draw(st.sampled_from((0, 0, 300))),
            buy=draw(st.lists(PARTS, max_size=2).map(tuple)),
            get=draw(st.lists(PARTS, min_size=1, max_size=2).map(tuple)),
            upgrades=(Upgrade("a", "b", draw(st.integers(-1, 900))),),
            priority=draw(st.integers(0, 3)),
            is_exclusive=draw(st.integers(0, 9)) == 0,
            only_undiscounted=draw(st.booleans()),
            base=draw(st.sampled_from(("", INITIAL, DISCOUNTED))),
            conditions=draw(
                st.sampled_from(((), (), (Condition(AMOUNT, minimum=1_000),)))
            ),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


POLICIES = st.builds(
    StackingPolicy,
    base=st.sampled_from((INITIAL, DISCOUNTED)),
    exclusive=st.sampled_from(("wins", "first_come")),
    units=st.sampled_from(("shared", "once")),
    no_effect=st.sampled_from(("keep", "drop")),
    validation=st.sampled_from(("partial", "partial", "all_or_nothing")),
    choice=st.sampled_from(("every", "every", "best_one", "best_together")),
    rounding=st.sampled_from(("nearest", "down", "up")),
    remainder=st.sampled_from(REMAINDERS),
)
FLOORS = st.dictionaries(st.sampled_from(SKUS), st.integers(0, 1_500))


@given(LINES, discounts(), POLICIES, FLOORS)
def test_the_books_balance(
    lines: list, given_discounts: list, policy: StackingPolicy, floors: dict
) -> None:
    context = BasketContext(floors=floors)
    result = evaluate(lines, given_discounts, policy, context=context)
    known = [one.discount_id for one in result.applied + result.not_applied]
    whole = sum(one.amount_minor for one in result.applied if one.kind != PAYMENT)

    assert result == evaluate(lines, given_discounts, policy, context=context)
    assert sorted(known) == sorted(one.discount_id for one in given_discounts)
    assert sum(result.line_discounts_minor) == result.discount_minor == whole
    assert 0 <= result.discount_minor <= result.before_minor + result.replaced_minor
    assert sum(result.line_totals_minor) == result.due_minor >= 0
    assert min(result.line_totals_minor, default=0) >= 0


@given(LINES, discounts(), FLOORS)
def test_every_unit_keeps_its_floor_and_its_effects(
    lines: list, given_discounts: list, floors: dict
) -> None:
    plain = [d for d in given_discounts if d.kind not in {UPGRADE, PAYMENT}]
    result = evaluate(lines, plain, context=BasketContext(floors=floors))

    for position, line in enumerate(lines):
        taken = [0] * line.quantity
        for effect in effects_of_units(
            result, position, first_unit=0, count=line.quantity
        ):
            taken[effect.sub_position] += effect.amount_minor
        price = line.unit_price_minor
        floor = min(floors.get(line.sku, 0), price)
        assert sum(taken) == result.line_discounts_minor[position]
        assert all(0 <= amount <= price - floor for amount in taken)


@given(LINES, discounts(), st.randoms())
def test_the_order_of_lines_does_not_change_a_total(
    lines: list, given_discounts: list, chance: Any
) -> None:
    """One discount that looks at all units alike: its total is the same."""
    shuffled = lines[:]
    chance.shuffle(shuffled)
    for one in given_discounts:
        if one.kind in PLAIN:
            alike = one._replace(selection=Selection())
            there, back = (evaluate(x, (alike,)) for x in (lines, shuffled))
            assert there.discount_minor == back.discount_minor
            assert there.due_minor == back.due_minor


SUPPLIES = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.dictionaries(st.integers(0, 4), st.none(), max_size=4),
    ),
    min_size=1,
    max_size=3,
)


@given(SUPPLIES, st.lists(st.integers(1, 4), min_size=5, max_size=5), st.integers(0, 3))
def test_sets_fit_as_often_as_they_can(
    supplies: list, counts: list[int], times_max: int
) -> None:
    parts = [
        PartSupply(quantity, tuple((index, counts[index]) for index in indexes))
        for quantity, indexes in supplies
    ]
    times, picks, missing = fit(parts, times_max)
    used = [0] * 5
    for (quantity, supply), taken in zip(parts, picks, strict=False):
        assert sum(count for _, count in taken) == times * quantity
        assert {index for index, _ in taken} <= {index for index, _ in supply}
        for index, count in taken:
            used[index] += count

    assert all(count <= limit for count, limit in zip(used, counts, strict=True))
    assert (missing > 0) == (times == 0)
    assert times == most_times(parts, counts, times_max)


def most_times(parts: list, counts: list[int], times_max: int) -> int:
    """Ask each number of times by trying to seat every single unit."""
    times = 0
    while times != (times_max or 99) and seats(parts, counts, times + 1):
        times += 1
    return times


def seats(parts: list, counts: list[int], times: int) -> bool:
    """Whether every wanted unit finds a unit of its own: augmenting paths."""
    wanted = [part for part in parts for _ in range(part[0] * times)]
    if len(wanted) > sum(counts):
        return False
    units = [index for index, count in enumerate(counts) for _ in range(count)]
    holder: dict[int, int] = {}

    def seat(number: int, seen: set[int]) -> bool:
        indexes = {index for index, _ in wanted[number][1]}
        for place, index in enumerate(units):
            if index in indexes and place not in seen:
                seen.add(place)
                if place not in holder or seat(holder[place], seen):
                    holder[place] = number
                    return True
        return False

    return all(seat(number, set()) for number in range(len(wanted)))


@pytest.mark.parametrize("quantity", [1, 2, 3, 1_000_000])
def test_many_units_cost_as_little_as_few(quantity: int) -> None:
    lines = [a_line(999, quantity=quantity, sku=sku) for sku in SKUS]
    many = [
        Discount(str(n), str(n), AMOUNT, 137 + n, selection=Selection(every=2))
        for n in range(20)
    ]
    result = evaluate(lines, many)

    assert max(len(one.moves) for one in result.applied) <= 2 * 20 * len(SKUS)
