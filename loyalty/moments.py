"""When and where something happened, and whether a condition holds there."""

from typing import NamedTuple

from loyalty.conditions import ANY_OF, MEMBER, NONE_OF, STORE, Joint, When
from loyalty.member import Profile
from loyalty.program import Program
from loyalty.rule_filing import hour_of_week
from loyalty.rule_index import Circumstances
from loyalty.windows import ALWAYS, is_open
from loyalty.zones import Zone, local_ms


class Moment(NamedTuple):
    """When and where something happened, as conditions see it."""

    at: int
    store_id: str
    channel: str
    profile: Profile


def holds(when: When, moment: Moment, program: Program) -> bool:
    """Whether the part of a condition holds that looks at the event and the profile."""
    if when.stores and moment.store_id not in when.stores:
        return False
    if when.channels and moment.channel not in when.channels:
        return False
    if moment.at < when.from_at or (when.until_at and moment.at >= when.until_at):
        return False
    if when.segments:
        segments = moment.profile.segments
        if not segments or when.segments.isdisjoint(segments):
            return False
    if when.window is not ALWAYS and not is_open(
        when.window, local_ms(zone_of(when.clock, moment, program), moment.at)
    ):
        return False
    return not when.joints or all(
        joint_holds(joint, moment, program) for joint in when.joints
    )


def joint_holds(joint: Joint, moment: Moment, program: Program) -> bool:
    """Whether all, any or none of its cases hold."""
    found = (holds(case, moment, program) for case in joint.cases)
    if joint.kind == ANY_OF:
        return any(found)
    return not any(found) if joint.kind == NONE_OF else all(found)


def circumstances_of(moment: Moment, program: Program) -> Circumstances:
    """What an index of rules asks beside the order."""
    at = moment.at
    return Circumstances(
        moment.profile.segments,
        hour_of_week(local_ms(zone_of(STORE, moment, program), at)),
        hour_of_week(local_ms(zone_of(MEMBER, moment, program), at)),
        hour_of_week(local_ms(program.zone, at)),
    )


def zone_of(clock: str, moment: Moment, program: Program) -> Zone:
    """Whose local time a window means; the program's where nothing else is known."""
    if clock == STORE:
        return program.store_zone.get(moment.store_id, program.zone)
    if clock == MEMBER:
        return program.zones.get(moment.profile.time_zone, program.zone)
    return program.zone
