"""Recurring windows: when they are open, and when next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.limits import DAY_MS
from loyalty.windows import (
    ALWAYS,
    EVERY_DAY,
    MINUTE_MS,
    DayPart,
    Window,
    is_open,
    next_open,
)
from tests.rules.local_times import floating

WORKDAYS = frozenset({1, 2, 3, 4, 5})
HAPPY_HOUR = Window((DayPart(WORKDAYS, 15 * 60, 17 * 60),))
FRIDAY_NIGHT = Window((DayPart(frozenset({5}), 22 * 60, 2 * 60),))
SUNDAY_NIGHT = Window((DayPart(frozenset({7}), 22 * 60, 2 * 60),))
WHOLE_MONDAY = Window((DayPart(frozenset({1}), 0, 0),))
UNTIL_MIDNIGHT = Window((DayPart(frozenset({1}), 22 * 60, 24 * 60),))
NO_DAY = Window((DayPart(frozenset(), 0, 60),))
TWO_NIGHTS = Window(
    (),
    (floating("2024-01-05T20:00"), floating("2024-01-06T20:00")),
    (floating("2024-01-05T23:00"), floating("2024-01-06T23:00")),
)
BOTH = Window(HAPPY_HOUR.parts, TWO_NIGHTS.starts, TWO_NIGHTS.ends)


@pytest.mark.parametrize(
    ("window", "time", "open_now"),
    [
        pytest.param(ALWAYS, "2024-01-01T00:00", True, id="always"),
        pytest.param(HAPPY_HOUR, "2024-01-01T14:59:59", False, id="a second before"),
        pytest.param(HAPPY_HOUR, "2024-01-01T15:00", True, id="its first moment"),
        pytest.param(HAPPY_HOUR, "2024-01-01T16:59:59", True, id="its last second"),
        pytest.param(HAPPY_HOUR, "2024-01-01T17:00", False, id="its end is outside"),
        pytest.param(HAPPY_HOUR, "2024-01-06T15:30", False, id="Saturday"),
        pytest.param(FRIDAY_NIGHT, "2024-01-05T23:00", True, id="Friday at 23"),
        pytest.param(
            FRIDAY_NIGHT, "2024-01-06T01:59", True, id="it is still its night"
        ),
        pytest.param(FRIDAY_NIGHT, "2024-01-06T02:00", False, id="the night is over"),
        pytest.param(FRIDAY_NIGHT, "2024-01-05T01:00", False, id="Thursday's night"),
        pytest.param(FRIDAY_NIGHT, "2024-01-06T23:00", False, id="Saturday's night"),
        pytest.param(SUNDAY_NIGHT, "2024-01-08T01:00", True, id="Sunday's, on Monday"),
        pytest.param(WHOLE_MONDAY, "2024-01-01T00:00", True, id="equal minutes: a day"),
        pytest.param(WHOLE_MONDAY, "2024-01-01T23:59", True, id="to its end"),
        pytest.param(WHOLE_MONDAY, "2024-01-02T00:00", False, id="not more"),
        pytest.param(UNTIL_MIDNIGHT, "2024-01-01T23:59", True, id="24:00 is an end"),
        pytest.param(UNTIL_MIDNIGHT, "2024-01-02T00:00", False, id="and outside"),
        pytest.param(NO_DAY, "2024-01-01T00:30", False, id="no weekday: never"),
        pytest.param(TWO_NIGHTS, "2024-01-05T20:00", True, id="an occurrence"),
        pytest.param(TWO_NIGHTS, "2024-01-05T23:00", False, id="between two"),
        pytest.param(TWO_NIGHTS, "2024-01-01T20:00", False, id="before the first"),
        pytest.param(TWO_NIGHTS, "2024-01-07T20:00", False, id="after the last"),
        pytest.param(BOTH, "2024-01-06T20:30", True, id="either is enough"),
        pytest.param(BOTH, "2024-01-06T15:30", False, id="neither"),
    ],
)
def test_a_window_is_open(window: Window, time: str, open_now: bool) -> None:
    assert is_open(window, floating(time)) is open_now


@pytest.mark.parametrize(
    ("window", "time", "opens"),
    [
        pytest.param(ALWAYS, "2024-01-01T00:00", "2024-01-01T00:00", id="always"),
        pytest.param(
            HAPPY_HOUR, "2024-01-01T16:00", "2024-01-01T16:00", id="it is open"
        ),
        pytest.param(HAPPY_HOUR, "2024-01-01T09:00", "2024-01-01T15:00", id="today"),
        pytest.param(HAPPY_HOUR, "2024-01-05T17:00", "2024-01-08T15:00", id="Monday"),
        pytest.param(
            FRIDAY_NIGHT, "2024-01-06T02:00", "2024-01-12T22:00", id="in six days"
        ),
        pytest.param(
            TWO_NIGHTS, "2024-01-05T23:00", "2024-01-06T20:00", id="the next occurrence"
        ),
        pytest.param(BOTH, "2024-01-05T18:00", "2024-01-05T20:00", id="the nearer"),
    ],
)
def test_a_window_opens_next(window: Window, time: str, opens: str) -> None:
    assert next_open(window, floating(time)) == floating(opens)


@pytest.mark.parametrize("window", [NO_DAY, TWO_NIGHTS], ids=["no weekday", "all over"])
def test_a_window_that_never_opens_again(window: Window) -> None:
    assert next_open(window, floating("2024-02-01T00:00")) == -1


def test_every_day_is_monday_to_sunday() -> None:
    every_hour = range(
        floating("2024-01-01T00:00"), floating("2024-01-08T00:00"), 3_600_000
    )
    window = Window((DayPart(EVERY_DAY, 0, 0),))

    assert all(is_open(window, hour) for hour in every_hour)


minutes = st.integers(0, 1_439)
parts = st.builds(
    DayPart,
    st.frozensets(st.sampled_from(sorted(EVERY_DAY))),
    minutes,
    st.integers(0, 1_440),
)
gaps = st.lists(st.tuples(st.integers(0, 3_000), st.integers(1, 3_000)), max_size=20)
LATER = floating("2024-01-01T00:00")


def _occurrences(steps: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    starts, ends, now = [], [], LATER
    for gap, length in steps:
        starts.append(now + gap * MINUTE_MS)
        now = starts[-1] + length * MINUTE_MS
        ends.append(now)
    return starts, ends


@given(st.lists(parts, max_size=5), gaps, st.integers(-20_000, 60_000))
def test_a_window_is_what_a_plain_search_finds(
    day_parts: list[DayPart], steps: list[tuple[int, int]], minute: int
) -> None:
    starts, ends = _occurrences(steps)
    local = LATER + minute * MINUTE_MS
    spans = list(zip(starts, ends, strict=True))
    for part in day_parts:
        length = (part.to_minute - part.from_minute) or 1_440
        length += 1_440 if length < 0 else 0
        for day in range(local // DAY_MS - 1, local // DAY_MS + 9):
            # 1 January 1970 was a Thursday.
            if (day + 3) % 7 + 1 in part.weekdays:
                start = day * DAY_MS + part.from_minute * MINUTE_MS
                spans.append((start, start + length * MINUTE_MS))
    window = Window(tuple(day_parts), tuple(starts), tuple(ends))

    inside = any(start <= local < end for start, end in spans) or window == ALWAYS
    coming = min((start for start, _ in spans if start > local), default=-1)
    assert is_open(window, local) is inside
    assert next_open(window, local) == (local if inside else coming)
