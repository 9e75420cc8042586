"""Points that go from one member to another: all of them arrive, and no more go back."""

import pytest

from loyalty.limits import LOTS_MAX
from loyalty.member import NEW_MEMBER, PointsLot
from tests.builders import DAY, NOON, a_cancellation, an_order
from tests.merging.company import Company
from tests.rules.town import Town, at, built

PER_ONE = "earn: [{id: spend, points: 1, step_minor: 100}]\n"
FULL = """
wallets: [{id: points, expiry: {kind: rolling, amount: 30}, %s}]
transfers: {expiry: %s}
"""


@pytest.mark.parametrize("expiry", ["reset", "kept"])
@pytest.mark.parametrize(
    ("case", "limit", "friend"),
    [
        ("one below what is full", "balance_max: 100", 49),
        ("exactly full", "balance_max: 100", 50),
        ("one more", "balance_max: 100", 51),
        ("full", "balance_max: 100", 100),
        ("a wallet that rejects", "balance_max: 100, over: reject", 60),
        ("a cap of the wallet", "caps: [{period: day, points: 95}]", 90),
    ],
)
def test_given_points_arrive_whatever_a_wallet_takes_in(
    case: str, limit: str, friend: int, expiry: str
) -> None:
    town = Town(built(PER_ONE + FULL % (limit, expiry)))
    town.order(90_00, "2026-03-01")
    town.order(friend * 100, "2026-03-01", member_id="friend")
    town.say("points.transfer", "2026-03-01T12:00", to="friend", points=50)

    found = (town.balance(), town.balance(member_id="friend"))
    assert found == (40, friend + 50), case
    town.check_books()


def test_what_was_given_fills_no_cap_of_the_wallet() -> None:
    limit = "caps: [{period: day, points: 60}]"
    town = Town(built(PER_ONE + FULL % (limit, "reset")))
    town.order(50_00, "2026-03-01")
    town.say("points.transfer", "2026-03-01T12:00", to="friend", points=50)
    town.order(60_00, "2026-03-01T13:00", member_id="friend")

    assert town.balance(member_id="friend") == 110


def test_what_was_given_pays_what_is_owed_first() -> None:
    limit = "below_zero: debt, balance_max: 100"
    town = Town(built(PER_ONE + FULL % (limit, "reset")))
    order = town.order(30_00, "2026-03-01")
    town.say("points.redeem", "2026-03-02", points=30)
    town.refund(order, 30_00, "2026-03-03")
    town.order(50_00, "2026-03-03", member_id="friend")
    to = {"to": "member-1", "points": 50}
    town.say("points.transfer", "2026-03-04", member_id="friend", **to)

    assert (town.debt(), town.balance()) == (0, 20)
    town.check_books()


REFERRAL = (
    PER_ONE
    + """
wallets: [{id: points, %s}]
referral: {id: friends, referrer_points: 80, referee_points: 5}
"""
)


@pytest.mark.parametrize(
    ("case", "limit", "before", "thanked"),
    [
        ("all of it fits", "balance_max: 100", 20, 100),
        ("some of it", "balance_max: 100", 21, 100),
        ("little of it", "balance_max: 100", 90, 100),
        ("nothing", "balance_max: 100", 100, 100),
        ("all or nothing", "balance_max: 100, over: reject", 90, 90),
        ("a cap of the wallet", "caps: [{period: year, points: 95}]", 90, 95),
    ],
)
def test_no_more_than_was_given_is_taken_back(
    case: str, limit: str, before: int, thanked: int
) -> None:
    town = Town(built(REFERRAL % limit))
    town.order(before * 100, "2026-03-01", member_id="old")
    town.say("member.update", "2026-03-01", referred_by="old")
    order = town.order(20_00, "2026-03-04")
    assert town.balance(member_id="old") == thanked, case
    town.cancel(order, "2026-03-05")

    assert (town.balance(), town.balance(member_id="old")) == (0, before)
    town.order(20_00, "2026-03-06")
    assert (town.balance(), town.balance(member_id="old")) == (25, thanked)
    town.check_books()


def test_thanks_taken_back_name_what_they_were_given_for() -> None:
    town = Town(built(REFERRAL % "balance_max: 100"))
    town.order(90_00, "2026-03-01", member_id="old")
    town.say("member.update", "2026-03-01", referred_by="old")
    order = town.order(20_00, "2026-03-04")
    town.cancel(order, "2026-03-05")

    given, taken = town.entries["old"][1:]
    assert (given.kind, given.points) == ("TRANSFER", 10)
    assert (taken.kind, taken.points) == ("REVERSE", -10)
    assert taken.reference == given.reference


def test_thanks_that_were_used_are_owed_when_they_are_taken_back() -> None:
    town = Town(built(REFERRAL % "balance_max: 100, below_zero: debt"))
    town.order(90_00, "2026-03-01", member_id="old")
    town.say("member.update", "2026-03-01", referred_by="old")
    order = town.order(20_00, "2026-03-04")
    town.say("points.redeem", "2026-03-04T12:00", member_id="old", points=97)
    town.cancel(order, "2026-03-05")

    debts = town.member("old").state.debts
    assert [debt.points for debt in debts] == [7]
    assert town.balance(member_id="old") == 0
    town.check_books()


def test_thanks_to_who_is_part_of_another_member_go_back_from_that_one() -> None:
    company = Company(built(REFERRAL % "balance_max: 100"))
    company.do("guest", an_order("g", subtotal_minor=90_00, member_id="guest"))
    company.command("new", "member.update", NOON, referred_by="guest")
    company.do("new", an_order("n", member_id="new", occurred_at=NOON + DAY))
    company.do("ann", an_order("a", member_id="ann", occurred_at=NOON + DAY))
    company.command("ann", "member.merge", NOON + 2 * DAY, from_="guest")
    assert company.worth() == 100 + 10 + 15
    cancelled = a_cancellation("n", occurred_at=NOON + 3 * DAY)
    company.do("new", cancelled._replace(member_id="new"))

    assert company.worth() == 90 + 10


def a_full_town() -> Town:
    """A pool with as many lots as a member may have, all of one point."""
    lots = tuple(
        PointsLot(1, 1, at("2026-03-01") + n, at("2026-06-01") + n * DAY, str(n), "old")
        for n in range(LOTS_MAX)
    )
    town = Town(built(PER_ONE + FULL % ("balance_max: 100000", "reset")))
    state = NEW_MEMBER.state._replace(
        lots=lots, clock_at=at("2026-03-01"), next_due_at=lots[0].expires_at
    )
    town.members["family"] = NEW_MEMBER._replace(
        state=state, base=state, next_due_at=state.next_due_at
    )
    return town


@pytest.mark.parametrize("way", ["pool", "transfer"])
def test_points_join_a_lot_of_who_has_no_room_for_one_more(way: str) -> None:
    town = a_full_town()
    if way == "pool":
        town.say("pool.join", "2026-03-02", pool_id="family")
    for day in ("2026-03-03", "2026-03-04"):
        town.order(10_00, day)
        if way == "transfer":
            town.say("points.transfer", f"{day}T12:00", to="family", points=10)

    lots = town.member("family").lots
    assert (town.balance(), sum(lot.points for lot in lots)) == (0, LOTS_MAX + 20)
    assert len(lots) == LOTS_MAX
    # They end no earlier than on their own: 30 days later is before all others.
    assert lots[0].points == 21
    order = town.order(5_00, "2026-03-05")
    town.cancel(order, "2026-03-06")
    assert town.balance(member_id="family") == LOTS_MAX + 20
