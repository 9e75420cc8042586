"""Features of rewards, wallets and members, each through a document."""

import pytest

from tests.builders import a_line
from tests.rules.town import Town, built

PER_ONE = "earn: [{id: spend, points: 1, step_minor: 100}]\n"
REWARD = """
offers:
  - id: meal
    name: A meal
    cost_points: 50
    cost_by_tier: {gold: 40}
    hold_minutes: 15
    when: {from: 2026-03-01, until: 2026-04-01, stores: [store-1], tiers: [silver, gold]}
    caps: [{period: day, times: 1}]
tiers:
  - {id: base, name: Base, from_points: 0}
  - {id: silver, name: Silver, from_points: 50}
  - {id: gold, name: Gold, from_points: 100}
"""


def rich(points: int, document: str = PER_ONE + REWARD) -> Town:
    town = Town(built(document))
    town.order(points * 100, "2026-02-20")
    return town


@pytest.mark.parametrize(
    ("case", "points", "when", "asked", "refusal", "left"),
    [
        ("silver's price", 60, "2026-03-01", {"store_id": "store-1"}, "", 10),
        ("gold's price", 100, "2026-03-01", {"store_id": "store-1"}, "", 60),
        ("not yet", 60, "2026-02-28T23:59", {"store_id": "store-1"}, "reward-not-available", 60),
        ("no longer", 60, "2026-04-01", {"store_id": "store-1"}, "reward-not-available", 60),
        ("another store", 60, "2026-03-01", {"store_id": "store-2"}, "reward-not-available", 60),
        ("another tier", 49, "2026-03-01", {"store_id": "store-1"}, "reward-not-available", 49),
        ("exactly its price", 50, "2026-03-01", {"store_id": "store-1"}, "", 0),
    ],
)  # fmt: skip
def test_a_reward_has_a_price_a_time_a_place_and_a_tier(
    case: str,
    points: int,
    when: str,
    asked: dict[str, str],
    refusal: str,
    left: int,
) -> None:
    town = rich(points)
    decision = town.say("points.redeem", when, reward_id="meal", **asked)

    assert decision.refusal == refusal, case
    assert town.balance() == left


def test_a_reward_that_nobody_knows() -> None:
    decision = rich(60).say("points.redeem", "2026-03-01", reward_id="yacht")

    assert decision.refusal == "reward-unknown"


@pytest.mark.parametrize(
    ("case", "first", "between", "second", "refusal"),
    [
        ("twice a day", "redeem", "", "2026-03-02T23:59", "reward-limit"),
        ("the next day", "redeem", "", "2026-03-03T00:00", ""),
        ("while one is reserved", "reserve", "", "2026-03-02T12:05", "reward-limit"),
        ("after its release", "reserve", "release", "2026-03-02T12:05", ""),
        ("after its time is up", "reserve", "", "2026-03-02T12:15", ""),
        ("after it was confirmed", "reserve", "confirm", "2026-03-02T13:00", "reward-limit"),
        ("after it was voided", "redeem", "void", "2026-03-02T13:00", ""),
    ],
)  # fmt: skip
def test_a_reward_once_a_day(
    case: str, first: str, between: str, second: str, refusal: str
) -> None:
    town = rich(400)
    asked = {"reward_id": "meal", "store_id": "store-1"}
    town.say(f"points.{first}", "2026-03-02T12:00", command_id="one", **asked)
    if between == "void":
        town.void("one", "2026-03-02T12:01")
    elif between:
        town.say(f"points.{between}", "2026-03-02T12:01", reservation_id="one")

    assert town.say("points.redeem", second, **asked).refusal == refusal, case
    town.check_books()


@pytest.mark.parametrize(
    ("case", "then", "when", "balance", "held"),
    [
        ("held", "", "2026-03-02T12:01", 30, 1),
        ("confirmed", "confirm", "2026-03-02T12:14", 30, 0),
        ("released", "release", "2026-03-02T12:14", 100, 0),
        ("its last moment", "", "2026-03-02T12:14", 30, 1),
        ("its end", "", "2026-03-02T12:15", 100, 0),
    ],
)
def test_reserve_then_confirm_release_or_let_it_end(
    case: str, then: str, when: str, balance: int, held: int
) -> None:
    town = rich(100)
    town.say("points.reserve", "2026-03-02T12:00", points=70, command_id="h")
    if then:
        decision = town.say(f"points.{then}", when, reservation_id="h")
        assert decision.refusal == ""
    else:
        town.tick(when)

    assert town.balance() == balance, case
    assert len(town.member().state.holds) == held
    town.check_books()


@pytest.mark.parametrize("then", ["confirm", "release"])
def test_a_reservation_ends_once(then: str) -> None:
    town = rich(100)
    town.say("points.reserve", "2026-03-02T12:00", points=70, command_id="h")
    town.say(f"points.{then}", "2026-03-02T12:01", reservation_id="h")
    for again in ("confirm", "release"):
        decision = town.say(f"points.{again}", "2026-03-02T12:02", reservation_id="h")
        assert decision.refusal == "reservation-unknown"


def test_reserved_points_cannot_be_used_twice() -> None:
    town = rich(100)
    town.say("points.reserve", "2026-03-02T12:00", points=70)

    refused = town.say("points.redeem", "2026-03-02T12:01", points=31)
    assert refused.refusal == "insufficient-points"
    assert town.say("points.redeem", "2026-03-02T12:01", points=30).refusal == ""


def test_points_reserved_beyond_their_end_expire_when_they_are_released() -> None:
    town = Town(built(PER_ONE + "expiry_days: 10"))
    town.order(100_00, "2026-03-01T12:00")
    town.say("points.reserve", "2026-03-11T23:50", points=70, command_id="h")
    town.tick("2026-03-12")
    assert town.balance() == 0
    town.say("points.release", "2026-03-12T00:01", reservation_id="h")
    assert town.balance() == 0
    town.check_books()


BANK = """
wallets: [{id: points}, {id: stars}, {id: coffees}]
earn: [{id: spend, points: 1, step_minor: 100}]
auto_redeem:
  - {id: star, every: 10, into: stars, runs_per_day_max: 3}
  - {id: coffee, wallet: stars, every: 2, into: coffees, amount: 1}
"""


@pytest.mark.parametrize(
    ("amount", "points", "stars", "coffees"),
    [(9, 9, 0, 0), (10, 0, 1, 0), (20, 0, 0, 1), (39, 9, 1, 1), (45, 15, 1, 1)],
)
def test_thresholds_redeem_by_themselves_in_a_chain_a_few_times_a_day(
    amount: int, points: int, stars: int, coffees: int
) -> None:
    town = Town(built(BANK))
    town.order(amount * 100, "2026-03-04")

    found = [town.balance(wallet) for wallet in ("points", "stars", "coffees")]
    assert found == [points, stars, coffees]
    town.check_books()


def test_a_chain_does_not_depend_on_how_rules_are_listed() -> None:
    star, coffee = BANK.strip().splitlines()[-2:]
    document = BANK.replace(f"{star}\n{coffee}", f"{coffee}\n{star}")
    assert document != BANK
    town = Town(built(document))
    town.order(20_00, "2026-03-04")

    assert [town.balance(w) for w in ("points", "stars", "coffees")] == [0, 0, 1]


def test_a_return_takes_back_what_was_redeemed_by_itself() -> None:
    town = Town(built(BANK))
    order = town.order(20_00, "2026-03-04")
    town.refund(order, 1, "2026-03-05")
    assert [town.balance(w) for w in ("points", "stars", "coffees")] == [0, 0, 1]
    town.refund(order, 99, "2026-03-05")
    assert [town.balance(w) for w in ("points", "stars", "coffees")] == [9, 1, 0]
    town.check_books()


STAMPS = """
wallets: [{id: points}, {id: stamps}, {id: coffees}]
earn: [{id: stamp, kind: item, points: 1, wallet: stamps, match: {categories: [coffee]}}]
auto_redeem: [{id: tenth, wallet: stamps, every: 10, into: coffees}]
"""


@pytest.mark.parametrize(
    ("units", "stamps", "coffees"), [(9, 9, 0), (10, 0, 1), (11, 1, 1), (20, 0, 2)]
)
def test_a_stamp_card_is_a_wallet(units: int, stamps: int, coffees: int) -> None:
    town = Town(built(STAMPS))
    for minute in range(units):
        line = a_line(3_00, category="coffee")
        town.order(0, f"2026-03-04T08:{minute:02}", lines=(line,))

    assert [town.balance("stamps"), town.balance("coffees")] == [stamps, coffees]
