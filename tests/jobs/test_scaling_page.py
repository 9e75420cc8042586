"""The page of scaling says what its arithmetic gives."""

from pathlib import Path

import pytest

from benchmarks.scaling import LOADS, Load, Measured, plan_of, table

PAGE = Path(__file__).parents[2] / "docs" / "scaling.md"


def test_the_page_has_the_table() -> None:
    assert table() in PAGE.read_text()


@pytest.mark.parametrize("load", LOADS, ids=[load.name for load in LOADS])
def test_every_partition_has_a_process_and_no_process_more_than_it_can(
    load: Load,
) -> None:
    costs = Measured()
    plan = plan_of(load, costs)

    assert plan.partitions >= plan.engine_processes
    assert plan.partition_orders < costs.engine_orders
    assert plan.engine_processes * costs.engine_orders >= 2 * load.peak_orders
    assert plan.partitions * plan.members_per_partition >= load.members


def test_twice_the_members_are_twice_the_memory() -> None:
    costs = Measured()
    one, two = (plan_of(Load("x", n, 50_000), costs) for n in (10**8, 2 * 10**8))

    assert one.redis_gb * 2 - 1 <= two.redis_gb <= one.redis_gb * 2
    assert two.engine_processes == one.engine_processes
