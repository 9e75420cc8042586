"""Acceptance cases, timing and goals (EX-81 to EX-87), with neighbours."""

from collections import Counter

import pytest

from loyalty.anniversaries import delay_until
from loyalty.frequency import CALENDAR, ROLLING, FrequencyCap, may_send
from loyalty.holdout import bucket_of, is_held_out
from stores.programs import EDGE_CALENDARS
from tests.rules.town import Town, at, built

NINE = 9 * 60


@pytest.mark.parametrize(
    ("case", "zone", "trigger", "days", "minute", "due"),
    [
        ("EX-81 in 1 day at 9:00", "UTC", "2026-03-02T21:00", 1, NINE, "2026-03-03T09:00"),
        ("EX-81 after 1 day", "UTC", "2026-03-02T21:00", 1, None, "2026-03-03T21:00"),
        ("just before midnight", "UTC", "2026-03-02T23:59", 1, NINE, "2026-03-03T09:00"),
        ("at midnight", "UTC", "2026-03-03T00:00", 1, NINE, "2026-03-04T09:00"),
        ("in 0 days, still to come", "UTC", "2026-03-02T08:59", 0, NINE, "2026-03-02T09:00"),
        ("in 0 days, over already", "UTC", "2026-03-02T09:01", 0, NINE, "2026-03-02T09:01"),
        ("24 h over a short day", "America/New_York", "2026-03-07T21:00", 1, None, "2026-03-08T22:00"),
        ("9:00 over a short day", "America/New_York", "2026-03-07T21:00", 1, NINE, "2026-03-08T09:00"),
        ("24 h over a long day", "America/New_York", "2026-10-31T21:00", 1, None, "2026-11-01T20:00"),
        ("a minute that does not exist", "America/New_York", "2026-03-07T21:00", 1, 150, "2026-03-08T03:30"),
        ("into the next month", "UTC", "2026-02-28T21:00", 1, NINE, "2026-03-01T09:00"),
    ],
)  # fmt: skip
def test_ex_81_delays(
    case: str, zone: str, trigger: str, days: int, minute: int | None, due: str
) -> None:
    local = EDGE_CALENDARS.zone(zone)
    at_minute = delay_until(at(trigger, zone), days=days, at_minute=minute, zone=local)

    assert at_minute == at(due, zone), case


@pytest.mark.parametrize(
    ("case", "cap", "sent", "then", "may"),
    [
        ("EX-83 calendar day", FrequencyCap(1), ["2026-03-04T23:00"], "2026-03-05T00:00", True),
        ("EX-83 rolling 24 h holds it", FrequencyCap(1, ROLLING), ["2026-03-04T23:00"], "2026-03-05T00:00", False),
        ("the same calendar day", FrequencyCap(1), ["2026-03-04T00:00"], "2026-03-04T23:59", False),
        ("rolling, a minute early", FrequencyCap(1, ROLLING), ["2026-03-04T23:00"], "2026-03-05T22:59", False),
        ("rolling, to the minute", FrequencyCap(1, ROLLING), ["2026-03-04T23:00"], "2026-03-05T23:00", True),
        ("two a day", FrequencyCap(2), ["2026-03-04T01:00", "2026-03-04T02:00"], "2026-03-04T03:00", False),
        ("one of two", FrequencyCap(2), ["2026-03-03T23:59", "2026-03-04T02:00"], "2026-03-04T03:00", True),
        ("a calendar week from Monday", FrequencyCap(1, CALENDAR, "week"), ["2026-03-08T23:59"], "2026-03-09T00:00", True),
        ("within a week", FrequencyCap(1, CALENDAR, "week"), ["2026-03-02T00:00"], "2026-03-08T23:59", False),
        ("rolling 7 days", FrequencyCap(1, ROLLING, days=7), ["2026-03-02T00:00"], "2026-03-08T23:59", False),
        ("nothing was sent", FrequencyCap(1), [], "2026-03-04", True),
        ("never", FrequencyCap(0), [], "2026-03-04", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/New_York"])
def test_ex_83_frequency_by_the_members_calendar(
    case: str, cap: FrequencyCap, sent: list[str], then: str, may: bool, zone: str
) -> None:
    local = EDGE_CALENDARS.zone(zone)
    times = tuple(at(one, zone) for one in sent)

    assert may_send(cap, times, at(then, zone), zone=local) == may, case


def test_ex_83_another_zone_has_another_day() -> None:
    """23:00 and 00:00 in New York are 05:00 and 06:00 of one day in Berlin."""
    sent, then = (at("2026-01-10T04:00"),), at("2026-01-10T05:00")

    assert may_send(
        FrequencyCap(1), sent, then, zone=EDGE_CALENDARS.zone("America/New_York")
    )
    assert not may_send(FrequencyCap(1), sent, then, zone=EDGE_CALENDARS.zone("Europe/Berlin"))  # fmt: skip


@pytest.mark.parametrize(
    ("case", "bucket", "percent", "held_out"),
    [
        ("EX-85 bucket 18", 18, 18, True),
        ("EX-85 bucket 19", 19, 18, False),
        ("the first bucket", 1, 18, True),
        ("nobody", 1, 0, False),
        ("everybody", 100, 100, True),
        ("all but the last", 100, 99, False),
        ("one in a hundred", 1, 1, True),
        ("the second of a hundred", 2, 1, False),
    ],
)
def test_ex_85_who_is_held_out(
    case: str, bucket: int, percent: int, held_out: bool
) -> None:
    assert is_held_out(bucket, percent) == held_out, case


def test_ex_85_buckets_are_1_to_100_stable_and_even() -> None:
    buckets = Counter(bucket_of(f"member-{n}") for n in range(20_000))

    assert set(buckets) == set(range(1, 101))
    assert 140 <= min(buckets.values()) <= max(buckets.values()) <= 260
    held = sum(count for bucket, count in buckets.items() if is_held_out(bucket, 18))
    assert 0.17 < held / 20_000 < 0.19
    assert [bucket_of("member-1"), bucket_of("member-1", "spring")] == [2, 39]


THREE_ORDERS = """
earn: []
challenges: [{id: big-three, goal: orders, target: 3, points: 1000, %s}]
"""


@pytest.mark.parametrize(
    ("case", "minimum", "amounts_minor", "balance"),
    [
        ("EX-87 301, 301, 301", "over_minor: 30000", (301_00, 301_00, 301_00), 1_000),
        ("EX-87 301, 300, 301", "over_minor: 30000", (301_00, 300_00, 301_00), 0),
        ("a cent over counts", "over_minor: 30000", (300_01, 300_01, 300_01), 1_000),
        ("the amount itself does not", "over_minor: 30000", (300_00,) * 3, 0),
        ("from the amount on", "minimum_minor: 30000", (300_00,) * 3, 1_000),
        ("a cent below", "minimum_minor: 30000", (300_00, 299_99, 300_00), 0),
        ("two are not enough", "over_minor: 30000", (301_00, 301_00), 0),
        ("once only", "over_minor: 30000", (301_00,) * 6, 1_000),
    ],
)
def test_ex_87_three_orders_over_an_amount(
    case: str, minimum: str, amounts_minor: tuple[int, ...], balance: int
) -> None:
    town = Town(built(THREE_ORDERS % minimum))
    for day, amount_minor in enumerate(amounts_minor):
        town.order(amount_minor, f"2026-03-0{day + 1}")

    assert town.balance() == balance, case


def test_ex_87_a_return_takes_the_reward_back() -> None:
    town = Town(built(THREE_ORDERS % "over_minor: 30000"))
    orders = [town.order(301_00, f"2026-03-0{day}") for day in (1, 2, 3)]
    town.refund(orders[1], 99, "2026-03-04")
    assert town.balance() == 1_000
    town.refund(orders[1], 1, "2026-03-04")
    assert town.balance() == 0
    town.order(301_00, "2026-03-05")
    assert town.balance() == 1_000
