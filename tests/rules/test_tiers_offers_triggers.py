"""Tiers, offers and triggers: when they come, and when they go."""

from loyalty.benefits import RewardOffer
from loyalty.decision import Decision
from loyalty.engagement.rules import near_reward
from loyalty.events import Tick
from loyalty.limits import DAY_MS, RECENT_MAX
from loyalty.view import view_of
from loyalty.wallets import Tier
from tests.builders import (
    DAY,
    NOON,
    a_program,
    a_refund,
    an_activity,
    an_adjustment,
    an_order,
)
from tests.rules.folding import fold

TIERS = (Tier("base", "Base", 0), Tier("gold", "Gold", 100))
OFFERS = (RewardOffer("coffee", "Coffee", 50), RewardOffer("meal", "Meal", 100))


def _decision(folded, index: int) -> Decision:
    outcome = folded.outcomes[index]
    assert isinstance(outcome, Decision)
    return outcome


def test_a_tier_is_reached_with_the_points_of_the_window() -> None:
    program = a_program(tiers=TIERS, tier_window_days=10)
    orders = [
        an_order("a", subtotal_minor=60_00, occurred_at=NOON),
        an_order("b", subtotal_minor=40_00, occurred_at=NOON + 9 * DAY),
    ]

    folded = fold(orders, program)

    assert folded.member.tier == "gold"
    assert _decision(folded, 1).tier_before == "base"
    assert _decision(folded, 1).tier_after == "gold"


def test_a_day_outside_the_window_no_longer_counts() -> None:
    program = a_program(tiers=TIERS, tier_window_days=10)
    orders = [
        an_order("a", subtotal_minor=60_00, occurred_at=NOON),
        an_order("b", subtotal_minor=40_00, occurred_at=NOON + 10 * DAY),
    ]

    assert fold(orders, program).member.tier == "base"


def test_a_tick_takes_a_tier_when_its_points_leave_the_window() -> None:
    program = a_program(tiers=TIERS, tier_window_days=10)
    order = an_order(subtotal_minor=100_00, occurred_at=NOON)
    member = fold([order], program).member
    due = member.next_due_at

    before = fold([Tick(due - 1)], program, member).member
    after = fold([Tick(due)], program, member).member

    assert due == (NOON // DAY + 10) * DAY
    assert (before.tier, after.tier) == ("gold", "base")


def test_a_refund_takes_back_the_tier_that_its_points_reached() -> None:
    program = a_program(tiers=TIERS)
    order = an_order(subtotal_minor=100_00)

    folded = fold([order, a_refund(amount_minor=1_00)], program)

    assert folded.member.tier == "base"


def test_an_offer_comes_with_the_balance_and_goes_with_it() -> None:
    program = a_program(offers=OFFERS)
    order = an_order(subtotal_minor=60_00)

    folded = fold([order, a_refund(amount_minor=20_00)], program)

    assert [e.kind for e in _decision(folded, 0).offer_events] == ["GRANTED"]
    assert [e.kind for e in _decision(folded, 1).offer_events] == ["WITHDRAWN"]
    assert folded.member.offers == ()


def test_offers_are_shown_dearest_first_with_why_and_until_when() -> None:
    program = a_program(offers=OFFERS, expiry_days=10)
    orders = [
        an_order("a", subtotal_minor=70_00, occurred_at=NOON),
        an_order("b", subtotal_minor=55_00, occurred_at=NOON + 5 * DAY),
    ]

    view = view_of("member-1", fold(orders, program).member, program)

    first_midnight = (NOON // DAY + 11) * DAY
    assert [offer.offer_id for offer in view.offers] == ["meal", "coffee"]
    assert view.offers[0].expires_at == first_midnight
    assert view.offers[1].expires_at == first_midnight + 5 * DAY
    assert view.offers[0].why == "balance 125 reaches 100 points"


def test_a_trigger_fires_on_entering_its_range_and_not_again_while_it_cools() -> None:
    near = near_reward("near", "meal", 20, cooldown_ms=7 * DAY_MS)
    program = a_program(offers=OFFERS, triggers=(near,))
    events = [
        an_order("a", subtotal_minor=85_00, occurred_at=NOON),
        an_order("b", subtotal_minor=5_00, occurred_at=NOON + 1),
        a_refund("a", amount_minor=50_00, occurred_at=NOON + 2),
        an_order("c", subtotal_minor=50_00, occurred_at=NOON + 3),
        a_refund("c", amount_minor=50_00, occurred_at=NOON + 8 * DAY, refund_id="r2"),
        an_order("d", subtotal_minor=50_00, occurred_at=NOON + 9 * DAY),
    ]

    folded = fold(events, program)

    fired = [len(_decision(folded, n).triggers) for n in range(len(events))]
    assert fired == [1, 0, 0, 0, 0, 1]


def test_expired_points_are_gone_at_their_moment_not_before() -> None:
    program = a_program(expiry_days=30)
    member = fold([an_order()], program).member
    ends_at = member.lots[0].expires_at

    assert fold([Tick(ends_at - 1)], program, member).balance == 10
    expired = fold([Tick(ends_at)], program, member)
    assert expired.balance == 0
    assert expired.entries[0].kind == "EXPIRE"
    assert expired.entries[0].occurred_at == ends_at


def test_points_are_burned_soonest_expiry_first() -> None:
    """EX-36: lots of 100 and 150, 120 used: 0 and 130 are left."""
    program = a_program(expiry_days=300)
    events = [
        an_order("jan", subtotal_minor=100_00, occurred_at=NOON),
        an_order("mar", subtotal_minor=150_00, occurred_at=NOON + 60 * DAY),
        an_adjustment(-120, occurred_at=NOON + 90 * DAY),
    ]

    lots = fold(events, program).member.lots

    assert [(lot.order_id, lot.points) for lot in lots] == [("mar", 130)]


def test_more_than_the_balance_cannot_be_used() -> None:
    """EX-38: 100 added, 10 used; 100 more are refused at 90."""
    events = [
        an_adjustment(100, command_id="a"),
        an_adjustment(-10, command_id="b"),
        an_adjustment(-100, command_id="c"),
    ]

    folded = fold(events, a_program())

    assert folded.balance == 90
    assert folded.outcomes[2].refusal == "insufficient-points"


def test_a_command_counts_once() -> None:
    command = an_adjustment(100)

    assert fold([command, command], a_program()).balance == 100


def test_activity_is_remembered_up_to_its_limit_and_refused_beyond() -> None:
    acts = [an_activity(f"a{n}", occurred_at=NOON + n) for n in range(RECENT_MAX + 1)]

    folded = fold([*acts, acts[0], acts[5]], a_program())

    assert len(folded.member.recent) == RECENT_MAX
    assert folded.outcomes[-2].reason == "beyond-horizon"
    assert folded.member.version == RECENT_MAX + 1
