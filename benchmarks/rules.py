"""
What an order costs with 10, 100, 1,000 and 5,000 rules: `python -m benchmarks.rules`.

Rules are what a chain of 200 stores would write: each for a sku, or for a category
at a store, in a segment or in some hours; some also ask for a tier. Only ratios count.
"""

import gc
import random
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.earning import gains_of_order
from loyalty.events import OrderEvent, OrderLine
from loyalty.facts import Gain
from loyalty.member import NEW_MEMBER, Profile
from loyalty.moments import Moment, circumstances_of
from loyalty.program import Program
from loyalty.program_document import program_from
from native.loading import is_on

COUNTS: Final = (10, 100, 1_000, 5_000)
ORDERS: Final = 400
ROUNDS: Final = 7
STORES: Final = 200
SKUS: Final = 400
CATEGORIES: Final = 40
SEGMENTS: Final = 60
DAY_MS: Final = 86_400_000
BEGIN_MS: Final = 1_767_225_600_000


class RuleCost(NamedTuple):
    """What an order costs by so many rules, and how many of them it meets."""

    rules: int
    looked_at: float
    that_hold: float
    gains_microseconds: float
    decide_microseconds: float
    build_milliseconds: float


def main() -> int:
    """Print a line for each number of rules."""
    print(f"compiled: {is_on()}; microseconds an order, quickest of {ROUNDS} rounds")
    print("| rules | looked at | that hold | gains | decide | ratio | build, ms |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    first = 0.0
    for cost in rule_costs():
        first = first or cost.decide_microseconds
        print(
            f"| {cost.rules:,} | {cost.looked_at:.1f} | {cost.that_hold:.1f} "
            f"| {cost.gains_microseconds:.1f} | {cost.decide_microseconds:.1f} "
            f"| {cost.decide_microseconds / first:.2f} "
            f"| {cost.build_milliseconds:.0f} |",
            flush=True,
        )
    return 0


def rule_costs() -> Iterator[RuleCost]:
    """Measure the same orders by programs of more and more rules."""
    orders = [an_order(random.Random(n)) for n in range(ORDERS)]
    for count in COUNTS:
        started = time.perf_counter()
        program = program_of(count)
        built = (time.perf_counter() - started) * 1_000
        yield RuleCost(
            count,
            sum(_looked_at(order, program) for order in orders) / ORDERS,
            sum(len(_gains(order, program)) for order in orders) / ORDERS,
            quickest(lambda: [_gains(o, program) for o in orders]),  # noqa: B023 - run at once
            quickest(lambda: [_decided(o, program) for o in orders]),  # noqa: B023 - run at once
            built,
        )


def program_of(count: int) -> Program:
    """A program of so many rules, ten of them for the whole chain."""
    rules = [*_chain_wide(), *(_rule(number, count) for number in range(10, count))]
    return program_from(
        {
            "program": "bench",
            "currency": "USD",
            "wallets": [{"id": "points", "name": "Points"}],
            "tiers": [
                {"id": "base", "name": "Base", "from_points": 0},
                {"id": "gold", "name": "Gold", "from_points": 1_000},
            ],
            "earn": rules,
        }
    )


def _chain_wide() -> list[dict[str, Any]]:
    """Ten rules that every chain has: for all money, the week, the channel."""
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    lunch = {"from": "11:00", "to": "14:00"}
    rules: list[dict[str, Any]] = [
        {"id": "base", "kind": "spend", "points": 1},
        {"id": "app", "kind": "visit", "points": 5, "when": {"channels": ["APP"]}},
        {"id": "big", "kind": "visit", "points": 20, "minimum_minor": 3_000},
    ]
    rules += [
        {
            "id": f"lunch-{day}",
            "kind": "visit",
            "points": 3,
            "when": {"schedule": {"day_parts": [{"days": [day], **lunch}]}},
        }
        for day in days
    ]
    return rules


def _rule(number: int, count: int) -> dict[str, Any]:
    """
    A rule for something narrow: the more rules a chain has, the narrower they are.

    So that about as many hold for an order whatever their number: what is measured
    is finding them, not what they give.
    """
    chance = random.Random(number)
    category = f"category-{chance.randrange(CATEGORIES)}"
    start = chance.randrange(24)
    hours = {"from": f"{start:02}:00", "to": f"{(start + 2) % 24:02}:00"}
    day = chance.choice(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
    segment = f"segment-{chance.randrange(SEGMENTS)}"
    store = f"store-{chance.randrange(STORES)}"
    rule: dict[str, Any] = {"id": f"rule-{number}", "kind": "visit", "points": 5}
    kinds: list[dict[str, Any]] = [
        {"match": {"skus": [f"sku-{number % max(SKUS, count)}"]}},
        {"match": {"categories": [category]}, "when": {"stores": [store]}},
        {"match": {"categories": [category]}, "when": {"segments": [segment]}},
        {
            "match": {"categories": [category]},
            "when": {"schedule": {"day_parts": [{"days": [day], **hours}]}},
        },
        {"when": {"stores": [store], "segments": [segment], "tiers": ["gold"]}},
    ]
    return rule | kinds[number % len(kinds)]


def an_order(chance: random.Random) -> OrderEvent:
    """An order of one to four lines at any store, at any hour."""
    lines = tuple(
        OrderLine(
            str(number),
            f"sku-{chance.randrange(SKUS)}",
            f"category-{chance.randrange(CATEGORIES)}",
            (),
            1,
            chance.randrange(200, 1_500),
            0,
            0,
            "ITEM",
        )
        for number in range(chance.randrange(1, 5))
    )
    total = sum(line.unit_price_minor for line in lines)
    order_id = f"order-{chance.random()}"
    return OrderEvent(
        event_id=order_id,
        order_id=order_id,
        member_id="member-1",
        kind="PLACED",
        occurred_at=BEGIN_MS + chance.randrange(28 * DAY_MS),
        store_id=f"store-{chance.randrange(STORES)}",
        channel="APP",
        currency="USD",
        lines=lines,
        total_minor=total,
        subtotal_minor=total,
        tax_minor=0,
        applied=(),
        refund=None,
        attributes={},
        trace=None,
    )


MEMBER: Final = NEW_MEMBER._replace(
    profile=Profile(segments=("segment-3", "segment-17", "segment-42"))
)


def _looked_at(order: OrderEvent, program: Program) -> int:
    moment = Moment(order.occurred_at, order.store_id, order.channel, MEMBER.profile)
    return len(program.index.candidates(order, circumstances_of(moment, program)))


def _gains(order: OrderEvent, program: Program) -> tuple[Gain, ...]:
    return gains_of_order(order, program, MEMBER.profile).gains


def _decided(order: OrderEvent, program: Program) -> Decision:
    decision = decide(MEMBER, order, program, member_id="member-1")
    assert isinstance(decision, Decision), "orders of the benchmark are sound"
    return decision


def quickest(run: Callable[[], object]) -> float:
    """Microseconds an order, of the quickest round."""
    best = float("inf")
    gc.collect()
    gc.disable()
    for _ in range(ROUNDS):
        started = time.process_time()
        run()
        best = min(best, time.process_time() - started)
    gc.enable()
    return best / ORDERS * 1e6


if __name__ == "__main__":
    sys.exit(main())
