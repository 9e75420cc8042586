"""The calendar of rules: what ran, runs and will run, day by day."""

from datetime import date

import pytest

from api.console.rulebook.calendar import Bar, month_named, month_of
from loyalty.program import ProgramHistory
from loyalty.program_document import program_from
from loyalty.zones import UTC
from stores.calendars import zone_of
from tests.routes.client import Client
from tests.routes.desk import Visitor

FEBRUARY = date(2026, 2, 1)
DAY_MS = 86_400_000
FEB_1_MS = 1_769_904_000_000


def program(version: int = 1, from_at: int = 0, **sections: list[dict[str, object]]):
    document = {
        "program": "cafe",
        "currency": "USD",
        "version": version,
        "effective_from_ms": from_at,
        **sections,
    }
    return program_from(document)


def a_rule(rule_id: str, **when: object) -> dict[str, object]:
    rule = {"id": rule_id, "kind": "visit", "points": 5}
    return rule | ({"when": when} if when else {})


def bars(*programs: object) -> list[Bar]:
    month = month_of(ProgramHistory(list(programs)), UTC, FEBRUARY)
    assert len(month.rows) == 1
    return month.rows[0].bars


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param({}, [("whole", 1, 28)], id="always"),
        pytest.param(
            {"from": date(2026, 2, 10)},
            [("", 1, 9), ("whole", 10, 19)],
            id="from-a-day",
        ),
        pytest.param(
            {"until": date(2026, 2, 10)},
            [("whole", 1, 9), ("", 10, 19)],
            id="until-a-day-that-is-out",
        ),
        pytest.param(
            {"schedule": {"day_parts": [{"from": "06:00", "to": "10:30"}]}},
            [("part", 1, 28)],
            id="hours-of-every-day",
        ),
        pytest.param(
            {"any_of": [{"channels": ["APP"]}, {"stores": ["soho"]}]},
            [("part", 1, 28)],
            id="in-some-cases",
        ),
        pytest.param(
            # 1 February 2026 is a Sunday.
            {"schedule": {"day_parts": [{"days": ["sun"]}]}},
            [
                *[("whole", 1, 1), ("", 2, 6), ("whole", 8, 1), ("", 9, 6)],
                *[("whole", 15, 1), ("", 16, 6), ("whole", 22, 1), ("", 23, 6)],
            ],
            id="sundays",
        ),
    ],
)
def test_a_rule_runs_on_the_days_that_it_says(
    when: dict[str, object], expected: list[tuple[str, int, int]]
) -> None:
    found = bars(program(earn=[a_rule("visit", **when)]))

    assert found == [Bar(*one) for one in expected]


def test_a_rule_published_at_noon_runs_for_a_part_of_that_day() -> None:
    noon = FEB_1_MS + 9 * DAY_MS + DAY_MS // 2
    found = bars(program(), program(2, noon, earn=[a_rule("visit")]))

    assert found == [Bar("", 1, 9), Bar("part", 10, 1), Bar("whole", 11, 18)]


def test_what_was_ended_stays_in_its_past() -> None:
    ended = FEB_1_MS + 5 * DAY_MS
    found = bars(program(earn=[a_rule("visit")]), program(2, ended))

    assert found == [Bar("whole", 1, 5), Bar("", 6, 23)]


def test_days_are_those_of_the_programmes_zone() -> None:
    zone = zone_of("America/New_York")
    start = FEB_1_MS + 5 * 3_600_000
    programs = [program(), program(2, start, earn=[a_rule("visit")])]
    month = month_of(ProgramHistory(programs), zone, FEBRUARY)

    assert month.rows[0].bars == [Bar("whole", 1, 28)]


def test_a_month_knows_its_neighbours() -> None:
    month = month_of(ProgramHistory([program()]), UTC, date(2026, 12, 1))

    assert (month.before, month.after, len(month.days)) == ("2026-11", "2027-01", 31)
    assert month.rows == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2026-02", date(2026, 2, 1)),
        ("2026-13", date(2026, 11, 1)),
        ("", date(2026, 11, 1)),
        ("x-y", date(2026, 11, 1)),
        ("99999-01", date(2026, 11, 1)),
        ("\N{SUPERSCRIPT TWO}026-02", date(2026, 11, 1)),
    ],
)
def test_what_is_no_month_is_this_one(said: str, expected: date) -> None:
    assert month_named(said, date(2026, 11, 25)) == expected


def test_the_page_shows_every_rule_of_the_month() -> None:
    client = Client()
    page = Visitor(client).sign_in("marketer").get("/rule-calendar?month=2024-01")

    assert page.status_code == 200
    assert "Jan 2024" in page.text
    assert ">spend<" in page.text.replace("</a>", "<")
    assert "1\N{EN DASH}31" in page.text
