"""What `close-days` worked out says what the rows say, however often they came."""

import asyncio
import time
from typing import Any

import pytest

from jobs.close_days import close, closing_of
from jobs.migrate_clickhouse import migrate
from local.stack import Stack
from stores.analytics import ClickHouseAnalytics
from stores.analytics_contract import Received
from stores.clickhouse import connect
from stores.clickhouse_questions import ClickHouseQuestions
from stores.closed_days import Closed, asked_of
from stores.questions import QUESTIONS, told_of
from tests.builders import A_FULL_PROGRAM, a_refund, an_activity
from tests.contracts.test_questions import (
    LIVES,
    at,
    bought,
    fill,
    redeemed,
    update_of,
)

pytestmark = pytest.mark.end_to_end
DATABASE = "closing"
ZONE = A_FULL_PROGRAM.zone.name
TOLD: dict[str, Any] = told_of(A_FULL_PROGRAM) | {
    "stores": ["north", "south", "south"],
    "places": ["north", "south", "both"],
    "from_at": at("2024-01-08T00:00"),
    "until_at": at("2024-02-10T00:00"),
    "limit": 4,
    "orders_max": 1,
    "earned_times": 1,
}
ADDED_UP = (
    "span",
    "daily",
    "active_members",
    "stores",
    "trigger_weeks",
    "journey_steps",
    "fraud_signals",
    "order_rows",
    "rule_results",
    "offer_funnel",
    "places",
    "place_days",
)
# In the middle of what happens, after all of it, before all of it.
CLOSED_AT = ("2024-01-12T15:00", "2024-03-01T05:00", "2024-01-02T00:30")


def close_at(url: str, when: str) -> None:
    """Close the days before a moment."""
    closing = closing_of(A_FULL_PROGRAM.zone, A_FULL_PROGRAM.wallet_id, at(when))
    # Runs are named by when they began.
    named = closing._replace(run=int(time.time() * 1_000))
    close(connect(url, DATABASE), named, lambda _: None)


def answers(url: str, told: dict[str, Any] = TOLD) -> dict[str, list[tuple[Any, ...]]]:
    """What all that is added up comes to now."""
    questions = ClickHouseQuestions(url, DATABASE)

    async def asked() -> dict[str, list[tuple[Any, ...]]]:
        found = {}
        for name in ADDED_UP:
            found[name] = (await questions.ask(QUESTIONS[name], told)).rows
        wallets = (await questions.ask(QUESTIONS["wallets"], told)).records()
        found["wallets"] = [(one["outstanding"], one["expired"]) for one in wallets]
        await questions.close()
        return found

    return asyncio.run(asked())


@pytest.fixture
def url(servers: Stack) -> str:
    """Address of a ClickHouse that holds the town, told twice, and no closed day."""
    address = servers.addresses()["clickhouse_url"]
    connect(address).command(f"DROP DATABASE IF EXISTS {DATABASE}")
    migrate(connect(address), DATABASE)
    asyncio.run(fill(ClickHouseAnalytics(address, DATABASE)))
    return address


def test_days_that_are_closed_say_what_the_rows_say(url: str) -> None:
    by_rows = answers(url)

    assert by_rows["span"][0][2] == 6
    assert by_rows["fraud_signals"]
    for when in CLOSED_AT:
        close_at(url, when)
        assert answers(url) == by_rows


def test_what_comes_again_after_its_day_was_closed_counts_once(url: str) -> None:
    close_at(url, "2024-01-12T15:00")
    before = answers(url)
    asyncio.run(fill(ClickHouseAnalytics(url, DATABASE)))

    assert answers(url) == before
    close_at(url, "2024-01-12T15:00")
    assert answers(url) == before


def test_an_order_that_comes_again_under_another_day_counts_where_it_came_first(
    url: str,
) -> None:
    close_at(url, "2024-03-01T05:00")
    before = answers(url)
    again = bought("ann", "a1", 45, "2024-01-15T12:00")
    asyncio.run(
        ClickHouseAnalytics(url, DATABASE).insert_orders(
            [Received(again, 1_000)], token="moved"
        )
    )
    close_at(url, "2024-03-01T05:00")

    assert answers(url) == before


def test_what_is_late_counts_from_the_next_closing_on(url: str) -> None:
    close_at(url, "2024-03-01T05:00")
    late = bought("dan", "d1", 12, "2024-01-20T12:00")
    analytics = ClickHouseAnalytics(url, DATABASE)
    asyncio.run(analytics.insert_orders([Received(late, 0)], token="late"))
    asyncio.run(analytics.insert_updates([update_of("dan", [late])], token="late"))

    assert answers(url)["span"][0][2] == 6
    close_at(url, "2024-03-01T05:00")
    assert answers(url)["span"][0][2] == 7
    assert answers(url)["active_members"] == [(4, 0)]


# Of today, after the closing: who had reached an offer looks and takes, who had given
# back once does so again, who had nothing before does so twice; and all of it twice.
TODAY: dict[str, list[Any]] = {
    "gus": [
        bought("gus", "g1", 45, "2024-01-10T12:00"),
        an_activity(
            "later", member_id="gus", occurred_at=at("2024-01-13T10:00")
        )._replace(type="app.opened"),
        redeemed("gus", "coffee", "2024-01-13T11:00"),
    ],
    "eve": [
        bought("eve", "e1", 60, "2024-01-11T12:00"),
        a_refund(
            "e1",
            amount_minor=20_00,
            member_id="eve",
            occurred_at=at("2024-01-11T15:00"),
        ),
        a_refund(
            "e1",
            amount_minor=25_00,
            refund_id="refund-2",
            member_id="eve",
            occurred_at=at("2024-01-13T13:00"),
        ),
    ],
    "fay": [
        bought("fay", "f1", 50, "2024-01-10T12:00"),
        *(
            a_refund(
                "f1",
                amount_minor=20_00,
                refund_id=f"refund-{hour}",
                member_id="fay",
                occurred_at=at(f"2024-01-13T{hour}:00"),
            )
            for hour in (12, 14)
        ),
    ],
}


def test_what_happens_after_the_closing_is_added_to_it(url: str) -> None:
    analytics = ClickHouseAnalytics(url, DATABASE)
    asyncio.run(fill(analytics, TODAY, ("today", "today-again")))
    told = TOLD | {"until_at": at("2024-01-14T00:00"), "limit": 50}
    by_rows = answers(url, told)
    close_at(url, "2024-01-13T09:00")

    # Ann and Gus looked and took; Eve and Fay reached it too.
    assert by_rows["offer_funnel"] == [("coffee", 4, 2, 2, 2, 5_000)]
    shares = {row[1]: row[3] for row in by_rows["fraud_signals"] if "share" in row[0]}
    assert shares == {"eve": 7_500, "fay": 8_000}
    assert answers(url, told) == by_rows


def test_a_late_order_moves_points_of_its_store_with_the_next_closing(url: str) -> None:
    close_at(url, "2024-03-01T05:00")
    late = bought("dan", "d1", 12, "2024-01-20T12:00", "west")
    analytics = ClickHouseAnalytics(url, DATABASE)
    for token in ("late", "late-again"):
        asyncio.run(analytics.insert_orders([Received(late, 0)], token=token))
        asyncio.run(analytics.insert_updates([update_of("dan", [late])], token=token))
    west = TOLD | {"stores": ["west"], "places": ["west"]}

    assert answers(url, west)["places"] == []
    close_at(url, "2024-03-01T05:00")
    found = answers(url, west)
    assert found["places"] == [("west", 1, 1, 12_00, 12_00, 0, 0, 12, 0)]
    assert found["rule_results"][0][1:] == ("points", 4, 7, 169)


def test_whole_months_are_merged_with_the_days_beside_them(url: str) -> None:
    told = TOLD | {
        "from_at": at("2023-12-20T00:00"),
        "until_at": at("2024-03-05T00:00"),
    }
    by_rows = answers(url, told)
    close_at(url, "2024-03-01T05:00")

    assert answers(url, told) == by_rows
    assert {row[0]: row[2] for row in by_rows["stores"]} == {"north": 2, "south": 2}


def test_rows_that_were_taken_and_not_copied_are_copied_when_they_come_again(
    url: str,
) -> None:
    before = answers(url)
    client = connect(url, DATABASE)
    for table in ("order_day_rows", "ledger_day_rows", "decision_day_rows"):
        client.command(f"TRUNCATE TABLE {table}")
    asyncio.run(fill(ClickHouseAnalytics(url, DATABASE)))

    assert answers(url) == before


def test_a_run_of_another_release_is_not_asked(url: str) -> None:
    by_rows = answers(url)
    close_at(url, "2024-03-01T05:00")
    client = connect(url, DATABASE)
    client.command("TRUNCATE TABLE closed_place_days")
    assert answers(url) != by_rows
    client.command(
        "ALTER TABLE closed_runs UPDATE layout = 1 WHERE 1 SETTINGS mutations_sync = 1"
    )

    assert answers(url) == by_rows


def test_only_the_last_two_runs_are_kept(url: str) -> None:
    for _ in range(3):
        close_at(url, "2024-03-01T05:00")
    found = connect(url, DATABASE).query("SELECT uniqExact(run) FROM closed_store_days")

    assert found.result_rows == [(2,)]
    assert len(LIVES) == 3


@pytest.mark.parametrize(
    ("name", "told", "is_own"),
    [
        ("daily", {}, False),
        ("daily", {"zone": "Asia/Tokyo"}, True),
        ("daily", {"from_at": at("2024-01-08T00:30")}, True),
        ("stores", {"from_at": at("2024-01-08T01:00")}, False),
        ("daily", {"until_at": at("2024-01-20T10:00")}, True),
        ("daily", {"until_at": at("2024-03-01T10:00")}, False),
        ("segments", {}, True),
        ("segments", {"until_at": at("2024-03-02T00:00")}, False),
        ("tier_members", {}, False),
        ("fraud_signals", {"from_at": at("2022-01-08T00:00")}, True),
        ("offer_funnel", {}, True),
        ("offer_funnel", {"until_at": at("2024-03-02T00:00")}, False),
        ("rule_results", {"store": "north"}, False),
        ("places", {"from_at": at("2022-01-08T00:00")}, True),
    ],
)
def test_closed_days_answer_what_they_can(
    name: str, told: dict[str, Any], is_own: bool
) -> None:
    closed = Closed(1, ZONE, at("2024-03-01T00:00"), at("2024-03-01T05:00"))
    values = TOLD | told
    question = QUESTIONS[name]
    asked = asked_of(question, values, closed, now_ms=closed.ended_at)

    assert (asked.statement == question.statement) is is_own


def test_a_run_that_is_too_old_is_not_asked() -> None:
    closed = Closed(1, ZONE, at("2024-03-01T00:00"), at("2024-03-01T05:00"))
    question = QUESTIONS["daily"]
    asked = asked_of(question, TOLD, closed, now_ms=at("2024-03-03T05:01"))

    assert asked.statement == question.statement
