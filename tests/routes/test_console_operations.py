"""How the worker stands, as its processes told: operations, and the overview of today."""

import asyncio

import pytest

from api.console.showing import Shown
from api.console.workers import (
    PARTITIONS_SHOWN_MAX,
    latencies_of,
    took,
    workers_of,
)
from loyalty.zones import UTC
from stores.log_watch import ReaderLag
from stores.worker_reports_contract import PartitionReport, Spread, WorkerReport
from tests.builders import NOON
from tests.routes.client import Client
from tests.routes.desk import Visitor

BOUNDS = (0.005, 0.01, 0.1)
TOOK = Spread(BOUNDS, (0, 90, 10, 0))
READY = PartitionReport(
    0, True, 7, 1_234, 56, NOON - 2_500, 1_500, 98_765, NOON - 3_600_000
)
ENGINE = WorkerReport(
    "engine",
    "blue",
    NOON,
    NOON - 60_000,
    "0.1.0",
    transactions=TOOK,
    decides=Spread(BOUNDS, (10, 0, 0, 0)),
    partitions=(READY,),
)
SILENT = ENGINE._replace(worker_id="green", reported_at=NOON - 60_000)
SINK = WorkerReport("redis-sink", "blue", NOON, latency=TOOK)
OTHER_SINK = SINK._replace(worker_id="green")


def told(client: Client, *reports: WorkerReport) -> str:
    """Page of operations once so much was told."""
    for report in reports:
        asyncio.run(client.worker_reports.tell(report))
    return Visitor(client).sign_in("operator").get("/operations").text


def test_operations_tell_each_process_and_partition(client: Client) -> None:
    client.log_watch.rows = (ReaderLag("engine", "orders", (7, 0), 1_234),)
    page = told(client, ENGINE, SINK)

    for text in (
        "blue",
        "0.1.0",
        "98,765",
        "1.5\xa0s",
        "2.5\xa0s",
        "1,234",
        "7.8\xa0ms",
    ):
        assert text in page
    assert "91\xa0ms" in page
    # Kafka has two, and one is told of.
    assert "nobody has it" in page
    assert "silent for" not in page


def test_a_silent_process_is_marked_until_it_is_forgotten(client: Client) -> None:
    page = told(client, SILENT)
    assert "silent for 60\xa0s" in page

    client.now_seconds += 3_600
    assert "No process of the worker tells of itself" in told(client)


def test_a_time_that_stands_still_is_marked_with_where_it_stands(
    client: Client,
) -> None:
    assert "stands at" not in told(client, ENGINE)
    stood = READY._replace(ticked_at=NOON - 301_000)

    page = told(client, ENGINE._replace(partitions=(stood,)))

    assert '<span class="tag warn">stands at 15 Jan 2024, 11:54</span>' in page


def test_operations_without_redis_still_tell_the_rest(client: Client) -> None:
    client.worker_reports.is_available = False
    client.log_watch.rows = (ReaderLag("engine", "orders", (7, 0), 1_234),)
    page = told(client)

    assert "what the worker tells of itself cannot be read" in page
    assert "Lag by group" in page


def test_of_a_partition_that_two_claim_who_is_ready_and_heard_is_believed() -> None:
    coming = ENGINE._replace(
        worker_id="amber", partitions=(PartitionReport(0), PartitionReport(1))
    )
    found = workers_of([coming, ENGINE, SILENT], NOON, 3)

    assert [(one.partition, one.worker_id) for one in found.partitions] == [
        (0, "blue"),
        (1, "amber"),
        (2, ""),
    ]
    assert [one.is_well for one in found.partitions] == [True, False, False]
    assert (found.timers, found.restored) == (56, READY)


def test_without_an_engine_nobody_is_said_to_miss_partitions() -> None:
    assert workers_of([SINK], NOON, 8).partitions == []


def test_of_too_many_partitions_those_in_trouble_are_shown() -> None:
    count = PARTITIONS_SHOWN_MAX + 10
    many = [READY._replace(partition=number) for number in range(count)]
    many[-1] = many[-1]._replace(is_ready=False)
    found = workers_of([ENGINE._replace(partitions=tuple(many))], NOON, count)

    assert found.partition_count == count
    assert len(found.partitions) == PARTITIONS_SHOWN_MAX
    assert found.partitions[-1].partition == count - 1


def test_latency_is_of_all_sinks_of_a_kind_that_still_tell() -> None:
    late = SILENT._replace(role="redis-sink", latency=Spread(BOUNDS, (0, 0, 0, 9)))
    found = latencies_of([ENGINE, SINK, OTHER_SINK, late], NOON)

    assert found["redis"].times == 200
    assert found["redis"].half_ms == pytest.approx(5 + 5 * 50 / 90)
    assert found["redis"].nearly_all_ms == pytest.approx(91)
    assert found["clickhouse"] == took(Spread())


def test_today_tells_how_long_an_order_takes_to_be_seen(client: Client) -> None:
    client.questions.rows["wallets"] = [("points", 7, 1, 9, 2, 0, 0)]
    visitor = Visitor(client).sign_in("marketer")
    page = visitor.get("/overview?days=1").text
    assert 'data-refresh="/console/overview/latency" data-refresh-first' in page

    nobody = visitor.get("/overview/latency").text
    assert nobody.count("No order in the last 5 minutes") == 2
    asyncio.run(client.worker_reports.tell(SINK))
    part = visitor.get("/overview/latency").text

    assert "7.8\xa0ms" in part
    assert "99 of 100 within 91\xa0ms" in part
    assert "data-refresh-first" not in part


def test_latency_that_cannot_be_had_is_no_error(client: Client) -> None:
    client.worker_reports.is_available = False
    answer = Visitor(client).sign_in("marketer").get("/overview/latency")

    assert answer.status_code == 200
    assert "No order in the last 5 minutes" in answer.text


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [
        (None, "\N{EN DASH}"),
        (0, "0.0 ms"),
        (9.96, "10.0 ms"),
        (12.4, "12 ms"),
        (1_234, "1.2 s"),
        (119_000, "119 s"),
        (120_000, "2.0 min"),
        (3 * 3_600_000, "3 h"),
        (400 * 86_400_000, "400 d"),
    ],
)
def test_a_time_is_told_in_the_unit_that_fits(
    milliseconds: float | None, expected: str
) -> None:
    assert Shown("USD", UTC).took(milliseconds).replace("\xa0", " ") == expected


@pytest.fixture
def client() -> Client:
    """A console behind which nothing has happened."""
    return Client()
