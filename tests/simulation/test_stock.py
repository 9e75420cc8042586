"""A stock over all partitions: never oversold, none lost, each command answered once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import DAY, NOON
from tests.simulation.stock_world import ASKS, StockWorld, check_points
from tests.simulation.test_budgets import check_conserved

STOCK = "stock/mug"


def check_never_oversold(world: StockWorld) -> None:
    assert world.in_use() <= world.budget.total
    assert sum(world.granted.values()) == world.in_use()
    check_conserved(world, STOCK)
    for member in world.members.values():
        check_points(member)


def check_all_is_answered(world: StockWorld) -> None:
    """At the end: one answer a command, nothing waits, leases agree with members."""
    assert world.outcomes.keys() == world.asked.keys()
    assert not any(h.waits for m in world.members.values() for h in m.state.holds)
    books = [book for lease in world.leases(STOCK) for book in lease.books]
    assert sum(book.spent for book in books) == world.in_use()


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    units=st.integers(1, 40),
    partitions=st.integers(1, 8),
    asks=st.lists(st.sampled_from(ASKS), max_size=50),
)
def test_each_unit_is_given_once_and_the_rest_keep_their_points(
    seed: int, units: int, partitions: int, asks: list[str]
) -> None:
    world = StockWorld(seed, units, partitions)
    for kind in asks:
        world.ask(kind)

    world.run(check=check_never_oversold)

    check_all_is_answered(world)
    limited = sum(outcome == "too-many-holds" for outcome in world.outcomes.values())
    assert world.in_use() == min(units, len(asks) - limited)


@pytest.mark.parametrize("first_seed", range(0, 24, 6))
def test_whatever_ends_a_reservation_its_unit_is_there_again(first_seed: int) -> None:
    for seed in range(first_seed, first_seed + 6):
        world = StockWorld(seed, 1 + seed % 13, 1 + seed % 6)
        try:
            for _ in range(50):
                world.ask(world.random.choice(ASKS))
                if world.random.random() < 0.5:
                    world.end_one()
                if world.random.random() < 0.15:
                    world.run(check=check_never_oversold)
                if world.random.random() < 0.05:
                    world.let_holds_end()
            world.run(check=check_never_oversold)
            check_all_is_answered(world)
        except BaseException:
            print(f"seed {seed}")
            raise


def test_units_that_come_back_are_given_to_whoever_asks_next() -> None:
    world = StockWorld(11, 5, 4)
    for _ in range(30):
        world.ask("points.reserve")
    world.run(check=check_never_oversold)
    assert world.in_use() == 5

    world.let_holds_end()
    world.run(check=check_never_oversold)
    assert world.in_use() == 0
    check_conserved(world, STOCK)
    for _ in range(30):
        world.ask("points.redeem")
    world.run(check=check_never_oversold)

    assert world.in_use() == 5
    check_all_is_answered(world)


def test_leases_give_back_what_nobody_asks_for() -> None:
    world = StockWorld(12, 400, 4)
    for _ in range(12):
        world.ask("points.redeem")
    world.run(check=check_never_oversold)

    world.tick(NOON + DAY)
    world.run(check=check_never_oversold)

    assert sum(b.held for x in world.leases(STOCK) for b in x.books) == 0
    assert sum(b.out for b in world.owner(STOCK).books) == world.in_use() == 12


def test_the_worlds_of_stocks_are_not_too_kind() -> None:
    outcomes: list[str] = []
    crashes = 0
    for seed in range(12):
        world = StockWorld(seed, 4, 5)
        for _ in range(40):
            world.ask(world.random.choice(ASKS))
            if world.random.random() < 0.5:
                world.end_one()
        world.run(check=check_never_oversold)
        outcomes += world.outcomes.values()
        crashes += world.crashes

    assert crashes > 50
    assert outcomes.count("given") > 40
    assert outcomes.count("out-of-stock") > 100
    assert outcomes.count("stock-late") > 0
