"""Acceptance cases, expiry and order of use (EX-28 to EX-40), with neighbours."""

import pytest

from tests.rules.town import Town, at, built

SPEND = "earn: [{id: spend, points: 1, step_minor: 100}]\n"


def expiring(expiry: str, more: str = "") -> str:
    return SPEND + f"expiry: {{{expiry}}}\n" + more


@pytest.mark.parametrize(
    ("case", "expiry", "earned", "gone"),
    [
        (
            "EX-28 P12M through the end of its month",
            "kind: rolling, amount: 12, unit: month, round_up_to: month",
            "2020-07-06T10:00",
            "2021-08-01",
        ),
        (
            "EX-28 earned on the month's last day",
            "kind: rolling, amount: 12, unit: month, round_up_to: month",
            "2020-07-31T23:59",
            "2021-08-01",
        ),
        (
            "EX-28 a minute later it is another month",
            "kind: rolling, amount: 12, unit: month, round_up_to: month",
            "2020-08-01",
            "2021-09-01",
        ),
        (
            "EX-28 into February of a leap year",
            "kind: rolling, amount: 12, unit: month, round_up_to: month",
            "2023-02-28",
            "2024-03-01",
        ),
        (
            "EX-30 one month: through the end of 25 February",
            "kind: rolling, amount: 1, unit: month",
            "2026-01-25T12:00",
            "2026-02-26",
        ),
        (
            "EX-30 0 months: gone at 00:00 on 2 January",
            "kind: rolling, amount: 0, unit: month",
            "2026-01-01T00:00",
            "2026-01-02",
        ),
        (
            "EX-30 0 months, earned in the last minute",
            "kind: rolling, amount: 0, unit: month",
            "2026-01-01T23:59",
            "2026-01-02",
        ),
        (
            "31 January and one month is 28 February",
            "kind: rolling, amount: 1, unit: month",
            "2026-01-31T12:00",
            "2026-03-01",
        ),
        (
            "31 January and one month is 29 February in a leap year",
            "kind: rolling, amount: 1, unit: month",
            "2024-01-31T12:00",
            "2024-03-01",
        ),
        (
            "30 January of a leap year",
            "kind: rolling, amount: 1, unit: month",
            "2024-01-30",
            "2024-03-01",
        ),
        (
            "31 March and one month is 30 April",
            "kind: rolling, amount: 1, unit: month",
            "2026-03-31",
            "2026-05-01",
        ),
        (
            "29 February and a year is 28 February",
            "kind: rolling, amount: 1, unit: year",
            "2024-02-29",
            "2025-03-01",
        ),
        (
            "EX-32 any day in January: gone after 28 February",
            "kind: rolling, amount: 1, unit: month, round_up_to: month",
            "2026-01-01",
            "2026-03-01",
        ),
        (
            "EX-32 the last day of January",
            "kind: rolling, amount: 1, unit: month, round_up_to: month",
            "2026-01-31T23:59",
            "2026-03-01",
        ),
        (
            "EX-32 the first of February",
            "kind: rolling, amount: 1, unit: month, round_up_to: month",
            "2026-02-01",
            "2026-04-01",
        ),
        (
            "rounded up to the quarter",
            "kind: rolling, amount: 1, unit: month, round_up_to: quarter",
            "2026-02-28",
            "2026-04-01",
        ),
        (
            "rounded up to the half year",
            "kind: rolling, amount: 1, unit: month, round_up_to: half",
            "2026-06-01",
            "2027-01-01",
        ),
        (
            "rounded up to the year",
            "kind: rolling, amount: 10, unit: day, round_up_to: year",
            "2026-12-22",
            "2028-01-01",
        ),
        (
            "a day that is the last of its year is not rounded further",
            "kind: rolling, amount: 10, unit: day, round_up_to: year",
            "2026-12-21",
            "2027-01-01",
        ),
        (
            "calendar: the next of its dates",
            "kind: calendar, dates: [06-30, 12-31]",
            "2026-06-30T23:59",
            "2026-07-01",
        ),
        (
            "calendar: a day after a date",
            "kind: calendar, dates: [06-30, 12-31]",
            "2026-07-01",
            "2027-01-01",
        ),
        (
            "calendar: at least 30 days away",
            "kind: calendar, dates: [06-30, 12-31], minimum_days: 30",
            "2026-05-31",
            "2026-07-01",
        ),
        (
            "calendar: 29 days away is too near",
            "kind: calendar, dates: [06-30, 12-31], minimum_days: 30",
            "2026-06-01",
            "2027-01-01",
        ),
    ],
)
def test_points_are_there_until_a_midnight_and_not_after(
    case: str, expiry: str, earned: str, gone: str
) -> None:
    town = Town(built(expiring(expiry)))
    town.order(10_00, earned)

    assert town.member().next_due_at == at(gone), case
    town.decide_tick(at(gone) - 1)
    assert town.balance() == 10
    town.decide_tick(at(gone))
    assert town.balance() == 0
    town.check_books()


@pytest.mark.parametrize(
    ("case", "zone", "earned", "gone"),
    [
        ("the evening belongs to its own day", "America/New_York", "2026-01-25T23:59", "2026-02-26"),
        ("across a spring change", "America/New_York", "2026-02-20T12:00", "2026-03-21"),
        ("on the day of a spring change", "Europe/Berlin", "2026-02-28T12:00", "2026-03-29"),
        ("on the day of an autumn change", "Europe/Berlin", "2026-09-24T23:59", "2026-10-25"),
        ("a midnight that does not exist", "America/Santiago", "2026-08-05T12:00", "2026-09-06"),
    ],
)  # fmt: skip
def test_expiry_is_at_a_local_midnight(
    case: str, zone: str, earned: str, gone: str
) -> None:
    document = expiring("kind: rolling, amount: 1, unit: month", f"time_zone: {zone}")
    town = Town(built(document))
    town.order(10_00, earned, zone=zone)

    expected = at(gone, zone)
    assert town.member().next_due_at == expected, case
    town.decide_tick(expected - 1)
    assert town.balance() == 10
    town.decide_tick(expected)
    assert town.balance() == 0


SLIDING = expiring("kind: sliding, amount: 1, unit: month")


@pytest.mark.parametrize(
    ("case", "what", "gone"),
    [
        ("nothing", "", "2026-02-26"),
        ("another order", "order", "2026-03-06"),
        ("an act", "act", "2026-03-06"),
        ("using points", "redeem", "2026-03-06"),
        ("a correction is no activity", "adjust", "2026-02-26"),
    ],
)
def test_ex_30_one_month_after_the_last_activity(
    case: str, what: str, gone: str
) -> None:
    town = Town(built(SLIDING))
    town.order(10_00, "2026-01-25T12:00")
    if what == "order":
        town.order(1, "2026-02-05T12:00")
    elif what == "act":
        town.act("menu.viewed", "2026-02-05T12:00")
    elif what == "redeem":
        town.say("points.redeem", "2026-02-05T12:00", points=1)
    elif what == "adjust":
        town.say("points.adjust", "2026-02-05T12:00", points=-1)

    assert town.member().lots[0].expires_at == at(gone), case


def test_activity_at_the_midnight_itself_is_too_late() -> None:
    town = Town(built(SLIDING))
    town.order(10_00, "2026-01-25T12:00")
    town.order(5_00, "2026-02-26T00:00")

    assert town.balance() == 5
