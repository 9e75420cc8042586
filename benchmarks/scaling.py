"""
What so many members and orders take: the arithmetic of docs/scaling.md.

`python -m benchmarks.scaling` prints the table; its inputs are what was measured, each
beside where it is from. Rounded up: half a machine is one.
"""

from typing import Final, NamedTuple

GB: Final = 10**9
DAY_SECONDS: Final = 86_400


class Measured(NamedTuple):
    """Costs of one order and one member, as measured; bytes, µs, or a second's work."""

    # benchmarks/README.md, 2026-11-27 14:30: engine, demo program, exactly once.
    engine_cpu_us: int = 100
    # The same: orders a second of one engine process.
    engine_orders: int = 10_473
    # The same: restore from the changelog, one process.
    restore_records: int = 310_320
    # jobs.traffic by programs/demo.yaml, 5.9 open orders a member.
    order_bytes: int = 178
    state_bytes: int = 1_064
    view_bytes: int = 997
    entries_per_order_bp: int = 10_740
    # What Python keeps beside a state: key, two objects, a place in a dict.
    held_bytes: int = 250
    # What Redis keeps beside a hash of three fields.
    redis_bytes: int = 200
    # Rows of ledger, decision, order and its lines, compressed.
    clickhouse_bytes: int = 180


class Load(NamedTuple):
    """What is asked for; `peak_factor` is the peak over the average."""

    name: str
    members: int
    peak_orders: int
    peak_factor: int = 5


class Plan(NamedTuple):
    """What it takes."""

    engine_cores: int
    engine_processes: int
    partitions: int
    partition_orders: int
    members_per_partition: int
    memory_gb_per_process: int
    engine_memory_gb: int
    restore_seconds: int
    restore_seconds_worst: int
    redis_gb: int
    log_gb_per_day: int
    clickhouse_gb_per_day: int


LOADS: Final = (
    Load("a chain", 2_000_000, 500),
    Load("a large chain", 20_000_000, 5_000),
    Load("the aim", 100_000_000, 50_000),
)
# At the peak a process is busy for half of its time.
BUSY_BP: Final = 5_000
PARTITIONS_PER_PROCESS: Final = 4
# Copies in Kafka and in Redis.
REPLICAS: Final = 3
REDIS_COPIES: Final = 2
# What the changelog may hold beside the latest states: topics.py, min.compaction.lag.
UNCOMPACTED_SECONDS: Final = DAY_SECONDS


def plan_of(load: Load, costs: Measured) -> Plan:
    """Work out what a load takes, every division rounded up."""
    average = _up(load.peak_orders, load.peak_factor)
    processes = max(_up(load.peak_orders * 10_000, costs.engine_orders * BUSY_BP), 2)
    partitions = _power_of_two(processes * PARTITIONS_PER_PROCESS)
    members = _up(load.members, partitions)
    held = (costs.state_bytes + costs.held_bytes) * load.members
    day_orders = average * DAY_SECONDS
    states = _up(load.members, processes)
    # A state for each order of a day, until the changelog is compacted.
    written = _up(average * UNCOMPACTED_SECONDS, processes)
    update_bytes = 2 * costs.state_bytes + costs.view_bytes
    redis_each = costs.state_bytes + costs.view_bytes + costs.redis_bytes
    return Plan(
        engine_cores=_up(load.peak_orders * costs.engine_cpu_us, 10**6),
        engine_processes=processes,
        partitions=partitions,
        partition_orders=_up(load.peak_orders, partitions),
        members_per_partition=members,
        memory_gb_per_process=_up(_up(held, processes), GB),
        engine_memory_gb=_up(held, GB),
        restore_seconds=_up(states, costs.restore_records),
        restore_seconds_worst=_up(states + written, costs.restore_records),
        redis_gb=_up(redis_each * load.members * REDIS_COPIES, GB),
        log_gb_per_day=_up(
            day_orders * (costs.order_bytes + update_bytes) * REPLICAS, GB
        ),
        clickhouse_gb_per_day=_up(day_orders * costs.clickhouse_bytes * 2, GB),
    )


def table(costs: Measured = Measured()) -> str:  # noqa: B008 - a value that nobody changes
    """Plans side by side, as the page has them."""
    plans = [plan_of(load, costs) for load in LOADS]
    heads = [
        f"{load.name}: {load.members:,} members, {load.peak_orders:,}/s"
        for load in LOADS
    ]
    lines = [f"| | {' | '.join(heads)} |", "| --- |" + " --- |" * len(LOADS)]
    for name in Plan._fields:
        values = " | ".join(f"{getattr(plan, name):,}" for plan in plans)
        lines.append(f"| {name.replace('_', ' ')} | {values} |")
    return "\n".join(lines)


def _up(value: int, by: int) -> int:
    """Quotient, rounded up: nobody rents half a machine."""
    return -(-value // by)


def _power_of_two(least: int) -> int:
    """Least power of two that is not less, and not below the default of 8."""
    found = 8
    while found < least:
        found *= 2
    return found


if __name__ == "__main__":
    print(table())
