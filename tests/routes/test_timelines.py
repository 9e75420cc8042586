"""What of a member's past the service desk sees."""

import asyncio
from typing import Any, cast

from api.console.timelines import Timeline, timeline_of
from stores.analytics_contract import Analytics
from stores.history_rows import Movement, OfferChange, TimelineRow, TriggerFired
from tests.builders import A_FULL_PROGRAM

A_TICK = TimelineRow(
    version=1,
    event_id="t1",
    event_kind="tick",
    order_id="",
    occurred_at=0,
    recorded_at=0,
    why="",
    tier_before="",
    tier_after="",
    result="",
    refusal="",
    entries=(),
    offers=(),
    triggers=(),
)
SOMETHING: list[dict[str, Any]] = [
    {"entries": (Movement(0, "EXPIRE", "points", -5, "spend", 0),)},
    {"offers": (OfferChange("coffee", "withdrawn", "its time is over"),)},
    {"triggers": (TriggerFired("lapsed", "30 days without an order"),)},
    {"tier_after": "guest"},
    {"refusal": "engine-fault"},
    {"event_kind": "order.placed"},
]


class Rows:
    """Analytics that has these rows, newest first."""

    def __init__(self, rows: list[TimelineRow]) -> None:
        self._rows = rows

    async def timeline_page(
        self, _: str, *, before: int | None, limit: int
    ) -> list[TimelineRow]:
        return [r for r in self._rows if before is None or r.version < before][:limit]


def read(rows: list[TimelineRow], cursor: str | None = None) -> Timeline:
    analytics = cast("Analytics", Rows(rows))
    return asyncio.run(timeline_of(analytics, A_FULL_PROGRAM, "m", cursor=cursor))


def test_time_that_passed_and_changed_nothing_is_left_out() -> None:
    rows = [A_TICK._replace(version=n, **what) for n, what in enumerate(SOMETHING)]
    page = read([*rows, A_TICK])

    assert [event.row for event in page.events] == rows


def test_a_page_of_nothing_but_time_that_passed_leads_to_what_was_earlier() -> None:
    rows = [A_TICK._replace(version=100 - n) for n in range(30)]
    rows.append(A_TICK._replace(version=1, event_kind="order.placed"))
    first = read(rows)

    assert not first.events
    assert first.next_cursor
    assert [one.row for one in read(rows, first.next_cursor).events] == [rows[-1]]
