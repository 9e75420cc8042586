"""A member who is forgotten: nothing personal is left, and the books are right."""

import pytest

from loyalty.accounts import granted
from loyalty.budgets import Answer, Asked
from loyalty.campaigns import WAKE, campaign_act
from loyalty.decide import decide
from loyalty.decision import Decision, Duplicate
from loyalty.erasing import is_forgotten
from loyalty.events import Command
from loyalty.member import NEW_MEMBER, NO_PROFILE, State
from tests.builders import NOON, an_order
from tests.rules.town import Town, at, built

PROGRAM = """
earn:
  - {id: spend, points: 1, step_minor: 100}
  - {id: stamp, wallet: stamps, points: 1, kind: visit}
wallets:
  - {id: points, name: Points}
  - {id: stamps, name: Stamps}
tiers:
  - {id: base, name: Base, from_points: 0}
  - {id: silver, name: Silver, from_points: 50}
"""


def known() -> Town:
    """A town whose member has 100 points, of which 30 are set aside, and a profile."""
    town = Town(built(PROGRAM))
    town.order(100_00, "2026-03-01", order_id="o1")
    town.say("member.update", "2026-03-02", birthday="05-17", segments="families")
    town.say("points.reserve", "2026-03-03", points=30)
    return town


def test_profile_tier_and_open_past_go_and_the_books_are_right() -> None:
    town = known()
    version = town.member().version
    told = town.say("member.erase", "2026-03-04")
    member = town.member()

    assert told.result == {"points": 101, "kept": False}
    assert member.version == version + 1
    assert member.profile == NO_PROFILE
    assert (member.orders, member.acts) == ((), ())
    assert member.state == member.base == State(clock_at=member.state.clock_at)
    assert [
        (e.kind, e.wallet, e.points) for e in told.entries if e.kind == "ADJUST"
    ] == [
        ("ADJUST", "points", -100),
        ("ADJUST", "stamps", -1),
    ]
    town.check_books()


@pytest.mark.parametrize(
    ("keeps", "then", "expected"),
    [(False, False, True), (True, False, False), (False, True, False)],
    ids=["erased", "erased with points kept", "back with an order"],
)
def test_the_state_alone_tells_that_a_member_is_forgotten(
    *, keeps: bool, then: bool, expected: bool
) -> None:
    town = known()
    assert not is_forgotten(town.member())
    town.say("member.erase", "2026-03-04", keep_points=keeps)
    if then:
        town.order(10_00, "2026-03-05", order_id="o2")

    assert is_forgotten(town.member()) is expected


OFFERS = """
earn: [{id: spend, points: 1, step_minor: 100}]
personal_offers:
  - {id: cake, name: A cake, valid_days: 14}
  - {id: tea, name: A tea, valid_days: 14, idle_days: 30}
"""


@pytest.mark.parametrize("keeps", [False, True])
def test_whoever_is_forgotten_has_no_offers_and_hears_nothing_more(
    *, keeps: bool
) -> None:
    town = Town(built(OFFERS))
    town.order(100_00, "2026-03-01", order_id="o1")
    assert town.member().personal
    assert town.member().given

    told = town.say("member.erase", "2026-03-04", keep_points=keeps)
    member = town.member()

    assert (member.personal, member.given, member.exposed, member.fired) == ((),) * 4
    assert (told.offer_events, told.triggers, told.messages) == ((), (), ())
    assert member.next_due_at == 0
    assert is_forgotten(member) is not keeps


def test_what_a_budget_grants_after_its_member_was_forgotten_goes_back() -> None:
    program = built(
        """
earn:
  - {id: spend, points: 1, step_minor: 100}
  - {id: bonus, points: 1, step_minor: 100, budget: few}
budgets: [{id: few, total: 1000}]
"""
    )
    bought = an_order("o1", occurred_at=NOON)
    ordered = decide(NEW_MEMBER, bought, program, member_id="m")
    assert isinstance(ordered, Decision)
    [claim] = ordered.claims
    forget = Command("forget", "m", "member.erase", NOON + 1, "", {})
    erased = decide(ordered.member, forget, program, member_id="m")
    assert isinstance(erased, Decision)
    grant = granted(Answer(Asked(claim, claim.desired), claim.desired))

    # Who does not take a grant sends it back; see test_judge.
    assert isinstance(decide(erased.member, grant, program, member_id="m"), Duplicate)
    assert isinstance(decide(ordered.member, grant, program, member_id="m"), Decision)


def test_a_campaign_that_had_them_on_its_list_says_nothing_to_who_is_forgotten() -> (
    None
):
    town = known()
    act = campaign_act("spring", WAKE, "member-1", at=at("2026-03-05"))
    town.say("member.erase", "2026-03-04")
    before = town.member()

    assert isinstance(town.decide(act), Duplicate)
    assert town.member() == before
    # Whoever comes again is told again.
    town.order(20_00, "2026-03-06", order_id="o2")
    later = campaign_act("summer", WAKE, "member-1", at=at("2026-03-07"))
    assert isinstance(town.decide(later), Decision)


def test_points_stay_with_the_pseudonym_where_that_is_wanted() -> None:
    town = known()
    told = town.say("member.erase", "2026-03-04", keep_points=True)

    assert told.result == {"points": 0, "kept": True}
    assert town.balance() == 100
    assert town.member().profile == NO_PROFILE
    town.check_books()


def test_an_erasure_is_done_once() -> None:
    town = known()
    erased = town.say("member.erase", "2026-03-04")
    again = town.say("member.erase", "2026-03-05")

    assert isinstance(erased, Decision)
    assert again.entries == ()
    assert again.result == {"points": 0, "kept": False}
    town.check_books()


def test_a_return_of_what_was_before_changes_nothing_any_more() -> None:
    town = known()
    town.say("member.erase", "2026-03-04")
    town.cancel("o1", "2026-03-05")

    assert town.balance() == 0
    town.check_books()


def test_whoever_comes_again_is_new() -> None:
    town = known()
    town.say("member.erase", "2026-03-04")
    town.order(20_00, "2026-03-06")

    assert town.balance() == 20
    assert town.member().tier == "base"
    town.check_books()


@pytest.mark.parametrize("when", ["2026-03-04", "2027-06-01", "2030-01-01"])
def test_time_that_passes_moves_nothing_any_more(when: str) -> None:
    town = known()
    town.say("member.erase", "2026-03-04")
    town.decide_tick(at(when))

    assert town.balance() == 0
    assert town.member().next_due_at == 0
    town.check_books()
