"""A member's timeline, as the desk reads it."""

import asyncio
from typing import cast

from api.console.places import TEXTS
from api.console.texts import Texts
from api.console.timelines import BECAME, Event, Fired, timeline_of
from loyalty.campaigns import WAKE
from stores.analytics_contract import Analytics
from stores.history_rows import TimelineRow, TriggerFired
from tests.builders import NOON, a_program

LATE = (
    "habit: push, too late (1488755025000/0); habit: inbox, too late (1488755025000/1)"
)


class Past:
    """Analytics that know one page of a member's past."""

    def __init__(self, *rows: TimelineRow) -> None:
        self._rows = list(rows)

    async def timeline_page(
        self, member_id: str, *, before: int | None, limit: int
    ) -> list[TimelineRow]:
        """Rows of anybody."""
        assert member_id
        return [row for row in self._rows if before is None or row.version < before][
            :limit
        ]


def a_row(kind: str, why: str, *triggers: TriggerFired) -> TimelineRow:
    """Something that happened and moved no points."""
    return TimelineRow(
        1, "e-1", kind, "", NOON, NOON, why, "", "", "", "", (), (), triggers
    )


def shown(*rows: TimelineRow) -> list[Event]:
    """Events of a timeline."""
    past = cast("Analytics", Past(*rows))
    page = asyncio.run(timeline_of(past, a_program(), "member-1", cursor=None))
    return page.events


def test_a_look_of_the_engine_that_changed_nothing_is_left_out() -> None:
    assert shown(a_row(WAKE, f"noted {WAKE}")) == []


def test_a_look_of_the_engine_that_fired_a_trigger_is_told() -> None:
    (event,) = shown(a_row(WAKE, f"noted {WAKE}", TriggerFired("come-back", "days 30")))

    assert event.fired == [Fired("", "come-back", "days 30")]


def test_an_act_is_named_once() -> None:
    (event,) = shown(a_row("menu.viewed", "noted menu.viewed"))

    assert event.why == ""


def test_what_was_not_sent_says_so_without_moments_as_numbers() -> None:
    (event,) = shown(a_row("tick", "time", TriggerFired("withheld:come-back", LATE)))

    assert event.fired == [
        Fired("withheld", "come-back", "habit: push, too late; habit: inbox, too late")
    ]


def test_a_trigger_whose_name_has_a_colon_keeps_it() -> None:
    (event,) = shown(a_row("tick", "time", TriggerFired("spring:hello", "days 30")))

    assert event.fired == [Fired("", "spring:hello", "days 30")]


def test_whatever_becomes_of_a_step_has_its_words() -> None:
    keys = Texts(TEXTS / "en.yaml").keys()

    assert {f"entry.became.{became}" for became in (*BECAME, "_")} <= keys
