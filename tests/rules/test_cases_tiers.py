"""Acceptance cases, tiers (EX-51, EX-52), and every policy of tiers."""

import pytest

from loyalty.tier_outlook import projected_tier
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


@pytest.mark.parametrize(
    ("case", "upgrade", "same_month", "next_month"),
    [("now", "now", "silver", "silver"), ("later", "next_period", "base", "silver")],
)
def test_a_tier_is_reached_now_or_in_the_next_period(
    case: str, upgrade: str, same_month: str, next_month: str
) -> None:
    valid = "valid: {kind: period_end, periods_later: 1}"
    town = tiered(f"window: calendar, period: month, upgrade: {upgrade}, {valid}")
    town.order(100_00, "2026-03-10")
    town.tick("2026-03-31T23:59")
    assert tier(town) == same_month, case
    town.tick("2026-04-01")
    assert tier(town) == next_month


def test_a_kept_tier_is_never_lost_and_the_one_above_is() -> None:
    document = PER_ONE + THREE.replace(
        "from_points: 100", "from_points: 100, kept: true"
    )
    town = Town(built(document + "tier_policy: {window_days: 30}"))
    town.order(300_00, "2026-03-01")
    town.tick("2026-03-31")

    assert tier(town) == "silver"
    town.tick("2030-01-01")
    assert tier(town) == "silver"


def test_a_return_undoes_the_tier_also_a_kept_one() -> None:
    document = PER_ONE + THREE.replace(
        "from_points: 100", "from_points: 100, kept: true"
    )
    town = Town(built(document))
    order = town.order(100_00, "2026-03-01")
    town.refund(order, 1, "2026-03-02")
    assert tier(town) == "silver"
    town.refund(order, 99, "2026-03-02")
    assert tier(town) == "base"


@pytest.mark.parametrize(
    ("factor", "first", "second"),
    [("1.25", 100, 225), ("2", 100, 300), ("0.5", 100, 150), ("1.2599", 100, 225)],
)
def test_base_points_at_the_rate_of_the_tier_held_before_the_order(
    factor: str, first: int, second: int
) -> None:
    tiers = THREE.replace(
        "from_points: 100", f"from_points: 100, earn_factor: {factor}"
    )
    town = Town(built(PER_ONE + tiers))
    town.order(100_00, "2026-03-01")
    assert town.balance() == first
    town.order(100_00, "2026-03-02")
    assert town.balance() == second


@pytest.mark.parametrize(
    ("case", "policy", "expected"),
    [
        ("full", "window_days: 30", ("silver", "2026-04-04", 300 - 110)),
        ("kept longer", "window_days: 30, valid: {kind: fixed, amount: 60}", ("base", "2026-05-07", 300)),
        ("one step", "window_days: 30, downgrade: one_step", ("silver", "2026-04-04", 190)),
        ("never", "window_days: 30, downgrade: none", ("", "", 0)),
        ("by balance", "basis: balance", ("", "", 0)),
        ("in the period", "window: calendar", ("", "", 0)),
    ],
)  # fmt: skip
def test_what_keeps_a_tier_and_when_it_would_be_lost(
    case: str, policy: str, expected: tuple[str, str, int]
) -> None:
    town = tiered(policy)
    for day, amount_minor in (("05", 195_00), ("06", 60_00), ("07", 50_00)):
        town.order(amount_minor, f"2026-03-{day}")
    assert tier(town) == "gold"
    name, when, missing = expected

    found = projected_tier(town.member().state, town.program)
    assert found == (name, at(when) if when else 0, missing), case


@pytest.mark.parametrize(
    ("case", "when", "given"),
    [
        (
            "who is in the lowest tier from the first order on",
            "tiers: [base]",
            [5, 5, 0],
        ),
        ("who has it before the order", "tiers: [silver]", [0, 0, 5]),
        ("who has any of them", "tiers: [base, silver]", [5, 5, 5]),
        ("who does not reach it", "tiers: [gold]", [0, 0, 0]),
    ],
)
def test_rules_for_a_tier_hold_for_those_who_have_it(
    case: str, when: str, given: list[int]
) -> None:
    document = f"""
wallets: [{{id: points}}, {{id: extra}}]
earn:
  - {{id: s, points: 1, step_minor: 100}}
  - {{id: gift, kind: visit, points: 5, wallet: extra, when: {{{when}}}}}
{THREE}
"""
    town = Town(built(document))
    seen = []
    for day, amount_minor in enumerate((80_00, 20_00, 1)):
        before = town.balance("extra")
        town.order(amount_minor, f"2026-03-0{day + 1}")
        seen.append(town.balance("extra") - before)

    assert seen == given, case


@pytest.mark.parametrize(
    ("conflict", "for_all", "for_silver", "base", "silver"),
    [
        ("max", 3, 5, 3, 5),
        ("max", 5, 3, 5, 5),
        ("first", 3, 5, 3, 5),
        ("sum", 3, 5, 3, 8),
    ],
)
def test_a_rule_for_a_tier_is_in_no_conflict_for_all_others(
    conflict: str, for_all: int, for_silver: int, base: int, silver: int
) -> None:
    document = f"""
conflict: {conflict}
earn:
  - {{id: silver, kind: visit, points: {for_silver}, when: {{tiers: [silver]}}}}
  - {{id: all, kind: visit, points: {for_all}}}
{THREE}
tier_policy: {{basis: visits}}
"""
    town = Town(built(document.replace("from_points: 100", "from_points: 1")))
    town.order(1, "2026-03-01")
    assert town.balance() == base
    town.order(1, "2026-03-02")
    assert town.balance() == base + silver
