"""Acceptance cases, tiers (EX-51, EX-52), and every policy of tiers."""

import pytest

from tests.rules.town import Town, at, built

PER_ONE = "earn: [{id: spend, points: 1, step_minor: 100}]\n"
THREE = """
tiers:
  - {id: base, name: Base, from_points: 0}
  - {id: silver, name: Silver, from_points: 100}
  - {id: gold, name: Gold, from_points: 300}
"""


def tiered(policy: str, more: str = "") -> Town:
    return Town(built(PER_ONE + THREE + f"tier_policy: {{{policy}}}\n" + more))


def tier(town: Town) -> str:
    return town.member().tier


@pytest.mark.parametrize(
    ("case", "valid", "reached", "last_day"),
    [
        ("EX-51 end of period", "kind: period_end", "2026-03-10", "2026-03-31"),
        ("EX-51 its first day", "kind: period_end", "2026-03-01", "2026-03-31"),
        ("EX-51 its last day", "kind: period_end", "2026-03-31T23:59", "2026-03-31"),
        (
            "EX-51 end of next period",
            "kind: period_end, periods_later: 1",
            "2026-03-10",
            "2026-04-30",
        ),
        (
            "EX-51 7 days more",
            "kind: period_end, extra_days: 7",
            "2026-03-10",
            "2026-04-07",
        ),
        (
            "7 days after February",
            "kind: period_end, extra_days: 7",
            "2026-02-10",
            "2026-03-07",
        ),
        ("December", "kind: period_end, periods_later: 1", "2026-12-10", "2027-01-31"),
        (
            "a quarter",
            "kind: period_end, period: quarter",
            "2026-02-10",
            "2026-03-31",
        ),
        ("EX-52 30 days", "kind: fixed, amount: 30", "2026-07-20T12:00", "2026-08-19"),
        ("29 days", "kind: fixed, amount: 29", "2026-07-20T12:00", "2026-08-18"),
        (
            "a month from 31 January",
            "kind: fixed, amount: 1, unit: month",
            "2026-01-31",
            "2026-02-28",
        ),
    ],
)
def test_ex_51_52_a_tier_is_kept_through_a_day_and_lost_at_its_midnight(
    case: str, valid: str, reached: str, last_day: str
) -> None:
    town = tiered(f"basis: balance, valid: {{{valid}}}")
    town.order(100_00, reached)
    assert tier(town) == "silver"
    town.say("points.adjust", reached, points=-50)
    assert tier(town) == "silver", case

    ends_at = at(last_day) + 86_400_000
    assert town.member().state.tier_until == ends_at
    town.decide_tick(ends_at - 1)
    assert tier(town) == "silver"
    town.decide_tick(ends_at)
    assert tier(town) == "base"


def test_ex_52_silver_reached_20_july_balance_falls_25_july() -> None:
    town = tiered("basis: balance, valid: {kind: fixed, amount: 30}")
    town.order(100_00, "2026-07-20T15:00")
    town.say("points.redeem", "2026-07-25T15:00", points=80)
    town.tick("2026-08-19T23:59")
    assert tier(town) == "silver"
    town.tick("2026-08-20T00:00")
    assert tier(town) == "base"


def test_a_kept_term_begins_anew_when_the_tier_is_still_reached() -> None:
    town = tiered("basis: balance, valid: {kind: fixed, amount: 30}")
    town.order(100_00, "2026-07-20T15:00")
    town.tick("2026-08-20")

    assert tier(town) == "silver"
    assert town.member().state.tier_until == at("2026-09-20")


@pytest.mark.parametrize(
    ("basis", "orders", "expected"),
    [
        ("points", [99_99], "base"),
        ("points", [100_00], "silver"),
        ("points", [299_99], "silver"),
        ("points", [300_00], "gold"),
        ("spend", [99], "base"),
        ("spend", [1_00], "silver"),
        ("spend", [2_99], "silver"),
        ("spend", [3_00], "gold"),
        ("balance", [99_99], "base"),
        ("balance", [60_00, 40_00], "silver"),
        ("visits", [1] * 99, "base"),
        ("visits", [1] * 100, "silver"),
    ],
)
def test_each_basis_reaches_a_tier_exactly(
    basis: str, orders: list[int], expected: str
) -> None:
    town = tiered(f"basis: {basis}, window: lifetime")
    for minute, amount in enumerate(orders):
        town.order(amount, f"2026-03-01T{minute // 60:02}:{minute % 60:02}")

    assert tier(town) == expected


@pytest.mark.parametrize(
    ("case", "window", "earned", "still", "gone"),
    [
        (
            "rolling 30 days, today included",
            "window: rolling, window_days: 30",
            "2026-03-01T23:59",
            "2026-03-30T23:59",
            "2026-03-31",
        ),
        (
            "rolling 1 day",
            "window: rolling, window_days: 1",
            "2026-03-01",
            "2026-03-01T23:59",
            "2026-03-02",
        ),
        (
            "a calendar year",
            "window: calendar, period: year",
            "2026-12-31T23:59",
            "2026-12-31T23:59",
            "2027-01-01",
        ),
        (
            "a calendar quarter",
            "window: calendar, period: quarter",
            "2026-01-01",
            "2026-03-31T23:59",
            "2026-04-01",
        ),
        (
            "years of membership",
            "window: anniversary",
            "2026-03-15T12:00",
            "2027-03-14T23:59",
            "2027-03-15",
        ),
        (
            "membership from 29 February",
            "window: anniversary",
            "2024-02-29T12:00",
            "2025-02-27T23:59",
            "2025-02-28",
        ),
    ],
)
def test_points_count_in_their_window_and_not_after(
    case: str, window: str, earned: str, still: str, gone: str
) -> None:
    town = tiered(window)
    town.order(100_00, earned)
    town.tick(still)
    assert tier(town) == "silver", case
    town.tick(gone)
    assert tier(town) == "base"


def test_lifetime_points_are_never_out_of_their_window() -> None:
    town = tiered("window: lifetime")
    town.order(100_00, "2016-03-01")
    town.tick("2026-03-01")

    assert tier(town) == "silver"


def test_a_window_is_of_local_days() -> None:
    town = tiered("window_days: 2", "time_zone: America/New_York")
    town.order(100_00, "2026-03-07T23:59", zone="America/New_York")
    town.tick("2026-03-08T23:59", zone="America/New_York")
    assert tier(town) == "silver"
    # The clocks went forward in between: 8 March had 23 hours.
    town.tick("2026-03-09T00:00", zone="America/New_York")
    assert tier(town) == "base"


@pytest.mark.parametrize(
    ("case", "downgrade", "after", "after_two"),
    [
        ("to what is reached", "full", "base", "base"),
        ("one step, then the next", "one_step", "silver", "base"),
        ("never", "none", "gold", "gold"),
    ],
)
@pytest.mark.parametrize(
    ("window", "lost", "second"),
    [
        ("window: calendar, period: month", "2026-04-01", "2026-05-01"),
        ("window: rolling, window_days: 30", "2026-04-09", "2026-05-09"),
        ("window: anniversary", "2027-03-10", "2028-03-10"),
        ("basis: balance, window_days: 30", "2026-03-20", "2026-04-19"),
    ],
)
def test_each_downgrade_in_each_window(
    case: str,
    downgrade: str,
    after: str,
    after_two: str,
    window: str,
    lost: str,
    second: str,
) -> None:
    town = tiered(f"{window}, downgrade: {downgrade}")
    town.order(300_00, "2026-03-10T12:00")
    assert tier(town) == "gold"
    if "balance" in window:
        town.say("points.redeem", lost, points=300)
    town.decide_tick(at(lost))
    town.decide_tick(at(lost) + 1)
    town.act("menu.viewed", lost + "T12:00")
    assert tier(town) == after, case
    town.decide_tick(at(second) - 1)
    assert tier(town) == after
    town.decide_tick(at(second))
    assert tier(town) == after_two
