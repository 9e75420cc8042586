"""Rewards of which there are only so many: FEATURES row 20, stock."""

from typing import Any

import pytest

from loyalty.budget_books import Lease
from loyalty.decision import Decision
from loyalty.document import InvalidProgram
from loyalty.events import Applied
from loyalty.limits import HOLDS_MAX
from loyalty.stock import WAITS_FOR
from loyalty.view import view_of
from tests.builders import an_order
from tests.rules.town import Town, at, built

REWARDS = """
wallets: [{id: points, expiry_days: 30}]
offers:
  - {id: mug, name: A mug, cost_points: 10, hold_minutes: 30, stock: {units: %d}}
"""
REDEEM, RESERVE = "points.redeem", "points.reserve"


def a_town(units: int = 2, *, partitions: int = 1, members: int = 4) -> Town:
    """Members with 100 points each, and so many mugs."""
    town = Town(built(REWARDS % units), partitions=partitions)
    for number in range(1, members + 1):
        name = f"member-{number}"
        town.say("points.adjust", "2026-03-01", points=100, member_id=name)
    return town


def spent(town: Town, budget_id: str = "stock/mug") -> int:
    """Units that leases say are with members."""
    return sum(
        book.spent
        for accounts in town.accounts
        for account_id, account in accounts.items()
        if isinstance(account, Lease) and account_id.startswith(f"lease:{budget_id}:")
        for book in account.books
    )


def ask(town: Town, kind: str, number: int, day: int = 2, **more: Any) -> str:
    """Ask for a mug as a member; return the command's id."""
    name = "-".join([kind, str(number), str(day), *map(str, more.values())])
    town.say(
        kind,
        f"2026-03-{day:02}T12:00",
        member_id=f"member-{number}",
        command_id=name,
        **({"reward_id": "mug"} | more),
    )
    return name


def balances(town: Town, members: int = 4) -> list[int]:
    """Points that each member can use."""
    return [town.balance(member_id=f"member-{n}") for n in range(1, members + 1)]


@pytest.mark.parametrize("partitions", [1, 3])
@pytest.mark.parametrize("kind", [REDEEM, RESERVE])
def test_what_is_in_stock_is_given_and_no_more(kind: str, partitions: int) -> None:
    town = a_town(2, partitions=partitions)
    for number in range(1, 5):
        ask(town, kind, number)

    assert sorted(balances(town)) == [90, 90, 100, 100]
    assert spent(town) == 2
    town.check_books()


def test_a_redemption_holds_its_points_until_the_stock_answers() -> None:
    town = a_town(1)
    asked = town.say(REDEEM, "2026-03-02", reward_id="mug", command_id="r")
    entries = [(one.kind, one.points) for one in town.entries["member-1"][1:]]

    assert asked.result == {WAITS_FOR: "stock/mug"}
    assert [one.budget_id for one in asked.claims] == ["stock/mug"]
    assert asked.member.state.holds[0].waits
    assert entries == [("HOLD", -10), ("RELEASE", 10), ("BURN", -10)]
    assert town.member().state.holds == ()


def test_a_hold_that_waits_is_no_reservation_yet() -> None:
    town = a_town(1)
    asked = town.say(RESERVE, "2026-03-02", reward_id="mug", command_id="r")

    def shown(decision: Decision) -> list[str]:
        view = view_of("member-1", decision.member, town.program)
        return [one.reservation_id for one in view.reservations]

    town.members["member-1"] = asked.member
    for kind in ("points.confirm", "points.release"):
        refused = town.say(kind, "2026-03-02T00:01", reservation_id="r")
        assert refused.refusal == "reservation-waits"
        assert shown(refused) == []


def test_a_refused_redemption_gives_each_lot_back_with_its_expiry() -> None:
    town = a_town(1)
    town.say("points.adjust", "2026-03-05", points=5, member_id="member-2")
    ask(town, REDEEM, 1, 6)
    before = town.member("member-2").lots
    ask(town, REDEEM, 2, 6)

    assert town.member("member-2").lots == before
    assert town.entries["member-2"][-1].kind == "RELEASE"


def _release(town: Town, hold: str) -> None:
    town.say("points.release", "2026-03-02T12:10", reservation_id=hold)


def _let_it_end(town: Town, _: str) -> None:
    town.tick("2026-03-02T12:31")


def _void(town: Town, hold: str) -> None:
    town.void(hold, "2026-03-02T12:10")


def _void_confirmed(town: Town, hold: str) -> None:
    town.say("points.confirm", "2026-03-02T12:05", reservation_id=hold)
    assert spent(town) == 1
    town.void(hold, "2026-03-02T12:10")


def _cancel(town: Town, hold: str) -> None:
    order = an_order("paid", subtotal_minor=5_00, occurred_at=at("2026-03-02T12:05"))
    town.place(order._replace(applied=(Applied(None, hold, None, 1_00),)))
    town.cancel("paid", "2026-03-02T12:10")


def _cancel_confirmed(town: Town, hold: str) -> None:
    town.say("points.confirm", "2026-03-02T12:04", reservation_id=hold)
    _cancel(town, hold)


@pytest.mark.parametrize(
    "end", [_release, _let_it_end, _void, _void_confirmed, _cancel, _cancel_confirmed]
)
def test_a_reservation_that_ends_unused_gives_its_unit_back(end: Any) -> None:
    town = a_town(1)
    hold = ask(town, RESERVE, 1)
    assert spent(town) == 1

    end(town, hold)

    assert spent(town) == 0
    assert town.balance() == 100
    ask(town, REDEEM, 2, 3)
    assert (spent(town), town.balance(member_id="member-2")) == (1, 90)
    town.check_books()


def test_a_voided_redemption_gives_its_unit_back_once() -> None:
    town = a_town(1)
    target = ask(town, REDEEM, 1)
    town.void(target, "2026-03-03")
    again = town.void(target, "2026-03-04")

    assert again.refusal == "command-not-voidable"
    assert (spent(town), town.balance()) == (0, 100)


def test_a_confirmed_reservation_keeps_its_unit_for_good() -> None:
    town = a_town(1)
    hold = ask(town, RESERVE, 1)
    town.say("points.confirm", "2026-03-02T12:05", reservation_id=hold)
    town.tick("2026-09-01")
    ask(town, REDEEM, 2)

    assert spent(town) == 1
    assert town.balance(member_id="member-2") == 100


def answered_late(town: Town, *, value: int) -> Decision:
    """Let a redemption wait, be voided, and only then be answered."""
    asked = town.say(REDEEM, "2026-03-02", reward_id="mug", command_id="slow")
    (claim,) = asked.claims
    town.members["member-1"] = asked.member
    town.void("slow", "2026-03-03")
    return town.say(
        "budget.granted",
        "2026-03-02",
        command_id="late-answer",
        budget_id="stock/mug",
        order_id=claim.order_id,
        rule_id=claim.rule_id,
        store_id="",
        value=value,
    )


@pytest.mark.parametrize("value", [0, 1])
def test_a_unit_that_comes_too_late_goes_back(value: int) -> None:
    town = a_town(1)
    late = answered_late(town, value=value)

    assert late.refusal == "stock-late"
    assert [one.units for one in late.releases] == [1] * value
    assert town.balance() == 100


def test_however_much_comes_in_between_the_answer_counts() -> None:
    town = a_town(1)
    asked = town.say(REDEEM, "2026-03-02", reward_id="mug", command_id="slow")
    (claim,) = asked.claims
    town.members["member-1"] = asked.member
    for minute in range(80):
        moment = f"2026-03-02T{1 + minute // 60:02}:{minute % 60:02}"
        town.say("points.adjust", moment, points=1)
    answer = town.say(
        "budget.granted",
        "2026-03-02",
        budget_id="stock/mug",
        order_id=claim.order_id,
        rule_id=claim.rule_id,
        store_id="",
        value=1,
    )

    assert answer.refusal == ""
    assert town.balance() == 100 + 80 - 10
    assert town.member().state.holds == ()


def test_each_day_and_each_store_has_its_units() -> None:
    town = Town(
        built("""
offers:
  - {id: mug, name: A mug, cost_points: 10, stock: {units: 3, per_store: 2, period: day}}
""")
    )
    for number in range(1, 5):
        name = f"member-{number}"
        town.say("points.adjust", "2026-03-01", points=100, member_id=name)
    for number in (1, 2, 3):
        ask(town, REDEEM, number, store_id="soho")
    assert balances(town) == [90, 90, 100, 100]
    for number in (3, 4):
        ask(town, REDEEM, number, store_id="loop")
    assert balances(town) == [90, 90, 90, 100]
    ask(town, REDEEM, 4, 3)

    assert balances(town) == [90, 90, 90, 90]
    assert spent(town) == 4
    assert spent(town, "stock/mug@soho") == 2


def test_a_reserved_unit_of_a_store_goes_back_to_that_store_and_day() -> None:
    town = Town(
        built("""
offers:
  - {id: mug, name: A mug, cost_points: 10, hold_minutes: 10080,
     stock: {units: 9, per_store: 1, period: day}}
""")
    )
    for number in (1, 2):
        name = f"member-{number}"
        town.say("points.adjust", "2026-03-01", points=100, member_id=name)
    hold = ask(town, RESERVE, 1, store_id="soho")
    ask(town, RESERVE, 2, store_id="soho")
    assert balances(town, 2) == [90, 100]
    town.say("points.release", "2026-03-04", reservation_id=hold)

    assert spent(town) == 0
    assert spent(town, "stock/mug@soho") == 0


def test_what_waits_counts_as_a_reservation_at_the_limits() -> None:
    town = a_town(100)
    for number in range(HOLDS_MAX):
        town.say(
            RESERVE, "2026-03-02", points=1, command_id=f"h{number}", hold_ms=60_000_000
        )
    refused = town.say(REDEEM, "2026-03-02T01:00", reward_id="mug")

    assert refused.refusal == "too-many-holds"
    assert spent(town) == 0


@pytest.mark.parametrize(
    ("pointer", "text"),
    [
        ("/offers/0/stock/units", "{units: 0}"),
        ("/offers/0/stock/units", "{period: day}"),
        ("/offers/0/stock/period", "{units: 1, period: year}"),
        ("/offers/0/stock/per_store", "{units: 1, per_store: 2}"),
        ("/offers/0/stock/edge", "{units: 1, edge: partial}"),
    ],
)
def test_a_stock_that_cannot_be_is_refused_with_a_pointer(
    pointer: str, text: str
) -> None:
    with pytest.raises(InvalidProgram) as refused:
        built(f"offers: [{{id: mug, name: A mug, cost_points: 1, stock: {text}}}]")

    assert [fault.pointer for fault in refused.value.faults] == [pointer]


@pytest.mark.parametrize(
    ("pointer", "text"),
    [
        (
            "/offers/0/stock",
            f"offers: [{{id: {'m' * 123}, name: m, cost_points: 1, stock: {{units: 1}}}}]",
        ),
        ("/budgets/0/id", "budgets: [{id: stock/mug, total: 1}]"),
    ],
    ids=["an id that is too long", "a budget that would be a stock"],
)
def test_names_of_stocks_are_nobody_elses(pointer: str, text: str) -> None:
    with pytest.raises(InvalidProgram) as refused:
        built(text)

    assert [fault.pointer for fault in refused.value.faults] == [pointer]
