"""What each activity rule makes of an act, from the event and program alone."""

from typing import Final

from loyalty.assigning import Assignment
from loyalty.earning import Gains
from loyalty.events import ActivityEvent
from loyalty.facts import Gain
from loyalty.member import Profile
from loyalty.moments import Moment, holds
from loyalty.program import Program

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
    if not program.has_trials:
        return Gains(tuple(Gain(rule.rule_id, rule.points) for rule in held), ())
    assignment = Assignment(activity.member_id, program)
    assigned = [assignment.rule_for(rule) for rule in held]
    gains = [Gain(one.rule_id, one.points) for one in assigned if one is not None]
    return Gains(tuple(gains), (), tuple(assignment.exposures))
