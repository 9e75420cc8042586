"""Row 11: joining a segment earns, each time; being in it earns nothing."""

import pytest

from loyalty.decision import Decision
from tests.rules.town import Town, built

RULES = """
stores: [{id: soho, time_zone: Europe/London}]
earn:
  - {id: student, kind: segment, segment: student, points: 50}
  - {id: office, kind: segment, segment: office, points: 20, caps: [{period: year, times: 1}]}
  - {id: spring, kind: segment, segment: early, points: 7,
     when: {from: 2026-03-01, until: 2026-04-01}}
  - {id: both, kind: segment, segment: office, points: 3, when: {segments: [student]}}
"""


def joins(town: Town, segments: str, day: str, **more: str) -> Decision:
    verdict = town.say("member.update", day, segments=segments, **more)
    assert isinstance(verdict, Decision)
    return verdict


@pytest.mark.parametrize(
    ("case", "steps", "points"),
    [
        ("joined", [("student", "2026-03-02")], 50),
        ("two at once", [("office, student", "2026-03-02")], 73),
        ("said twice", [("student", "2026-03-02"), ("student", "2026-03-03")], 50),
        (
            "left and joined again",
            [("student", "2026-03-02"), ("", "2026-03-03"), ("student", "2026-03-04")],
            100,
        ),
        (
            "as often as its cap lets",
            [("office", "2026-03-02"), ("", "2026-03-03"), ("office", "2026-03-04")],
            20,
        ),
        ("before its time", [("early", "2026-02-27")], 0),
        ("in its time", [("early", "2026-03-01")], 7),
        (
            "the other was joined before",
            [("student", "2026-03-02"), ("student, office", "2026-03-03")],
            73,
        ),
        ("one without a rule", [("vip", "2026-03-02")], 0),
    ],
)
def test_joining_earns_and_being_in_does_not(
    case: str, steps: list[tuple[str, str]], points: int
) -> None:
    town = Town(built(RULES))
    for segments, day in steps:
        joins(town, segments, day)

    assert town.balance() == points, case


def test_who_was_in_it_before_the_rule_came_gets_nothing() -> None:
    town = Town(built(""))
    joins(town, "student", "2026-03-02")
    town.program = built(RULES)
    joins(town, "student", "2026-03-03")

    assert town.balance() == 0


def test_joining_and_moving_to_another_zone_at_once_are_both_noted() -> None:
    town = Town(built(RULES))
    joins(town, "student", "2026-03-02", time_zone="Europe/London")

    assert town.balance() == 50
    assert town.members["member-1"].profile.time_zone == "Europe/London"


def test_why_says_which_rule_gave() -> None:
    town = Town(built(RULES))
    decision = joins(town, "student", "2026-03-02")

    assert [(one.rule_id, one.points) for one in decision.entries] == [("student", 50)]
