"""A budget over all partitions: never overspent, all of it given, nothing lost."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.budgets import NONE, PARTIAL, Budget
from loyalty.limits import BUDGET_PERIODS_MAX, DAY_MS
from tests.builders import NOON
from tests.simulation.budget_world import BudgetWorld


def check_conserved(world: BudgetWorld, account: str = "b", period: int = 0) -> None:
    """Free, held, spent and on the way come to the total, whatever has happened."""
    name = f"budget:{account}"
    if name not in world.accounts[world.partition_of(name)]:
        return
    owner, leases = world.owner(account), world.leases(account)
    is_total = account == world.budget.budget_id
    units = world.budget.total if is_total else world.budget.per_store or 0
    out = sum(b.out for b in owner.books if b.period == period)
    books = [b for lease in leases for b in lease.books if b.period == period]
    spent = sum(b.spent for b in books)
    assert all(b.held >= 0 and b.spent >= 0 for b in books)
    assert 0 <= out <= units
    assert spent <= units
    assert sum(b.held for b in books) + spent + world.on_the_way(account, period) == out


def check_never_overspent(world: BudgetWorld) -> None:
    for period in {period for period, _ in world.granted}:
        assert sum(v for (p, _), v in world.granted.items() if p == period) <= (
            world.budget.total
        )
    check_conserved(world)


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    total=st.integers(0, 2_000),
    partitions=st.integers(1, 9),
    claims=st.lists(st.integers(1, 100), max_size=60),
)
def test_all_that_is_demanded_is_given_up_to_the_total(
    seed: int, total: int, partitions: int, claims: list[int]
) -> None:
    world = BudgetWorld(seed, Budget("b", total), partitions)
    for units in claims:
        world.claim(world.random.randrange(partitions), units)

    world.run(check=check_never_overspent)

    assert len(world.answers) == len(claims)
    assert sum(world.answers.values()) == min(total, sum(claims))


@settings(max_examples=100, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    total=st.integers(0, 1_000),
    partitions=st.integers(1, 6),
    rounds=st.lists(st.lists(st.integers(1, 60), max_size=12), max_size=5),
)
def test_what_is_returned_can_be_given_again(
    seed: int, total: int, partitions: int, rounds: list[list[int]]
) -> None:
    world = BudgetWorld(seed, Budget("b", total), partitions)
    homes: dict[str, int] = {}
    for claims in rounds:
        left = total - sum(world.answers.values())
        for units in claims:
            home = world.random.randrange(partitions)
            homes[world.claim(home, units)] = home
        before = sum(world.answers.values())
        world.run(check=check_never_overspent)
        assert sum(world.answers.values()) - before == min(left, sum(claims))
        for claim_id in sorted(world.answers):
            if world.random.random() < 0.3:
                world.undo(claim_id, homes[claim_id])
        world.run(check=check_never_overspent)
        check_conserved(world)


def test_returns_in_the_middle_never_overspend() -> None:
    for seed in range(40):
        world = BudgetWorld(seed, Budget("b", 500), 4)
        homes = {}
        for _ in range(80):
            home = world.random.randrange(4)
            homes[world.claim(home, world.random.randrange(1, 40))] = home
            if world.random.random() < 0.3 and world.answers:
                claim_id = world.random.choice(sorted(world.answers))
                world.undo(claim_id, homes[claim_id])
            if world.random.random() < 0.2:
                world.run(check=check_never_overspent)
        world.run(check=check_never_overspent)
        assert world.crashes > 0


def test_ex75_a_campaign_stops_at_its_cap_and_takes_back_what_is_cancelled() -> None:
    """EX-75: cap 10,000 and 100 a member; a cancelled transfer returns its units."""
    world = BudgetWorld(75, Budget("b", 10_000), 8)
    homes = {}
    for number in range(130):
        homes[world.claim(number % 8, 100)] = number % 8

    world.run(check=check_never_overspent)

    served = [claim for claim, value in world.answers.items() if value == 100]
    assert len(served) == 100
    assert sum(world.answers.values()) == 10_000
    assert world.undo(served[0], homes[served[0]]) == 100
    world.run()
    again = world.claim(3, 100)
    world.run(check=check_never_overspent)
    assert world.answers[again] == 100


@pytest.mark.parametrize(
    ("edge", "value"), [(PARTIAL, 30), (NONE, 0)], ids=["partial on", "partial off"]
)
def test_ex76_at_the_edge_a_part_is_given_or_nothing(edge: str, value: int) -> None:
    world = BudgetWorld(76, Budget("b", 1_030, edge=edge), 5)
    world.claim(1, 1_000)
    world.run()
    last = world.claim(2, 50)

    world.run(check=check_never_overspent)

    assert world.answers[last] == value
    small = world.claim(4, 30 - value)
    world.run(check=check_never_overspent)
    assert world.answers[small] == 30 - value


def test_each_period_has_the_whole_total_and_the_oldest_are_closed() -> None:
    world = BudgetWorld(3, Budget("b", 100, period="day"), 3)
    for day in range(BUDGET_PERIODS_MAX + 10):
        for home in range(3):
            world.claim(home, 60, period=day)
        world.run()
        assert sum(v for (p, _), v in world.granted.items() if p == day) == 100
    late = world.claim(0, 60, period=1)
    world.run(check=check_never_overspent)

    assert world.answers[late] == 0
    assert len(world.owner("b").books) == BUDGET_PERIODS_MAX
    assert all(len(x.books) <= BUDGET_PERIODS_MAX for x in world.leases("b"))


def test_a_store_has_its_share_and_all_stores_the_total() -> None:
    for seed in range(30):
        world = BudgetWorld(seed, Budget("b", 250, per_store=100), 4)
        for _ in range(30):
            store = f"store-{world.random.randrange(4)}"
            world.claim(world.random.randrange(4), 20, store=store)

        world.run(check=check_never_overspent)

        by_store = {store: value for (_, store), value in world.granted.items()}
        assert sum(by_store.values()) == 250
        assert max(by_store.values()) <= 100
        for store, value in by_store.items():
            check_conserved(world, f"b@{store}")
            books = [b for x in world.leases(f"b@{store}") for b in x.books]
            assert sum(book.spent for book in books) == value


def test_what_lies_idle_goes_back_to_its_owner() -> None:
    world = BudgetWorld(5, Budget("b", 10_000), 4)
    for home in range(4):
        world.claim(home, 1)
    world.run()
    assert sum(b.held for x in world.leases("b") for b in x.books) > 0

    world.tick(NOON + DAY_MS)
    world.run()

    assert sum(b.held for x in world.leases("b") for b in x.books) == 0
    assert sum(b.out for b in world.owner("b").books) == 4


def test_far_from_the_edge_a_claim_costs_hardly_a_message() -> None:
    world = BudgetWorld(6, Budget("b", 1_000_000), 8)
    chance = Random(6)
    for _ in range(2_000):
        world.claim(chance.randrange(8), 10)
        if chance.random() < 0.2:
            world.run(crash_chance=0)

    world.run(crash_chance=0)

    assert sum(world.answers.values()) == 20_000
    assert world.messages < 50
