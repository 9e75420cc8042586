"""Features of rewards, wallets and members, each through a document."""

import pytest

from tests.builders import a_line
from tests.rules.town import Town, at, built

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


TRANSFERS = PER_ONE + "transfers: {points_min: 10, points_max: 50, per_day_max: 80}\n"


@pytest.mark.parametrize(
    ("case", "gifts", "refusals"),
    [
        ("its least", [("2026-03-04T12:00", 10)], [""]),
        ("below its least", [("2026-03-04T12:00", 9)], ["command-invalid"]),
        ("its most", [("2026-03-04T12:00", 50)], [""]),
        ("above its most", [("2026-03-04T12:00", 51)], ["command-invalid"]),
        ("a day's most", [("2026-03-04T12:00", 50), ("2026-03-04T23:59", 30)], ["", ""]),
        ("more a day", [("2026-03-04T12:00", 50), ("2026-03-04T23:59", 31)], ["", "transfer-limit"]),
        ("the next day", [("2026-03-04T23:59", 50), ("2026-03-05T00:00", 50)], ["", ""]),
    ],
)  # fmt: skip
def test_gifts_between_members_within_limits(
    case: str, gifts: list[tuple[str, int]], refusals: list[str]
) -> None:
    town = rich(200, TRANSFERS)
    found = [
        town.say("points.transfer", when, to="friend", points=points).refusal
        for when, points in gifts
    ]

    assert found == refusals, case
    given = sum(p for (_, p), why in zip(gifts, refusals, strict=True) if not why)
    assert (town.balance(), town.balance(member_id="friend")) == (200 - given, given)
    town.check_books()


@pytest.mark.parametrize(
    ("attributes", "refusal"),
    [
        ({"to": "member-1", "points": 10}, "command-invalid"),
        ({"to": "", "points": 10}, "command-invalid"),
        ({"points": 10}, "command-invalid"),
        ({"to": "friend", "points": 10, "wallet": "gold"}, "wallet-unknown"),
    ],
)
def test_gifts_to_nobody(attributes: dict[str, str | int], refusal: str) -> None:
    town = rich(200, TRANSFERS)

    assert town.say("points.transfer", "2026-03-04", **attributes).refusal == refusal


def test_a_pool_gets_what_its_members_earn() -> None:
    town = Town(built(PER_ONE))
    town.order(5_00, "2026-03-01")
    town.say("pool.join", "2026-03-02", pool_id="family")
    order = town.order(30_00, "2026-03-03")
    town.order(20_00, "2026-03-03", member_id="family-friend")
    assert (town.balance(), town.balance(member_id="family")) == (5, 30)
    town.refund(order, 10_00, "2026-03-04")
    assert (town.balance(), town.balance(member_id="family")) == (5, 20)
    town.say("pool.join", "2026-03-05", pool_id="")
    town.order(7_00, "2026-03-06")
    assert (town.balance(), town.balance(member_id="family")) == (12, 20)
    town.check_books()


REFERRAL = (
    PER_ONE
    + """
referral: {id: friends, referrer_points: 100, referee_points: 50, minimum_minor: 2000, within_days: 30}
"""
)


@pytest.mark.parametrize(
    ("case", "orders", "new", "old"),
    [
        ("the first order of enough", [("2026-03-04", 20_00)], 70, 100),
        ("not enough", [("2026-03-04", 19_99)], 19, 0),
        ("the second is enough", [("2026-03-04", 1_00), ("2026-03-05", 20_00)], 71, 100),
        ("once", [("2026-03-04", 20_00), ("2026-03-05", 20_00)], 90, 100),
        ("the last moment", [("2026-03-31T11:59", 20_00)], 70, 100),
        ("too late", [("2026-03-31T12:00", 20_00)], 20, 0),
    ],
)  # fmt: skip
def test_a_referral_thanks_both(
    case: str, orders: list[tuple[str, int]], new: int, old: int
) -> None:
    town = Town(built(REFERRAL))
    town.say("member.update", "2026-03-01T12:00", referred_by="old")
    for when, amount_minor in orders:
        town.order(amount_minor, when)

    assert (town.balance(), town.balance(member_id="old")) == (new, old), case
    town.check_books()


def test_a_returned_first_order_takes_the_thanks_back() -> None:
    town = Town(built(REFERRAL))
    town.say("member.update", "2026-03-01T12:00", referred_by="old")
    order = town.order(20_00, "2026-03-04")
    town.refund(order, 1, "2026-03-05")

    assert (town.balance(), town.balance(member_id="old")) == (20, 0)
    town.order(20_00, "2026-03-06")
    assert (town.balance(), town.balance(member_id="old")) == (90, 100)
    town.check_books()


@pytest.mark.parametrize("who", ["member-1", "late"])
def test_nobody_refers_themselves_or_a_customer(who: str) -> None:
    town = Town(built(REFERRAL))
    if who == "late":
        town.order(1_00, "2026-03-01")
    decision = town.say("member.update", "2026-03-02", referred_by=who, segments="vip")

    expected = "referral-too-late" if who == "late" else "referral-not-allowed"
    assert decision.refusal == expected
    assert town.member().profile.segments == ()


GIFTS = (
    PER_ONE
    + """
time_zone: Europe/Berlin
member_time_zones: [America/New_York]
gifts:
  - {id: birthday, kind: birthday, points: 100}
  - {id: years, kind: anniversary, points: 30}
"""
)


@pytest.mark.parametrize(
    ("case", "profile", "last", "then", "points"),
    [
        ("a birthday", {"birthday": "05-17"}, "2026-05-16T21:59", "2026-05-16T22:00", 100),
        (
            "in the member's zone",
            {"birthday": "05-17", "time_zone": "America/New_York"},
            "2026-05-17T03:59",
            "2026-05-17T04:00",
            100,
        ),
        ("29 February", {"birthday": "02-29"}, "2027-02-27T22:59", "2027-02-27T23:00", 100),
    ],
)  # fmt: skip
def test_gifts_come_at_local_midnight(
    case: str, profile: dict[str, str], last: str, then: str, points: int
) -> None:
    town = Town(built(GIFTS))
    town.say("member.update", "2026-03-01T12:00", **profile)
    start = 30 if then.startswith("2027-03") else 0
    town.tick(last)
    assert town.balance() == start, case
    town.tick(then)
    assert town.balance() == start + points


def test_gifts_come_every_year_and_never_twice_in_one() -> None:
    town = Town(built(GIFTS))
    town.say("member.update", "2026-03-01T12:00", birthday="05-17")
    for when in ("2026-05-17", "2026-05-18", "2027-03-02", "2027-05-18"):
        town.tick(when)
    assert town.balance() == 230
    town.say("member.update", "2027-06-01", birthday="12-24")
    assert town.member().profile.birth_month == 5
    town.say("member.update", "2027-06-01", birthday="12-24", actor="service")
    town.tick("2027-12-25")
    assert town.balance() == 230
    town.tick("2028-03-02")
    town.tick("2028-12-25")
    assert town.balance() == 360
    town.check_books()


VOIDED = PER_ONE + "wallets: [{id: points, below_zero: debt}]"


@pytest.mark.parametrize(
    ("case", "command", "attributes", "before", "after"),
    [
        ("points added", "points.adjust", {"points": 50}, 150, 100),
        ("points taken", "points.adjust", {"points": -30}, 70, 100),
        ("points used", "points.redeem", {"points": 100}, 0, 100),
        ("points reserved", "points.reserve", {"points": 60}, 40, 100),
    ],
)
def test_a_command_is_voided_exactly(
    case: str,
    command: str,
    attributes: dict[str, int],
    before: int,
    after: int,
) -> None:
    town = rich(100, VOIDED)
    town.say(command, "2026-03-01", command_id="c", **attributes)
    assert town.balance() == before, case
    assert town.void("c", "2026-03-02").refusal == ""
    assert town.balance() == after
    assert town.void("c", "2026-03-03").refusal == "command-not-voidable"
    town.check_books()


def test_a_voided_credit_that_was_used_is_owed() -> None:
    town = Town(built(VOIDED))
    town.say("points.adjust", "2026-03-01", points=50, command_id="c")
    town.say("points.redeem", "2026-03-02", points=40)
    town.void("c", "2026-03-03")

    assert (town.balance(), town.debt()) == (0, 40)
    town.check_books()


REINSTATE = PER_ONE + "wallets: [{id: points, expiry_days: 30, reinstate_days: 10}]"


@pytest.mark.parametrize(
    ("case", "when", "back"),
    [
        ("15 January restores what expired on the 5th", "2026-01-15T18:00", 70),
        ("the next day only what expired on the 6th", "2026-01-16", 30),
        ("the last of them", "2026-01-16T23:59", 30),
        ("nothing is left", "2026-01-17", None),
    ],
)
def test_expired_points_come_back_within_a_window_of_days(
    case: str, when: str, back: int | None
) -> None:
    town = Town(built(REINSTATE))
    town.order(40_00, "2025-12-05T12:00")
    town.order(30_00, "2025-12-06T12:00")
    town.tick("2026-01-06")
    assert town.balance() == 0
    decision = town.say("points.reinstate", when)

    assert (decision.result or {}).get("points") == back, case
    assert decision.refusal == ("" if back else "nothing-to-reinstate")
    assert town.balance() == (back or 0)
    assert town.say("points.reinstate", when).refusal == "nothing-to-reinstate"
    town.check_books()


def test_reinstated_points_of_a_returned_order_go() -> None:
    town = Town(built(REINSTATE))
    order = town.order(40_00, "2025-12-05T12:00")
    town.tick("2026-01-06")
    town.say("points.reinstate", "2026-01-07")
    town.refund(order, 15_00, "2026-01-08")

    assert town.balance() == 25
    assert town.member().lots[0].expires_at == at("2026-02-07")
    town.check_books()


def test_a_member_with_all_lots_can_still_use_them() -> None:
    town = Town(built(PER_ONE))
    for number in range(1_024):
        town.order(1_00, f"2026-03-04T{number // 60:02}:{number % 60:02}")

    assert town.say("points.redeem", "2026-03-05", points=5).refusal == ""
    assert town.balance() == 1_019
