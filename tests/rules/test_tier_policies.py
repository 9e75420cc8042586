"""Tiers by every policy: upgrades, kept tiers, rates, rules for a tier."""

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
