"""What rules make of an act, or of joining a segment: from it and the program alone."""

from collections.abc import Iterable
from typing import Final

from loyalty.assigning import Assignment
from loyalty.earning import Gains
from loyalty.events import ActivityEvent
from loyalty.facts import Gain
from loyalty.member import Profile
from loyalty.moments import Moment, holds
from loyalty.program import Program
from loyalty.rules import EarnRule

NOTHING: Final = Gains((), ())


def gains_of_activity(
    activity: ActivityEvent, program: Program, profile: Profile
) -> Gains:
    """What each activity rule makes of an act."""
    rules = program.index.by_activity.get(activity.type)
    if not rules:
        return NOTHING
    moment = Moment(activity.occurred_at, activity.store_id or "", "", profile)
    held = [
        rule
        for rule in rules
        if holds(rule.when, moment, program)
        and all(
            str(activity.attributes.get(name)) == value
            for name, value in rule.attributes
        )
    ]
    return _gains(held, activity.member_id, program)


def gains_of_joining(
    segments: Iterable[str], moment: Moment, program: Program, *, member_id: str
) -> Gains:
    """What each segment rule makes of joining some segments, in their order."""
    by_segment = program.index.by_segment
    held = [
        rule
        for segment in segments
        for rule in by_segment.get(segment, ())
        if holds(rule.when, moment, program)
    ]
    return _gains(held, member_id, program) if held else NOTHING


def _gains(held: list[EarnRule], member_id: str, program: Program) -> Gains:
    if not program.has_trials:
        return Gains(tuple(Gain(rule.rule_id, rule.points) for rule in held), ())
    assignment = Assignment(member_id, program)
    assigned = [assignment.rule_for(rule) for rule in held]
    gains = [Gain(one.rule_id, one.points) for one in assigned if one is not None]
    return Gains(tuple(gains), (), tuple(assignment.exposures))
