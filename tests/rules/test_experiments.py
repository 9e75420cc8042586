"""Experiments and holdouts: who gets what, and that exposure is told once."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.document import InvalidProgram
from loyalty.experiments import Arm, Trial, arm_of
from loyalty.holdout import bucket_of
from loyalty.limits import EXPOSURES_MAX
from loyalty.member import NEW_MEMBER, Member
from loyalty.program import Program
from loyalty.program_document import program_from
from tests.builders import DAY, NOON, a_refund, an_activity, an_order

ARMS = [
    {"id": "control", "percent": 50, "without": True},
    {"id": "some", "percent": 30},
    {"id": "more", "percent": 20, "points": 30},
]
SPEND = {"id": "base", "kind": "spend", "points": 1, "step_minor": 100}


def a_program(**sections: Any) -> Program:
    """A point a dollar, and what a test is about."""
    return program_from(
        {"program": "trial", "currency": "USD", "earn": [SPEND], **sections}
    )


def a_trial(**more: Any) -> dict[str, Any]:
    """A bonus of 10 points that half of all get, some of them 30."""
    return {
        "id": "thanks",
        "kind": "add",
        "points": 10,
        "experiment": {"id": "thanks-trial", "arms": ARMS},
        **more,
    }


def in_arm(arm_id: str, trial: Trial) -> str:
    """A member who is in an arm."""
    return next(
        name
        for name in (f"member-{n}" for n in range(1_000))
        if arm_of(name, trial).arm_id == arm_id
    )


TRIAL = Trial(
    "thanks-trial",
    (
        Arm("control", 50, is_off=True),
        Arm("some", 30),
        Arm("more", 20, points=30),
    ),
)


def placed(
    program: Program,
    member_id: str,
    *,
    member: Member = NEW_MEMBER,
    order_id: str = "order-1",
    occurred_at: int = NOON,
) -> Decision:
    """What an order of $10 does."""
    order = an_order(order_id, member_id=member_id, occurred_at=occurred_at)
    decision = decide(member, order, program, member_id=member_id)
    assert isinstance(decision, Decision)
    return decision


def told(decision: Decision) -> list[str]:
    """Experiments that a decision tells of."""
    ids = [one.trigger_id for one in decision.triggers]
    return [one for one in ids if one.startswith("experiment:")]


@pytest.mark.parametrize(
    ("arm", "points"), [("control", 10), ("some", 20), ("more", 40)]
)
def test_each_arm_gets_its_own_bonus_on_top_of_the_base(arm: str, points: int) -> None:
    program = a_program(bonuses=[a_trial()])
    decision = placed(program, in_arm(arm, TRIAL))
    assert sum(entry.points for entry in decision.entries) == points
    assert told(decision) == [f"experiment:thanks-trial:{arm}"]


def test_the_ledger_names_the_arm_of_a_rule_that_gives_something_else() -> None:
    decision = placed(a_program(bonuses=[a_trial()]), in_arm("more", TRIAL))
    assert [entry.rule_id for entry in decision.entries] == ["base", "thanks#more"]


def test_members_are_in_arms_as_often_as_the_percents_say() -> None:
    arms = Counter(arm_of(f"member-{n}", TRIAL).arm_id for n in range(20_000))
    assert abs(arms["control"] - 10_000) < 300
    assert abs(arms["some"] - 6_000) < 300
    assert abs(arms["more"] - 4_000) < 300


@given(st.text(min_size=1, max_size=30))
def test_an_arm_is_that_of_the_members_bucket(member_id: str) -> None:
    bucket = bucket_of(member_id, "thanks-trial")
    expected = "control" if bucket <= 50 else "some" if bucket <= 80 else "more"
    assert arm_of(member_id, TRIAL).arm_id == expected


def test_exposure_is_told_once_and_remembered() -> None:
    program = a_program(bonuses=[a_trial()])
    name = in_arm("control", TRIAL)
    first = placed(program, name)
    later = placed(
        program, name, member=first.member, order_id="two", occurred_at=NOON + DAY
    )
    assert told(later) == []
    assert later.member.exposed == (("thanks-trial", "control", NOON),)


def test_whom_the_rule_would_not_have_met_is_not_exposed() -> None:
    program = a_program(bonuses=[a_trial(match={"categories": ["drinks"]})])
    assert told(placed(program, in_arm("control", TRIAL))) == []


@pytest.mark.parametrize(("number", "exposed"), [(1, True), (2, False)])
def test_what_a_rule_asks_of_the_member_is_looked_at_before_it_is_told(
    number: int, exposed: bool
) -> None:
    program = a_program(bonuses=[a_trial(when={"order_number": number})])
    assert bool(told(placed(program, in_arm("some", TRIAL)))) is exposed


def test_a_return_does_not_expose_anybody_again() -> None:
    program = a_program(bonuses=[a_trial()])
    name = in_arm("more", TRIAL)
    first = placed(program, name)
    refund = a_refund(
        "order-1", amount_minor=10_00, member_id=name, occurred_at=NOON + DAY
    )
    after = decide(first.member, refund, program, member_id=name)
    assert isinstance(after, Decision)
    assert told(after) == []
    assert after.member.state.lots == ()


def test_the_programs_holdout_gets_base_points_and_no_bonus() -> None:
    bonus = {"id": "thanks", "kind": "add", "points": 10}
    program = a_program(bonuses=[bonus], holdout_percent=10)
    held = next(f"m{n}" for n in range(999) if bucket_of(f"m{n}") <= 10)
    other = next(f"m{n}" for n in range(999) if bucket_of(f"m{n}") > 10)
    assert sum(e.points for e in placed(program, held).entries) == 10
    assert told(placed(program, held)) == ["experiment:holdout:held-out"]
    assert sum(e.points for e in placed(program, other).entries) == 20
    assert told(placed(program, other)) == ["experiment:holdout:treated"]


def test_a_rule_can_be_for_everyone_whatever_the_programs_holdout() -> None:
    bonus = {"id": "thanks", "kind": "add", "points": 10, "ignores_holdout": True}
    program = a_program(bonuses=[bonus], holdout_percent=10)
    held = next(f"m{n}" for n in range(999) if bucket_of(f"m{n}") <= 10)
    assert sum(e.points for e in placed(program, held).entries) == 20


def test_a_rules_own_holdout_is_an_experiment_of_its_id() -> None:
    bonus = {"id": "thanks", "kind": "add", "points": 10, "holdout_percent": 20}
    program = a_program(bonuses=[bonus])
    held = next(f"m{n}" for n in range(999) if bucket_of(f"m{n}", "thanks") <= 20)
    decision = placed(program, held)
    assert sum(entry.points for entry in decision.entries) == 10
    assert told(decision) == ["experiment:thanks:held-out"]


def test_acts_have_experiments_too() -> None:
    rule = {
        "id": "hello",
        "kind": "activity",
        "activity": "app.opened",
        "points": 5,
        "experiment": {"id": "thanks-trial", "arms": ARMS},
    }
    program = a_program(earn=[SPEND, rule])
    for arm, points in (("control", 0), ("some", 5), ("more", 30)):
        name = in_arm(arm, TRIAL)
        act = an_activity("open", member_id=name)._replace(type="app.opened")
        decision = decide(NEW_MEMBER, act, program, member_id=name)
        assert isinstance(decision, Decision)
        assert sum(entry.points for entry in decision.entries) == points
        assert told(decision) == [f"experiment:thanks-trial:{arm}"]


def test_at_the_limit_the_oldest_exposure_is_forgotten() -> None:
    bonuses = [
        a_trial(id=f"b{n}", experiment={"id": f"e{n}", "arms": ARMS})
        for n in range(EXPOSURES_MAX + 1)
    ]
    decision = placed(a_program(bonuses=bonuses), "member-1")
    exposed = decision.member.exposed
    assert len(exposed) == EXPOSURES_MAX
    assert exposed[0].experiment_id == "e1"


@pytest.mark.parametrize(
    ("rule", "pointer"),
    [
        ({"holdout_percent": 5}, "/bonuses/0/holdout_percent"),
        (
            {"experiment": {"id": "holdout", "arms": ARMS}},
            "/bonuses/0/experiment/id",
        ),
        (
            {"experiment": {"id": "x", "arms": ARMS[:2]}},
            "/bonuses/0/experiment/arms",
        ),
        (
            {"experiment": {"id": "x", "arms": [{"id": "a", "percent": 100}]}},
            "/bonuses/0/experiment/arms",
        ),
        (
            {
                "experiment": {
                    "id": "x",
                    "arms": [
                        {"id": "a", "percent": 50, "without": True, "points": 3},
                        {"id": "b", "percent": 50},
                    ],
                }
            },
            "/bonuses/0/experiment/arms/0/without",
        ),
    ],
)
def test_an_unsound_experiment_is_refused(rule: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidProgram) as refused:
        a_program(bonuses=[a_trial(**rule)])
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


def test_rules_of_one_experiment_agree_on_its_arms() -> None:
    other = [{**ARMS[0], "percent": 40}, {**ARMS[1], "percent": 40}, ARMS[2]]
    second = a_trial(id="second", experiment={"id": "thanks-trial", "arms": other})
    with pytest.raises(InvalidProgram) as refused:
        a_program(bonuses=[a_trial(), second])
    assert [fault.pointer for fault in refused.value.faults] == [
        "/bonuses/1/experiment/arms"
    ]


@pytest.mark.parametrize(
    ("section", "rule"),
    [
        ("streaks", {"period": "day", "length": 2}),
        ("challenges", {"goal": "orders", "target": 2, "repeats": True}),
    ],
)
def test_arms_of_streaks_and_challenges_are_given_other_points(
    section: str, rule: dict[str, Any]
) -> None:
    game = {
        "id": "game",
        "points": 10,
        "experiment": {"id": "thanks-trial", "arms": ARMS},
        **rule,
    }
    program = a_program(**{section: [game]})
    given = {}
    for arm in ("control", "some", "more"):
        name, member = in_arm(arm, TRIAL), NEW_MEMBER
        for day in range(2):
            decision = placed(
                program,
                name,
                member=member,
                order_id=f"o{day}",
                occurred_at=NOON + day * DAY,
            )
            member = decision.member
        given[arm] = {
            entry.rule_id: entry.points
            for entry in decision.entries
            if entry.rule_id != "base"
        }
        # How far it is stands under the rule's own id, for all arms.
        ids = [one.rule_id for one in getattr(member.state, section)]
        assert ids == ([] if arm == "control" else ["game"])
    assert given == {"control": {}, "some": {"game": 10}, "more": {"game#more": 30}}
