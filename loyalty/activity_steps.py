"""What an act in an app or near a store does to a member."""

from loyalty.acting import gains_of_activity
from loyalty.campaigns import is_of_campaign
from loyalty.decision import Duplicate
from loyalty.erasing import is_forgotten
from loyalty.events import ActivityEvent
from loyalty.exposing import expose
from loyalty.facts import ActFact
from loyalty.forwarding import forwards_activity
from loyalty.movements import kept_back
from loyalty.turn import Turn


def activity_step(turn: Turn, activity: ActivityEvent) -> str | Duplicate:
    """
    Note an act, once, and let it earn; return why, in a sentence.

    Raises: InvalidEvent when it is too late to know whether it is a repeat.
    """
    if not turn.see(activity.event_id, activity.occurred_at):
        return Duplicate(f"activity {activity.event_id} is known")
    if turn.merging.into and forwards_activity(turn, activity):
        return f"passed on to {turn.merging.into}"
    if is_of_campaign(activity.type) and is_forgotten(turn.member):
        return Duplicate("who was to be told is forgotten, and has not come back")
    program = turn.programs.at(activity.occurred_at)
    gains, _, exposures = gains_of_activity(activity, program, turn.profile)
    if exposures:
        expose(turn, exposures, activity.occurred_at)
    releases = activity.type if activity.type in program.release_types else ""
    # Whoever is only told something was not active: his points end as they would.
    slides = program.has_sliding_wallets and not is_of_campaign(activity.type)
    if not (gains or releases or slides):
        return f"noted {activity.type}"
    fact = ActFact(
        activity.occurred_at,
        activity.event_id,
        "activity",
        program.version,
        target=str(activity.attributes.get("order_id", "")) if releases else "",
        gains=gains,
        rule_id=releases,
    )
    before = len(turn.movements)
    turn.add_act(fact)
    points = sum(one.points for one in turn.movements[before:] if one.points > 0)
    why = f"noted {activity.type}" + (f", earned {points}" if points else "")
    return "; ".join([why, *kept_back(turn.trims, activity.event_id)])
