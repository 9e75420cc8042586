"""The verdict of a soak: what grows for ever is found, what settles is not."""

import pytest

from benchmarks.handover import longest_gap
from benchmarks.soak_verdict import Sample, Soaked, Verdict, judge, slope
from benchmarks.steady import Wait, percentile

FLAT = [Sample(minute / 4, 300.0) for minute in range(40)]
LEAK = [Sample(minute / 4, 300.0 + 5 * minute / 4) for minute in range(40)]
# Full caches, then no more.
SETTLES = [Sample(minute / 4, 300.0 + min(minute, 16) * 10) for minute in range(40)]
QUICK = [Wait(float(second), 0.02) for second in range(600)]
QUEUES = [Wait(float(second), 8.0) for second in range(600)]
SLOWER = [Wait(float(second), 0.02 if second < 300 else 1.0) for second in range(600)]


@pytest.mark.parametrize(
    ("samples", "waits", "faults"),
    [
        pytest.param(FLAT, QUICK, (), id="flat"),
        pytest.param(SETTLES, QUICK, (), id="settles"),
        pytest.param(LEAK, QUICK, ("worker grows by 5.0 MiB a minute",), id="leaks"),
        pytest.param(
            FLAT, SLOWER, ("p99 went from 0.020 s to 1.000 s",), id="slower at half"
        ),
        pytest.param(
            FLAT,
            QUEUES,
            ("half of the orders waited for 8.000 s: a queue stands",),
            id="a queue that neither grows nor goes",
        ),
        pytest.param(
            FLAT,
            QUICK[:250] + [Wait(250.0, 350.0)] * 9,
            ("no order was seen in the second half",),
            id="all stands still",
        ),
        pytest.param(
            FLAT, [], ("no order was seen in the second half",), id="nothing came"
        ),
    ],
)
def test_a_soak_is_judged_by_its_second_half(
    samples: list[Sample], waits: list[Wait], faults: tuple[str, ...]
) -> None:
    soaked = Soaked(0.0, 600.0, {"worker": samples}, waits)

    assert judge(soaked) == Verdict(not faults, faults)


def test_the_slope_of_a_line_is_its_own() -> None:
    assert slope(LEAK) == pytest.approx(5.0)
    assert slope(LEAK[:1]) == 0.0


def test_a_gap_counts_where_its_middle_is() -> None:
    times = [0.0, 1.0, 2.0, 6.0, 7.0]

    assert longest_gap(times, 0.5, 1.5) == 1.0
    # What begins just before the window's end is of the next one.
    assert longest_gap(times, 0.5, 2.5) == 1.0
    assert longest_gap(times, 2.5, 6.5) == 4.0
    assert longest_gap(times, 3.0, 7.0) == 4.0
    assert longest_gap(times, 3.0, 20.0) == 13.0


def test_a_percentile_of_nothing_is_nothing() -> None:
    assert percentile([], 99) == 0
    assert percentile(QUICK, 99) == 0.02


@pytest.mark.parametrize(
    ("days", "faults"),
    [
        pytest.param([0.0, 90.0, 1.0, 30.0], (), id="a month's end"),
        pytest.param(
            [0.0, 30.0, 60.0, 90.0],
            ("time is 60 days behind its ticks",),
            id="further and further",
        ),
    ],
)
def test_orders_are_not_quick_at_the_cost_of_time(
    days: list[float], faults: tuple[str, ...]
) -> None:
    soaked = Soaked(0.0, 600.0, {"worker": FLAT}, QUICK, 600, days)

    assert judge(soaked) == Verdict(not faults, faults)
