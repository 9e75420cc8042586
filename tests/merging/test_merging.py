"""What a merge takes along, what it leaves, what it refuses, and what goes back."""

from typing import Any

import pytest

from loyalty.conditions import Cap, LineMatch, Pending
from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.events import ActivityEvent, OrderEvent
from loyalty.expiry import ROLLING, Expiry
from loyalty.limits import LOTS_MAX, MERGES_MAX
from loyalty.member import PointsLot, balance_of
from loyalty.program import Program
from loyalty.rules import ChallengeRule, EarnRule, StreakRule
from loyalty.wallets import DEBT, Tier, TierPolicy, Wallet
from tests.builders import DAY, NOON, a_line, a_program, a_refund, an_order
from tests.merging.company import Company, worth_of

ANN, GUEST, CARD = "ann", "guest", "card"
SPEND = EarnRule("spend", "spend", 1, 1_00)


def a_company(**fields: Any) -> Company:
    """One point for each dollar; what was used and is taken back is owed."""
    wallets = {"wallets": (Wallet("points", below_zero=DEBT),)}
    rules = fields.pop("rules", (SPEND,))
    return Company(a_program(*rules, **(wallets | fields)))


def buy(company: Company, member_id: str, dollars: int, **fields: Any) -> str:
    """Let a member place an order; return its id."""
    order_id = fields.pop("order_id", f"order-{member_id}-{len(company.outcomes)}")
    order = an_order(
        order_id, subtotal_minor=dollars * 1_00, member_id=member_id, **fields
    )
    company.do(member_id, order)
    return order_id


def give_back(
    company: Company, member_id: str, order_id: str, dollars: int, at: int = NOON + DAY
) -> None:
    """Let an order be returned in part, under the id of a member."""
    refund = a_refund(
        order_id,
        amount_minor=dollars * 1_00,
        refund_id=f"refund-{len(company.outcomes)}",
        occurred_at=at,
        member_id=member_id,
    )
    company.do(member_id, refund)


def merge(company: Company, into: str, source: str, at: int = NOON + 1) -> str:
    """Merge two members; return why not, empty if they are one."""
    return company.command(into, "member.merge", at, from_=source)


def unmerge(company: Company, survivor: str, source: str, at: int = NOON + DAY) -> str:
    """Part two members again; return why not."""
    return company.command(survivor, "member.unmerge", at, from_=source)


def balance(company: Company, member_id: str) -> int:
    """Points that a member can use."""
    return balance_of(company.member(member_id).lots)


def test_points_come_with_their_orders_and_expiries() -> None:
    company = a_company(wallets=(Wallet("points", expiry=Expiry(ROLLING, 20)),))
    order_id = buy(company, GUEST, 30)
    (before,) = company.member(GUEST).lots
    buy(company, ANN, 10, occurred_at=NOON + DAY)

    assert merge(company, ANN, GUEST, NOON + 2 * DAY) == ""

    came, _ = company.member(ANN).lots
    assert came == before._replace(origin=(GUEST,))
    assert came.order_id == order_id
    assert company.member(GUEST).lots == ()
    assert company.member(GUEST).merging.into == ANN
    entries = [company.entries[one][-1] for one in (GUEST, ANN)]
    assert [(one.kind, one.points) for one in entries] == [
        ("MERGE", -30),
        ("MERGE", 30),
    ]
    assert entries[0].reference == entries[1].reference != ""


def test_points_that_wait_come_to_the_survivor_when_they_are_due() -> None:
    later = EarnRule("later", "spend", 1, 1_00, pending=Pending(delay_ms=DAY))
    company = a_company(rules=(later,))
    buy(company, GUEST, 30)
    buy(company, ANN, 1)
    merge(company, ANN, GUEST)
    assert balance(company, ANN) == 0

    buy(company, ANN, 1, occurred_at=NOON + 2 * DAY)

    assert balance(company, ANN) == 31


def test_held_points_are_released_and_come_along() -> None:
    company = a_company()
    buy(company, GUEST, 30)
    hold = company.ask(GUEST, "points.reserve", NOON + 1, points=20)
    company.settle()
    buy(company, ANN, 1)
    merge(company, ANN, GUEST, NOON + 2)

    assert company.member(ANN).state.holds == ()
    assert balance(company, ANN) == 31
    confirm = company.command(GUEST, "points.confirm", NOON + 3, reservation_id=hold)
    assert confirm == "member-merged"


def test_what_is_owed_is_paid_by_the_survivor() -> None:
    company = a_company()
    order_id = buy(company, GUEST, 30)
    company.command(GUEST, "points.redeem", NOON + 1, points=30)
    give_back(company, GUEST, order_id, 30, NOON + 2)
    buy(company, ANN, 100)
    merge(company, ANN, GUEST, NOON + DAY)

    assert balance(company, ANN) == 70
    assert company.member(ANN).state.debts == ()


@pytest.mark.parametrize("member_id", [GUEST, ANN])
def test_a_return_under_either_id_takes_the_points_back(member_id: str) -> None:
    company = a_company()
    order_id = buy(company, GUEST, 30)
    buy(company, ANN, 10)
    merge(company, ANN, GUEST)

    give_back(company, member_id, order_id, 12)

    assert balance(company, ANN) == 28
    assert company.worth() == 28
    last = company.entries[ANN][-1]
    assert (last.kind, last.points, last.order_id) == ("REVERSE", -12, order_id)


def test_a_late_order_of_the_old_id_is_judged_by_the_survivor() -> None:
    company = a_company()
    buy(company, GUEST, 30, occurred_at=NOON)
    buy(company, ANN, 10, occurred_at=NOON)
    merge(company, ANN, GUEST, NOON + DAY)
    late = an_order("late", subtotal_minor=7_00, occurred_at=NOON + 5, member_id=GUEST)

    company.do(GUEST, late)
    company.do(GUEST, late)

    assert balance(company, ANN) == 47
    by_guest = [
        one
        for member_id, event, one in company.outcomes
        if member_id == GUEST and event == late
    ]
    assert [type(one) for one in by_guest] == [Decision, Decision]
    by_ann = [
        one
        for member_id, event, one in company.outcomes
        if member_id == ANN
        and isinstance(event, OrderEvent)
        and event.order_id == "late"
    ]
    assert [type(one) for one in by_ann] == [Decision, Duplicate]


def test_an_act_of_the_old_id_is_the_survivors() -> None:
    view = EarnRule("view", "activity", 2, activity="menu.viewed")
    company = a_company(rules=(SPEND, view))
    buy(company, GUEST, 30)
    buy(company, ANN, 10)
    merge(company, ANN, GUEST)
    act = ActivityEvent("act", GUEST, "menu.viewed", NOON + DAY, None, None, {})

    for _ in range(2):
        company.do(GUEST, act)

    assert balance(company, ANN) == 42


def test_points_sent_to_the_old_id_reach_the_survivor() -> None:
    company = a_company()
    buy(company, GUEST, 30)
    buy(company, ANN, 10)
    merge(company, ANN, GUEST)
    receive = {"points": 5, "wallet": "points", "source": "gift"}

    assert company.command(GUEST, "points.receive", NOON + DAY, **receive) == ""

    assert balance(company, ANN) == 45


def test_a_chain_ends_at_the_last_one() -> None:
    company = a_company()
    order_id = buy(company, GUEST, 30)
    buy(company, CARD, 20)
    buy(company, ANN, 10)
    merge(company, CARD, GUEST)
    merge(company, ANN, CARD, NOON + 2)

    for number, member_id in enumerate((GUEST, CARD, ANN)):
        give_back(company, member_id, order_id, 1, NOON + DAY + number)

    assert balance(company, ANN) == 57
    assert company.worth() == 57
    assert unmerge(company, ANN, CARD) == ""
    assert unmerge(company, CARD, GUEST, NOON + 2 * DAY) == ""
    assert [balance(company, one) for one in (GUEST, CARD, ANN)] == [27, 20, 10]


def test_two_who_ask_for_each_other_stay_two() -> None:
    company = a_company()
    buy(company, GUEST, 30)
    buy(company, ANN, 10)
    asked = [
        company.ask(ANN, "member.merge", NOON + 1, from_=GUEST),
        company.ask(GUEST, "member.merge", NOON + 1, from_=ANN),
    ]
    company.settle()

    assert "merge-in-progress" in {company.results[one].refusal for one in asked}
    assert company.worth() == 40
    assert {company.member(one).merging.asked for one in (ANN, GUEST)} == {""}


def _erased(company: Company) -> None:
    company.command(GUEST, "member.erase", NOON + 1)


def _merged_elsewhere(company: Company) -> None:
    buy(company, CARD, 1)
    merge(company, CARD, GUEST, NOON + 1)


def _merged_already(company: Company) -> None:
    merge(company, ANN, GUEST, NOON + 1)


def _survivor_erased(company: Company) -> None:
    company.command(ANN, "member.erase", NOON + 1)


def _survivor_merged(company: Company) -> None:
    buy(company, CARD, 1)
    merge(company, CARD, ANN, NOON + 1)


def _too_many(company: Company) -> None:
    for number in range(MERGES_MAX):
        buy(company, f"other-{number}", 1)
        assert merge(company, ANN, f"other-{number}", NOON + 1) == ""


@pytest.mark.parametrize(
    ("prepare", "source", "reason"),
    [
        (lambda _: None, ANN, "command-invalid"),
        (lambda _: None, "budget:b", "command-invalid"),
        (lambda _: None, "nobody", "member-unknown"),
        (_erased, GUEST, "member-erased"),
        (_merged_elsewhere, GUEST, "member-merged"),
        (_merged_already, GUEST, "already-merged"),
        (_survivor_erased, GUEST, "member-erased"),
        (_survivor_merged, GUEST, "member-merged"),
        (_too_many, GUEST, "too-many-merges"),
    ],
    ids=[
        "with itself",
        "with an account",
        "with nobody",
        "with who was forgotten",
        "with who is part of another",
        "twice",
        "into who was forgotten",
        "into who is part of another",
        "with one too many",
    ],
)
def test_what_cannot_be_merged_is_refused_and_nothing_moves(
    prepare: Any, source: str, reason: str
) -> None:
    company = a_company()
    buy(company, GUEST, 30)
    buy(company, ANN, 10)
    prepare(company)
    before = company.worth()

    assert merge(company, ANN, source, NOON + 2) == reason
    assert company.worth() == before
    assert company.member(ANN).merging.asked == ""


def test_both_in_one_pool_leave_its_points_where_they_are() -> None:
    company = a_company()
    for member_id in (GUEST, ANN):
        company.command(member_id, "pool.join", NOON, pool_id="family")
    order_id = buy(company, GUEST, 30, occurred_at=NOON + DAY)
    buy(company, ANN, 10, occurred_at=NOON + DAY)
    merge(company, ANN, GUEST, NOON + 2 * DAY)

    give_back(company, GUEST, order_id, 5, NOON + 3 * DAY)

    assert (balance(company, ANN), balance(company, "family")) == (0, 35)


def test_a_member_can_become_part_of_its_pool() -> None:
    company = a_company()
    buy(company, GUEST, 10)
    company.command(GUEST, "pool.join", NOON + 1, pool_id="family")
    buy(company, GUEST, 30, occurred_at=NOON + DAY)
    merge(company, "family", GUEST, NOON + 2 * DAY)

    assert balance(company, "family") == 40


def test_tier_progress_adds_up_and_goes_back() -> None:
    tiers = (Tier("base", "Base", 0), Tier("gold", "Gold", 50))
    company = a_company(tiers=tiers, tier_policy=TierPolicy(window_days=300))
    buy(company, GUEST, 30)
    buy(company, ANN, 30)
    merge(company, ANN, GUEST)
    assert company.member(ANN).tier == "gold"

    unmerge(company, ANN, GUEST)
    buy(company, ANN, 1, occurred_at=NOON + 2 * DAY)

    assert company.member(ANN).state.earned_days[0].points == 30
    assert company.member(GUEST).state.earned_days[0].points == 30
    assert [company.member(one).tier for one in (ANN, GUEST)] == ["base", "base"]


def test_challenges_streaks_and_badges_come_along() -> None:
    company = a_company(
        challenges=(ChallengeRule("five", "orders", 5, 40, badge="five"),),
        streaks=(StreakRule("week", "week", 4, 11, badge="steady"),),
    )
    for number in range(3):
        buy(company, GUEST, 1, occurred_at=NOON + number)
    buy(company, ANN, 1, occurred_at=NOON + 5)
    merge(company, ANN, GUEST, NOON + 6)
    state = company.member(ANN).state
    assert [(one.progress, one.completed) for one in state.challenges] == [(4, 0)]
    assert [(one.orders, one.length) for one in state.streaks] == [(4, 1)]

    buy(company, ANN, 1, occurred_at=NOON + 7)

    assert [one.badge for one in company.member(ANN).state.badges] == ["five"]
    assert company.member(ANN).state.order_count == 5


def test_used_caps_are_used_by_the_survivor_too() -> None:

    capped = SPEND._replace(caps=(Cap("spend#1", "day", 20),))
    company = a_company(rules=(capped,))
    buy(company, GUEST, 15)
    buy(company, ANN, 1)
    merge(company, ANN, GUEST)

    buy(company, ANN, 50, occurred_at=NOON + 2)

    assert balance(company, ANN) == 20


def test_without_room_a_lot_joins_one_that_ends_like_it() -> None:
    company = a_company()
    buy(company, GUEST, 30)
    buy(company, ANN, 1)
    ann = company.member(ANN)
    lots = tuple(
        PointsLot(1, 1, NOON, NOON + number * DAY, "", "gift", reference=f"{number:04}")
        for number in range(400, 400 + LOTS_MAX)
    )
    full = ann.state._replace(lots=lots, next_due_at=lots[0].expires_at)
    company.members[ANN] = ann._replace(state=full, base=full, orders=())

    assert merge(company, ANN, GUEST) == ""

    assert len(company.member(ANN).lots) == LOTS_MAX
    assert company.member(ANN).lots[-1].points == 31


def test_a_member_of_many_lots_comes_in_several_commands() -> None:
    company = a_company()
    buy(company, GUEST, 1)
    guest = company.member(GUEST)
    long = "x" * 100
    lots = tuple(
        PointsLot(1, 1, NOON, 0, "", long, reference=f"{long}-{number:04}")
        for number in range(LOTS_MAX)
    )
    full = guest.state._replace(lots=lots)
    company.members[GUEST] = guest._replace(state=full, base=full, orders=())
    buy(company, ANN, 1)

    assert merge(company, ANN, GUEST) == ""

    steps = [event.type for _, event, _ in company.outcomes if hasattr(event, "type")]
    assert steps.count("merge.take") > 3
    assert company.worth() == LOTS_MAX + 1


def test_what_is_there_goes_back_and_what_was_spent_stays_spent() -> None:
    company = a_company()
    buy(company, GUEST, 30)
    buy(company, ANN, 10, occurred_at=NOON + 1)
    merge(company, ANN, GUEST, NOON + 2)
    company.command(ANN, "points.redeem", NOON + 3, points=12)
    buy(company, ANN, 5, occurred_at=NOON + 4)

    assert unmerge(company, ANN, GUEST) == ""

    # The older points were used first, and they were the guest's.
    assert [balance(company, one) for one in (GUEST, ANN)] == [18, 15]
    kinds = {one.kind for one in company.entries[GUEST] + company.entries[ANN]}
    assert {"MERGE", "UNMERGE"} <= kinds
    assert buy(company, GUEST, 1, occurred_at=NOON + 2 * DAY)
    assert balance(company, GUEST) == 19


def test_a_return_after_they_parted_takes_from_who_has_the_points() -> None:
    company = a_company()
    order_id = buy(company, GUEST, 30)
    buy(company, ANN, 10, occurred_at=NOON + 1)
    merge(company, ANN, GUEST, NOON + 2)
    company.command(ANN, "points.redeem", NOON + 3, points=12)
    unmerge(company, ANN, GUEST)

    give_back(company, GUEST, order_id, 30, NOON + 2 * DAY)

    # As if the order had never been: ann paid her 12 with what was hers.
    assert [worth_of(company.member(one)) for one in (GUEST, ANN)] == [0, -2]


@pytest.mark.parametrize(
    ("days", "reason"), [(29, ""), (31, "unmerge-too-late")], ids=["in time", "late"]
)
def test_a_merge_is_undone_within_its_window(days: int, reason: str) -> None:
    company = a_company()
    buy(company, GUEST, 30)
    buy(company, ANN, 10)
    merge(company, ANN, GUEST)

    assert unmerge(company, ANN, GUEST, NOON + days * DAY) == reason


def test_who_merges_parts_and_merges_again_has_all_once() -> None:
    company = a_company()
    buy(company, GUEST, 30)
    buy(company, ANN, 10)
    for turn in range(3):
        assert merge(company, ANN, GUEST, NOON + turn * DAY + 1) == ""
        assert balance(company, ANN) == 40
        assert unmerge(company, ANN, GUEST, NOON + turn * DAY + 2) == ""
        assert [balance(company, one) for one in (GUEST, ANN)] == [30, 10]


def test_who_is_forgotten_is_forgotten_with_all_that_came() -> None:
    company = a_company()
    buy(company, GUEST, 30)
    company.command(GUEST, "member.update", NOON, birthday="05-17")
    buy(company, ANN, 10)
    merge(company, ANN, GUEST)

    company.command(ANN, "member.erase", NOON + DAY)

    assert company.worth() == 0
    assert company.member(GUEST).profile.birth_month == 0
    assert company.member(GUEST).merging.into == ANN


def test_the_reason_for_parting_and_for_forgetting_stands_in_each_decision() -> None:
    company = a_company()
    buy(company, GUEST, 30)
    merge(company, ANN, GUEST)
    company.command(ANN, "member.unmerge", NOON + 1, from_=GUEST, reason="mother, son")
    merge(company, ANN, GUEST, NOON + 2)
    company.command(ANN, "member.erase", NOON + 3, reason="by letter")

    decided = [(who, one) for who, _, one in company.outcomes]
    whys = [(who, one.why) for who, one in decided if isinstance(one, Decision)]
    assert (ANN, f"{GUEST} is itself again, 30 points go back: mother, son") in whys
    assert (ANN, "forgotten, 30 points with the member: by letter") in whys
    assert (GUEST, "forgotten, 0 points with the member: by letter") in whys


def test_a_step_that_comes_again_is_known_and_one_too_early_is_not_lost() -> None:
    company = a_company()
    buy(company, GUEST, 30)
    buy(company, ANN, 10)
    merge(company, ANN, GUEST)
    (step,) = [
        event
        for _, event, _ in company.outcomes
        if getattr(event, "type", "") == "merge.take"
    ]
    early = step._replace(attributes={**step.attributes, "sequence": 9})

    assert isinstance(company.do(ANN, step), Duplicate)
    refused = company.do(ANN, early)

    assert isinstance(refused, Refusal)
    assert refused.reason == "merge-out-of-order"
    assert balance(company, ANN) == 40


def test_a_void_of_what_was_used_before_reaches_the_survivor() -> None:
    company = a_company()
    buy(company, GUEST, 30)
    used = company.ask(GUEST, "points.redeem", NOON + 1, points=20)
    company.settle()
    buy(company, ANN, 10)
    merge(company, ANN, GUEST, NOON + 2)
    assert balance(company, ANN) == 20

    assert company.command(GUEST, "points.void", NOON + DAY, command_id=used) == ""

    assert balance(company, ANN) == 40


def test_a_program_says_how_long_a_merge_can_be_undone() -> None:
    coffee = LineMatch(categories=frozenset({"coffee"}))
    program: Program = a_program(EarnRule("item", "item", 1, match=coffee))
    company = Company(a_program(SPEND, unmerge_days=0))
    company.do(GUEST, an_order(lines=(a_line(),), member_id=GUEST))
    buy(company, ANN, 10)
    merge(company, ANN, GUEST)

    assert program.unmerge_days == 30
    assert unmerge(company, ANN, GUEST, NOON + DAY) == "unmerge-too-late"


def test_what_a_budget_grants_after_the_merge_reaches_the_survivor() -> None:
    company = a_company()
    order_id = buy(company, GUEST, 30)
    buy(company, ANN, 10)
    merge(company, ANN, GUEST)
    grant = {
        "budget_id": "b",
        "value": 7,
        "order_id": order_id,
        "rule_id": "spend",
        "desired": 7,
    }

    assert company.command(GUEST, "budget.granted", NOON + DAY, **grant) == ""

    assert balance(company, ANN) == 47
    assert company.member(GUEST).lots == ()


def test_a_merge_before_anything_happened_takes_later_orders_along() -> None:
    company = a_company()
    company.command(GUEST, "member.update", NOON, birthday="05-17")
    buy(company, ANN, 10)

    assert merge(company, ANN, GUEST) == ""
    buy(company, GUEST, 5, occurred_at=NOON + DAY)

    assert balance(company, ANN) == 15
