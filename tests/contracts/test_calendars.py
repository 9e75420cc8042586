"""Zones and recurrences from outside, made plain values: exact, bounded, refused."""

from datetime import datetime
from importlib.resources import files

import pytest
from dateutil.rrule import rrulestr

from loyalty.limits import DAY_MS, RECURRENCE_YEARS_MAX
from loyalty.windows import is_open
from loyalty.zones import local_day, local_ms, utc_ms
from stores.calendars import window_from_rrule, zone_of
from tests.rules.local_times import EPOCH, MILLISECOND, at, floating, info_of

ALL_ZONES = files("tzdata").joinpath("zones").read_text().split()
FIRST, LAST = at("1999-01-01"), at("2061-01-01")


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("UTC", 0),
        ("Asia/Kathmandu", 0),
        ("Europe/Berlin", 124),
        ("America/New_York", 124),
        ("Pacific/Apia", 23),
    ],
)
def test_a_zone_has_all_its_changes(name: str, changes: int) -> None:
    zone = zone_of(name)
    info = info_of(name)

    assert zone.name == name
    assert len(zone.since) == len(zone.offset_ms) == changes + 1
    assert zone.since[0] == FIRST
    for since, offset in zip(zone.since, zone.offset_ms, strict=True):
        moment = datetime.fromtimestamp(since / 1_000, info).utcoffset()
        assert moment is not None
        assert moment // MILLISECOND == offset


@pytest.mark.parametrize("name", ALL_ZONES[:: len(ALL_ZONES) // 40])
def test_local_days_of_every_zone_follow_each_other(name: str) -> None:
    zone = zone_of(name)

    for since in zone.since[1:]:
        assert local_day(zone, since - 1) <= local_day(zone, since)
        assert abs(local_ms(zone, since) - since) < DAY_MS


def test_where_clocks_went_back_across_midnight_they_do_it_at_midnight() -> None:
    zone = zone_of("America/St_Johns")
    change = next(s for s in zone.since if s > at("2010-11-01"))

    # In truth at 00:01, a minute later.
    assert local_ms(zone, change - 1) == floating("2010-11-07T00:00") - 1
    assert local_ms(zone, change) == floating("2010-11-06T23:00")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Mars/Olympus",
        "../zones",
        "europe/berlin",
        "/etc/passwd",
        "Europe",
        "a\x00b",
    ],
)
def test_an_unknown_zone_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(ValueError, match="there is no time zone") as caught:
        zone_of(name)

    assert repr(name) in str(caught.value)


def test_a_zone_is_looked_up_once() -> None:
    assert zone_of("Europe/Berlin") is zone_of("Europe/Berlin")


@pytest.mark.parametrize(
    ("rrule", "starts"),
    [
        pytest.param(
            "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3",
            ["2026-01-05T17:00", "2026-01-07T17:00", "2026-01-12T17:00"],
            id="two days a week",
        ),
        pytest.param(
            "RRULE:FREQ=DAILY;UNTIL=20260107T170000",
            ["2026-01-05T17:00", "2026-01-06T17:00", "2026-01-07T17:00"],
            id="its end is inside",
        ),
        pytest.param(
            "freq=monthly;byday=-1fr;count=2",
            ["2026-01-30T17:00", "2026-02-27T17:00"],
            id="the last Friday of a month",
        ),
        pytest.param(
            "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2",
            ["2026-01-31T17:00", "2026-03-31T17:00"],
            id="months without a 31st have none",
        ),
        pytest.param(
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=2",
            ["2028-02-29T17:00", "2032-02-29T17:00"],
            id="leap days",
        ),
        pytest.param(
            "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU;COUNT=2",
            ["2026-01-18T17:00", "2026-02-01T17:00"],
            id="every other Sunday, weeks from Sunday",
        ),
    ],
)
def test_a_recurrence_is_expanded(rrule: str, starts: list[str]) -> None:
    window = window_from_rrule("20260105T170000", 90, rrule)

    assert [*window.starts] == [floating(start) for start in starts]
    assert [*window.ends] == [start + 90 * 60_000 for start in window.starts]
    assert is_open(window, window.starts[0])
    assert not is_open(window, window.ends[0])


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=MONTHLY;BYDAY=1MO,3MO",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO",
        "FREQ=YEARLY;BYYEARDAY=-1,60",
        "FREQ=YEARLY;INTERVAL=3",
    ],
)
@pytest.mark.parametrize("dtstart", ["2024-02-29T09:00", "2026-01-05T17:00:00"])
def test_an_endless_recurrence_is_expanded_for_twenty_years(
    dtstart: str, rrule: str
) -> None:
    first = datetime.fromisoformat(dtstart)
    horizon = first.replace(year=first.year + RECURRENCE_YEARS_MAX)
    expected = []
    for start in rrulestr(f"RRULE:{rrule}", dtstart=first):
        if start >= horizon:
            break
        expected.append((start - EPOCH) // MILLISECOND)

    assert [*window_from_rrule(dtstart, 60, rrule).starts] == expected


@pytest.mark.parametrize(
    ("dtstart", "minutes", "rrule", "message"),
    [
        ("20260105T170000", 0, "FREQ=DAILY", "a window lasts"),
        ("20260105T170000", 10_081, "FREQ=DAILY", "a window lasts"),
        ("20260105T170000Z", 60, "FREQ=DAILY", "DTSTART"),
        ("2026-01-05T17:00+01:00", 60, "FREQ=DAILY", "DTSTART"),
        ("20260105", 60, "FREQ=DAILY", "DTSTART"),
        ("1969-12-31T00:00", 60, "FREQ=DAILY", "outside the years"),
        ("2100-01-01T00:00", 60, "FREQ=DAILY", "outside the years"),
        ("20260105T170000", 60, "", "not supported"),
        ("20260105T170000", 60, "FREQ=HOURLY", "FREQ must be"),
        ("20260105T170000", 60, "INTERVAL=2", "FREQ must be"),
        ("20260105T170000", 60, "FREQ=DAILY;BYHOUR=9,17", "'BYHOUR' is not supported"),
        ("20260105T170000", 60, "FREQ=YEARLY;BYEASTER=0", "'BYEASTER' is not"),
        ("20260105T170000", 60, "FREQ=DAILY;FREQ=DAILY", "twice"),
        ("20260105T170000", 60, "FREQ=DAILY;INTERVAL=0", "INTERVAL must be"),
        ("20260105T170000", 60, "FREQ=DAILY;COUNT=many", "COUNT must be"),
        ("20260105T170000", 60, "FREQ=DAILY;UNTIL=20270101", "UNTIL"),
        ("20260105T170000", 60, "FREQ=DAILY;UNTIL=20270101T000000Z", "UNTIL"),
        ("20260105T170000", 60, "FREQ=WEEKLY;BYDAY=XX", "cannot be read"),
        ("20260105T170000", 60, "FREQ=DAILY;COUNT=2\nEXDATE:20260106T170000", "COUNT"),
        ("20260105T170000", 60, "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "never happens"),
        ("20260105T170000", 60, "FREQ=DAILY;UNTIL=20260101T000000", "never happens"),
        ("20260105T170000", 60, "FREQ=DAILY;COUNT=7306", "goes on for more"),
        ("20260105T170000", 60, "FREQ=DAILY;UNTIL=20460105T170000", "goes on for more"),
        ("20260105T170000", 1_441, "FREQ=DAILY", "overlap"),
        ("20260105T170000", 60, "FREQ=DAILY;" + "X" * 500, "more than 500"),
    ],
)
def test_a_recurrence_that_cannot_be_a_window_is_refused(
    dtstart: str, minutes: int, rrule: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        window_from_rrule(dtstart, minutes, rrule)


def test_windows_may_touch() -> None:
    window = window_from_rrule("20260105T000000", 1_440, "FREQ=DAILY;COUNT=7305")

    assert window.starts[1:] == window.ends[:-1]


def test_a_window_floats() -> None:
    window = window_from_rrule("20260105T170000", 60, "FREQ=DAILY")

    for name in ("Asia/Kathmandu", "America/New_York"):
        zone = zone_of(name)
        five = utc_ms(zone, floating("2026-07-01T17:00"))
        assert is_open(window, local_ms(zone, five))
        assert not is_open(window, local_ms(zone, five - 1))
