"""Features of streaks, challenges, badges and progress, each through a document."""

import pytest

from loyalty.view import view_of
from tests.builders import a_line
from tests.rules.town import Town, built


def streaky(rule: str) -> Town:
    return Town(built(f"earn: []\nstreaks: [{{id: s, {rule}}}]"))


@pytest.mark.parametrize(
    ("case", "rule", "days", "balance"),
    [
        ("three weeks running", "length: 3, points: 50", ["03-02", "03-09", "03-16"], 50),
        ("from Sunday to Monday", "length: 2, points: 50", ["03-08", "03-09"], 50),
        ("one week twice", "length: 2, points: 50", ["03-02", "03-08"], 0),
        ("a gap", "length: 3, points: 50", ["03-02", "03-09", "03-23", "03-30"], 0),
        ("it repeats", "length: 2, points: 50", ["03-02", "03-09", "03-16", "03-23"], 100),
        ("once", "length: 2, points: 50, once: true", ["03-02", "03-09", "03-16", "03-23"], 50),
        ("days", "period: day, length: 3, points: 9", ["02-27", "02-28", "03-01"], 9),
        ("months", "period: month, length: 2, points: 9", ["01-31", "02-01"], 9),
        (
            "two orders in each",
            "length: 2, points: 50, orders_min: 2",
            ["03-02", "03-03", "03-09", "03-15"],
            50,
        ),
        (
            "one order is not enough",
            "length: 2, points: 50, orders_min: 2",
            ["03-02", "03-03", "03-09", "03-16", "03-17"],
            0,
        ),
        (
            "a third changes nothing",
            "length: 2, points: 50, orders_min: 2",
            ["03-02", "03-03", "03-04", "03-09", "03-10", "03-11"],
            50,
        ),
    ],
)  # fmt: skip
def test_streaks(case: str, rule: str, days: list[str], balance: int) -> None:
    town = streaky(rule)
    for day in days:
        town.order(25_00, f"2026-{day}T12:00")

    assert town.balance() == balance, case


@pytest.mark.parametrize(
    ("amounts_minor", "balance"), [((20_00, 20_00), 50), ((20_00, 19_99), 0)]
)
def test_a_streak_counts_orders_of_enough_money(
    amounts_minor: tuple[int, int], balance: int
) -> None:
    town = streaky("length: 2, points: 50, minimum_minor: 2000")
    for day, amount_minor in zip(("02", "09"), amounts_minor, strict=True):
        town.order(amount_minor, f"2026-03-{day}")

    assert town.balance() == balance


def test_a_return_breaks_a_streak_and_a_late_order_mends_it() -> None:
    town = streaky("length: 3, points: 50, badge: regular")
    orders = [town.order(20_00, f"2026-03-{day}") for day in ("02", "09", "16")]
    assert town.balance() == 50
    assert [one.badge for one in town.member().state.badges] == ["regular"]
    town.cancel(orders[1], "2026-03-17")
    assert town.balance() == 0
    assert town.member().state.badges == ()
    assert "badge-undone:regular" in town.told
    town.order(20_00, "2026-03-10")
    assert town.balance() == 50
    town.check_books()


def challenged(rule: str) -> Town:
    return Town(built(f"earn: []\nchallenges: [{{id: c, {rule}}}]"))


@pytest.mark.parametrize(
    ("case", "rule", "orders", "balance"),
    [
        ("orders", "target: 2, points: 9", [("03-01", 1), ("03-02", 1)], 9),
        ("money", "goal: spend, target: 5000, points: 9", [("03-01", 49_99), ("03-02", 1)], 9),
        ("a cent short", "goal: spend, target: 5000, points: 9", [("03-01", 49_99)], 0),
        ("once", "target: 1, points: 9", [("03-01", 1), ("03-02", 1)], 9),
        ("again", "target: 1, points: 9, repeats: true", [("03-01", 1), ("03-02", 1)], 18),
        (
            "the rest counts for the next",
            "goal: spend, target: 5000, points: 9, repeats: true",
            [("03-01", 120_00), ("03-02", 30_00)],
            27,
        ),
        (
            "a cent short of the third",
            "goal: spend, target: 5000, points: 9, repeats: true",
            [("03-01", 120_00), ("03-02", 29_99)],
            18,
        ),
        ("within 7 days", "target: 2, points: 9, within_days: 7", [("03-01", 1), ("03-07T23:59", 1)], 9),
        ("7 days later", "target: 2, points: 9, within_days: 7", [("03-01", 1), ("03-08", 1)], 0),
        (
            "7 days later it began anew",
            "target: 2, points: 9, within_days: 7",
            [("03-01", 1), ("03-08", 1), ("03-09", 1)],
            9,
        ),
        ("in a month", "target: 2, points: 9, period: month", [("03-01", 1), ("03-31", 1)], 9),
        ("over its end", "target: 2, points: 9, period: month", [("03-31", 1), ("04-01", 1)], 0),
        (
            "each month",
            "target: 1, points: 9, period: month",
            [("03-01", 1), ("03-02", 1), ("04-01", 1)],
            18,
        ),
    ],
)  # fmt: skip
def test_challenges(
    case: str, rule: str, orders: list[tuple[str, int]], balance: int
) -> None:
    town = challenged(rule)
    for when, amount_minor in orders:
        day = when if "T" in when else f"{when}T00:00"
        town.order(amount_minor, f"2026-{day}")

    assert town.balance() == balance, case


@pytest.mark.parametrize(("units", "balance"), [(4, 0), (5, 9), (6, 9)])
def test_a_challenge_counts_units(units: int, balance: int) -> None:
    rule = "goal: units, target: 5, points: 9, match: {skus: [latte]}"
    town = challenged(rule)
    lines = (a_line(4_00, sku="latte", quantity=units), a_line(line_id="2"))
    town.order(0, "2026-03-01", lines=lines)

    assert town.balance() == balance


@pytest.mark.parametrize(
    ("case", "joined", "left", "balance"),
    [
        ("joined in time", "2026-03-01", "", 9),
        ("joined after the first", "2026-03-03", "", 0),
        ("never", "", "", 0),
        ("left between", "2026-03-01", "2026-03-03", 0),
    ],
)
def test_a_challenge_that_asks_to_be_joined(
    case: str, joined: str, left: str, balance: int
) -> None:
    town = challenged("target: 2, points: 9, opt_in: true")
    if joined == "2026-03-01":
        town.say("challenge.join", joined, challenge_id="c")
    town.order(1, "2026-03-02")
    if joined == "2026-03-03":
        town.say("challenge.join", joined, challenge_id="c")
    if left:
        town.say("challenge.leave", left, challenge_id="c")
    town.order(1, "2026-03-04")

    assert town.balance() == balance, case


def test_joining_what_nobody_knows_is_refused() -> None:
    town = challenged("target: 2, points: 9, opt_in: true")
    decision = town.say("challenge.join", "2026-03-01", challenge_id="x")

    assert decision.refusal == "challenge-unknown"


def test_a_return_rolls_a_challenge_back() -> None:
    town = challenged("goal: spend, target: 5000, points: 9, badge: big")
    first = town.order(30_00, "2026-03-01")
    town.order(20_00, "2026-03-02")
    assert town.balance() == 9
    town.refund(first, 1, "2026-03-03")
    assert (town.balance(), town.member().state.badges) == (0, ())
    town.order(1, "2026-03-04")
    assert town.balance() == 9
    town.check_books()


def test_progress_is_there_to_be_shown() -> None:
    town = Town(
        built("""
earn: [{id: spend, points: 1, step_minor: 100}]
challenges: [{id: c, goal: spend, target: 5000, points: 9}]
streaks: [{id: s, length: 4, points: 9}]
offers: [{id: meal, name: Meal, cost_points: 50}]
triggers: [{id: near, offer: meal, within_points: 20, cooldown_days: 7}]
tiers: [{id: base, name: Base, from_points: 0}, {id: top, name: Top, from_points: 100}]
tier_policy: {window_days: 30}
""")
    )
    town.order(30_00, "2026-03-02")
    view = view_of("member-1", town.member(), town.program)

    assert (view.challenges[0].progress, view.challenges[0].target) == (30_00, 50_00)
    assert (view.streaks[0].length, view.streaks[0].orders) == (1, 1)
    assert (view.tier, view.next_tier, view.points_to_next_tier) == ("base", "top", 70)
    assert town.told == ["near"]
    town.order(19_00, "2026-03-03")
    assert town.told == ["near"], "still near: told once"
    town.order(1_00, "2026-03-04")
    assert [offer.offer_id for offer in town.member().offers] == ["meal"]


@pytest.mark.parametrize(
    ("case", "amount_minor", "fires"),
    [
        ("21 short", 29_00, False),
        ("20 short", 30_00, True),
        ("1 short", 49_00, True),
        ("reached", 50_00, False),
    ],
)
def test_near_a_reward(case: str, amount_minor: int, fires: bool) -> None:
    town = Town(
        built("""
earn: [{id: spend, points: 1, step_minor: 100}]
offers: [{id: meal, name: Meal, cost_points: 50}]
triggers: [{id: near, offer: meal, within_points: 20}]
""")
    )
    town.order(amount_minor, "2026-03-02")

    assert (town.told == ["near"]) == fires, case


@pytest.mark.parametrize(
    ("when", "told"),
    [("2026-03-24T23:59", 0), ("2026-03-25T00:00", 1), ("2026-03-31", 1)],
)
def test_a_warning_comes_before_points_end_and_once(when: str, told: int) -> None:
    town = Town(
        built("""
wallets: [{id: points, expiry_days: 30, warn_days: 7}]
earn: [{id: spend, points: 1, step_minor: 100}]
""")
    )
    town.order(10_00, "2026-03-01T12:00")
    town.tick(when)
    town.tick(when)

    assert town.told == ["expiring-points"] * told
