"""Seeded traffic: repeatable, with as many oddities as were asked for."""

from collections import Counter
from itertools import islice, pairwise

import pytest

from jobs.generate_traffic import encoded
from jobs.traffic import (
    DISORDER_MS_MAX,
    DUPLICATE_MS_MAX,
    TrafficPlan,
    TrafficRecord,
    simple_orders,
    traffic,
)
from loyalty.events import (
    PLACED,
    REFUNDED,
    ActivityEvent,
    OrderEvent,
    check_activity,
    check_order,
)
from schemas.events import EventCodec

LATER = 1 << 45
MESSY = TrafficPlan(
    orders=4_000,
    members=300,
    seed=11,
    duplicates_bp=500,
    disorder_bp=1_000,
    refunds_bp=300,
    activity_bp=2_000,
)


@pytest.fixture(scope="module")
def messy() -> list[TrafficRecord]:
    return list(traffic(MESSY))


def orders_of(records: list[TrafficRecord], kind: str) -> dict[str, OrderEvent]:
    return {
        record.event.event_id: record.event
        for record in records
        if isinstance(record.event, OrderEvent) and record.event.kind == kind
    }


def test_the_same_seed_gives_the_same_bytes(messy: list[TrafficRecord]) -> None:
    codec = EventCodec()

    once = [(one.topic, one.key, encoded(codec, one.event)) for one in messy]
    again = [(one.topic, one.key, encoded(codec, one.event)) for one in traffic(MESSY)]

    assert once == again


def test_another_seed_gives_other_orders(messy: list[TrafficRecord]) -> None:
    other = list(traffic(MESSY._replace(seed=12)))

    assert not {one.event.event_id for one in messy} & {
        one.event.event_id for one in other
    }


def test_every_order_is_placed_and_inside_the_bounds(
    messy: list[TrafficRecord],
) -> None:
    for record in messy:
        assert record.key == record.event.member_id
        if isinstance(record.event, ActivityEvent):
            assert record.topic == "app-activity"
            check_activity(record.event, LATER)
        else:
            assert record.topic == "orders"
            check_order(record.event, LATER)
    assert len(orders_of(messy, PLACED)) == MESSY.orders


@pytest.mark.parametrize(
    ("kind", "rate_bp"),
    [("duplicates", 500), ("refunds", 300), ("activity", 2_000)],
)
def test_oddities_are_as_frequent_as_asked(
    messy: list[TrafficRecord], kind: str, rate_bp: int
) -> None:
    distinct = {record.event.event_id: record.event for record in messy}
    acts = [one for one in distinct.values() if isinstance(one, ActivityEvent)]
    found, among = {
        "duplicates": (len(messy) - len(distinct), len(distinct)),
        "refunds": (len(orders_of(messy, REFUNDED)), MESSY.orders),
        "activity": (len(acts), MESSY.orders),
    }[kind]

    assert found == pytest.approx(among * rate_bp / 10_000, rel=0.3)


def test_a_plain_plan_has_each_order_once_and_in_time() -> None:
    records = list(traffic(TrafficPlan(orders=500, seed=3)))

    times = [record.event.occurred_at for record in records]
    assert times == sorted(times)
    assert len({record.event.event_id for record in records}) == len(records) == 500


def test_nothing_is_later_than_a_minute_beside_duplicates(
    messy: list[TrafficRecord],
) -> None:
    newest = 0
    lateness = []
    for record in messy:
        lateness.append(newest - record.event.occurred_at)
        newest = max(newest, record.event.occurred_at)

    assert max(lateness) > 0
    assert max(lateness) <= DISORDER_MS_MAX + DUPLICATE_MS_MAX


def test_a_refund_is_of_a_known_order_and_of_part_of_it(
    messy: list[TrafficRecord],
) -> None:
    placed = {order.order_id: order for order in orders_of(messy, PLACED).values()}

    for refund in orders_of(messy, REFUNDED).values():
        order = placed[refund.order_id]
        assert refund.member_id == order.member_id
        assert refund.occurred_at > order.occurred_at
        assert refund.refund is not None
        assert 0 < refund.refund.amount_minor <= order.subtotal_minor
        assert refund.refund.lines[0].line_id in {line.line_id for line in order.lines}


def test_some_members_order_far_more_often_than_others() -> None:
    plan = TrafficPlan(orders=20_000, members=1_000)
    counts = Counter(record.key for record in traffic(plan))
    mean = plan.orders / plan.members

    assert 10 * mean < max(counts.values()) < 40 * mean
    assert set(counts) <= {f"member-{number}" for number in range(1, 1_001)}


def test_the_gap_sets_how_fast_event_time_passes() -> None:
    plan = TrafficPlan(orders=2_000, gap_ms=60_000)
    times = [record.event.occurred_at for record in traffic(plan)]

    assert times[0] == plan.start_ms
    assert times[-1] - times[0] == pytest.approx(2_000 * 60_000, rel=0.1)


def test_simple_orders_are_repeatable_and_add_up() -> None:
    some = list(simple_orders(1_000, 50, 5))

    assert some == list(simple_orders(1_000, 50, 5))
    assert list(islice(simple_orders(9_999, 50, 5), 1_000)) == some
    assert len({order.event_id for order in some}) == 1_000
    assert all(a.occurred_at < b.occurred_at for a, b in pairwise(some))
    assert sum(len(order.lines) for order in some) == pytest.approx(2_500, rel=0.1)
    for order in some:
        check_order(order, LATER)
        assert order.total_minor == order.subtotal_minor + order.tax_minor
