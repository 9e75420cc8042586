"""Acceptance cases, transfers and one midnight (EX-33, EX-34), with neighbours."""

import pytest

from tests.rules.town import Town, at, built

SPEND = "earn: [{id: spend, points: 1, step_minor: 100}]\n"


def expiring(expiry: str, more: str = "") -> str:
    return SPEND + f"expiry: {{{expiry}}}\n" + more


TRANSFERS = expiring("kind: rolling, amount: 1, unit: month", "transfers: {expiry: ")


@pytest.mark.parametrize(
    ("case", "policy", "sent", "gone"),
    [
        ("EX-33 transferred on 25 January", "reset}", "2026-01-25", "2026-02-26"),
        ("EX-33 transferred on 31 January", "reset}", "2026-01-31", "2026-03-01"),
        ("the other policy keeps the expiry", "kept}", "2026-01-25", "2026-02-11"),
    ],
)
def test_ex_33_a_transferred_lot_has_an_expiry_of_its_own(
    case: str, policy: str, sent: str, gone: str
) -> None:
    town = Town(built(TRANSFERS + policy))
    town.order(100_00, "2026-01-10")
    town.say("points.transfer", sent, to="member-2", points=40)

    lots = town.member("member-2").lots
    assert [(lot.points, lot.expires_at) for lot in lots] == [(40, at(gone))], case
    assert town.balance() == 60
    town.check_books()


def test_a_transfer_that_keeps_expiry_splits_by_lot_in_the_order_of_use() -> None:
    town = Town(built(TRANSFERS + "kept}"))
    town.order(30_00, "2026-01-10")
    town.order(50_00, "2026-01-12")
    town.say("points.transfer", "2026-01-20", to="member-2", points=45)

    lots = town.member("member-2").lots
    assert [(lot.points, lot.expires_at) for lot in lots] == [
        (30, at("2026-02-11")),
        (15, at("2026-02-13")),
    ]


@pytest.mark.parametrize("state", ["pending", "expired"])
def test_ex_33_pending_or_expired_points_cannot_be_sent(state: str) -> None:
    document = """
earn: [{id: spend, points: 1, step_minor: 100, pending: {delay_days: 90}}]
transfers: {}
"""
    document = document if state == "pending" else TRANSFERS + "reset}"
    town = Town(built(document))
    town.order(100_00, "2026-01-10")
    decision = town.say("points.transfer", "2026-02-11", to="member-2", points=1)

    assert decision.refusal == "insufficient-points"
    assert town.balance(member_id="member-2") == 0


EX_34 = """
time_zone: Europe/Berlin
wallets: [{id: points, expiry: {kind: calendar, dates: [12-31]}}, {id: rewards}]
earn: [{id: spend, points: 1, step_minor: 100, pending: {dates: [01-01]}}]
auto_redeem: [{id: bank, every: 100, into: rewards}]
tiers: [{id: base, name: Base, from_points: 0}, {id: top, name: Top, from_points: 150}]
tier_policy: {basis: balance}
"""


@pytest.mark.parametrize(
    ("case", "points", "rewards", "expired", "left"),
    [
        ("EX-34 one reward, the rest expires", 150, 1, 50, 0),
        ("EX-34 below a reward all of it expires", 99, 0, 99, 0),
        ("EX-34 exactly a reward, nothing to expire", 100, 1, 0, 0),
    ],
)
def test_ex_34_activate_then_redeem_then_expire_at_one_midnight(
    case: str, points: int, rewards: int, expired: int, left: int
) -> None:
    town = Town(built(EX_34))
    town.order(points * 100, "2025-12-30T12:00", zone="Europe/Berlin")
    before = town.balance()
    midnight = at("2026-01-01", "Europe/Berlin")
    town.decide_tick(midnight - 1)
    assert town.balance() == before == 0
    town.decide_tick(midnight)

    ended = sum(-e.points for e in town.entries["member-1"] if e.kind == "EXPIRE")
    assert (town.balance("rewards"), ended, town.balance()) == (rewards, expired, left)
    assert {e.occurred_at for e in town.entries["member-1"]} == {midnight}, case
    kinds = [e.kind for e in town.entries["member-1"]]
    assert kinds[0] == "EARN"
    town.check_books()


def test_points_that_come_after_their_end_expire_when_they_come() -> None:
    document = """
expiry_days: 10
earn: [{id: spend, points: 1, step_minor: 100, pending: {delay_days: 30}}]
"""
    town = Town(built(document))
    town.order(5_00, "2026-01-01T12:00")
    town.tick("2026-03-01")

    entries = [(e.kind, e.points, e.occurred_at) for e in town.entries["member-1"]]
    comes = at("2026-01-31T12:00")
    assert entries == [("EARN", 5, comes), ("EXPIRE", -5, comes)]
