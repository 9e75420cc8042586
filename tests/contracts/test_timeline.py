"""A member's timeline: one contract for ClickHouse and its twin in memory."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from jobs.migrate_clickhouse import migrate
from local.stack import Stack
from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.events import Command
from loyalty.member import NEW_MEMBER
from loyalty.view import view_of
from schemas.changes import change_of
from schemas.update_reader import Update, UpdateReader
from schemas.updates import Source, UpdateCodec
from stores.analytics import ClickHouseAnalytics
from stores.analytics_contract import Analytics, Received
from stores.clickhouse import connect
from stores.history_rows import TimelineRow
from stores.memory_analytics import MemoryAnalytics
from tests.builders import A_FULL_PROGRAM, NOON, a_refund, an_order

READER = UpdateReader()

pytestmark = pytest.mark.end_to_end
HOUR = 3_600_000
ORDERS = [
    an_order("o0", subtotal_minor=45_00, occurred_at=NOON),
    an_order("o1", subtotal_minor=5_00, occurred_at=NOON + HOUR),
    a_refund("o0", amount_minor=9_00, occurred_at=NOON + 4 * HOUR),
]
COMMANDS = [
    Command("c-1", "member-1", "points.redeem", NOON + 2 * HOUR, "app", {"points": 20}),
    Command(
        "c-2", "member-1", "points.redeem", NOON + 3 * HOUR, "app", {"points": 9_000}
    ),
]


def a_life(member_id: str = "member-1") -> Update:
    """Update of a member: two orders, a redemption, a refusal, a return."""
    member, changes = NEW_MEMBER, []
    events: list[Any] = sorted([*ORDERS, *COMMANDS], key=lambda one: one.occurred_at)
    for number, event in enumerate(events):
        decision = decide(
            member,
            event._replace(member_id=member_id),
            A_FULL_PROGRAM,
            member_id=member_id,
        )
        assert isinstance(decision, Decision)
        member = decision.member
        changes.append(change_of(decision, event, Source("orders", number, NOON)))
    codec = UpdateCodec()
    view = view_of(member_id, member, A_FULL_PROGRAM)
    return READER.read(codec.encode(member_id, view, changes))


@pytest.fixture(params=["clickhouse", "memory"])
def pages(
    request: pytest.FixtureRequest, servers: Stack
) -> Callable[..., list[TimelineRow]]:
    """Every page of a member's timeline, put one behind the other."""

    def read(limit: int = 50) -> list[TimelineRow]:
        return asyncio.run(inside(limit))

    async def inside(limit: int) -> list[TimelineRow]:
        analytics: Analytics = MemoryAnalytics()
        if request.param == "clickhouse":
            url = servers.addresses()["clickhouse_url"]
            client = connect(url)
            client.command("DROP DATABASE IF EXISTS timeline")
            migrate(client, "timeline")
            analytics = ClickHouseAnalytics(url, "timeline")
        orders = [Received(order, NOON) for order in ORDERS]
        for token in ("once", "again"):
            await analytics.insert_updates([a_life(), a_life("other")], token=token)
            await analytics.insert_orders(orders, token=token)
        found: list[TimelineRow] = []
        while True:
            before = found[-1].version if found else None
            page = await analytics.timeline_page("member-1", before=before, limit=limit)
            found += page
            if len(page) < limit:
                await analytics.close()
                return found

    return read


def test_each_decision_tells_all_that_it_brought_about(
    pages: Callable[..., list[TimelineRow]],
) -> None:
    returned, refused, used, second, first = pages()

    assert [one.event_kind for one in (first, second, used, refused, returned)] == [
        "order.placed",
        "order.placed",
        "points.redeem",
        "points.redeem",
        "order.refunded",
    ]
    assert (first.store_id, first.subtotal_minor) == ("store-1", 45_00)
    assert [(m.kind, m.points) for m in first.entries] == [("EARN", 45)]
    assert first.recorded_at == NOON
    assert [(m.kind, m.points) for m in used.entries] == [("BURN", -20)]
    assert '"points":20' in used.result
    assert (used.store_id, used.subtotal_minor) == ("", 0)
    assert (refused.refusal, refused.entries) == ("insufficient-points", ())
    assert returned.refund_minor == 9_00
    assert {move.kind for move in returned.entries} == {"REVERSE"}


@pytest.mark.parametrize("limit", [1, 2, 5, 6])
def test_pages_of_any_size_make_the_same_timeline(
    pages: Callable[..., list[TimelineRow]], limit: int
) -> None:
    versions = [row.version for row in pages(limit)]

    assert versions == [5, 4, 3, 2, 1]
