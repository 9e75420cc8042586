"""Codes of a pool over all partitions: each is given once, and none stays behind."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.budgets import NONE, Budget
from loyalty.limits import DAY_MS
from loyalty.number_ranges import (
    RANGES_SENT_MAX,
    Range,
    merged,
    ranges_in,
    size_of,
    taken,
    text_of,
)
from tests.builders import NOON
from tests.simulation.budget_world import BudgetWorld
from tests.simulation.test_budgets import check_conserved


def a_pool(total: int) -> Budget:
    """So many codes."""
    return Budget("b", total, edge=NONE, is_numbered=True)


def check_numbers(world: BudgetWorld) -> None:
    """No number was given twice or is in two places; there are none but the pool's."""
    check_conserved(world)
    assert len(set(world.numbers)) == len(world.numbers)
    held = [b.numbers for lease in world.leases("b") for b in lease.books]
    assert [size_of(one) for one in held] == [
        b.held for lease in world.leases("b") for b in lease.books
    ]
    everywhere = [*world.numbers] + [
        first + more for one in held for first, count in one for more in range(count)
    ]
    assert len(set(everywhere)) == len(everywhere)
    assert all(0 <= number < world.budget.total for number in everywhere)


@settings(max_examples=80, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    total=st.integers(0, 300),
    partitions=st.integers(1, 9),
    rounds=st.lists(st.integers(0, 60), max_size=4),
)
def test_each_code_is_given_once_and_all_of_them_when_as_many_are_asked_for(
    seed: int, total: int, partitions: int, rounds: list[int]
) -> None:
    world = BudgetWorld(seed, a_pool(total), partitions)
    for day, claims in enumerate(rounds):
        for _ in range(claims):
            world.claim(world.random.randrange(partitions), 1)
        world.run(check=check_numbers)
        # What lies idle goes home in between, so that pools come to pieces.
        world.tick(NOON + day * DAY_MS + DAY_MS)
        world.run(check=check_numbers)

    assert len(world.numbers) == min(total, sum(rounds))
    assert set(world.answers.values()) <= {0, 1}


def test_a_pool_that_grows_gives_what_is_new() -> None:
    world = BudgetWorld(7, a_pool(3), 2)
    for _ in range(5):
        world.claim(world.random.randrange(2), 1)
    world.run(check=check_numbers)
    assert sorted(world.numbers) == [0, 1, 2]

    world.budget = a_pool(5)
    for _ in range(3):
        world.claim(world.random.randrange(2), 1)
    world.run(check=check_numbers)

    assert sorted(world.numbers) == [0, 1, 2, 3, 4]


def test_a_code_that_is_given_does_not_come_back() -> None:
    world = BudgetWorld(8, a_pool(2), 2)
    claim = world.claim(0, 1)
    world.run()
    world.undo(claim, 0)
    world.run()
    for _ in range(3):
        world.claim(1, 1)
    world.run(check=check_numbers)

    assert sorted(world.numbers) == [0, 1]


many = st.lists(
    st.builds(Range, st.integers(0, 5_000), st.integers(1, 9)), max_size=60
).map(lambda found: merged(_apart(found)))


def _apart(found: list[Range]) -> list[Range]:
    """Those that do not overlap."""
    kept: list[Range] = []
    for one in sorted(found):
        if not kept or kept[-1].first + kept[-1].size <= one.first:
            kept.append(one)
    return kept


@given(many, st.integers(0, 400))
def test_what_is_taken_and_what_is_left_are_what_there_was(
    ranges: tuple[Range, ...], units: int
) -> None:
    got, rest = taken(ranges, units)

    assert merged((*got, *rest)) == ranges
    assert len(got) <= RANGES_SENT_MAX
    if len(got) < RANGES_SENT_MAX:
        assert size_of(got) == min(units, size_of(ranges))
    assert ranges_in(text_of(got)) == got


@pytest.mark.parametrize("text", ["1", "a+b", "+"])
def test_what_holds_no_ranges_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        ranges_in(text)
