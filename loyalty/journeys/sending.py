"""Messages of journeys: handed to the gate that all messages go through."""

from loyalty.engagement.campaigns import campaign_of
from loyalty.engagement.hours import next_habit
from loyalty.engagement.memory import member_zone
from loyalty.engagement.remembered import NOTHING_YET, Waiting
from loyalty.engagement.sending import HABIT
from loyalty.journeys.remembered import JourneyRun
from loyalty.journeys.runs import Course
from loyalty.journeys.steps import Send
from loyalty.messages import MessageValue
from loyalty.turn import Turn


def message_of(
    turn: Turn, run: JourneyRun, step: Send, *, at: int, course: Course
) -> Waiting:
    """
    What a step sends, as it waits to go: the gate says when, and whether at all.

    How long it is good for counts from the step's own time.
    """
    template = course.program.template_by_id[step.template_id]
    go_at, held_for = at, ""
    if step.by_habit:
        known = turn.engagement or NOTHING_YET
        zone = member_zone(turn.profile, known.store_id, course.program)
        now = max(at, turn.clock_at)
        go_at = next_habit(known.habit, now, zone, else_minute=step.else_minute)
        held_for = HABIT if go_at > turn.clock_at else ""
    return Waiting(
        go_at,
        f"{campaign_of(run.journey_id)}{step.step_id}",
        f"{run.entered_at}.{run.taken}",
        0,
        at,
        step.template_id,
        _values(turn, run, step, course=course),
        step.channels or template.channels,
        at + step.expires_ms,
        held_for,
        run.follows_at,
    )


def _values(
    turn: Turn, run: JourneyRun, step: Send, *, course: Course
) -> tuple[MessageValue, ...]:
    """What stands for the names of a template; a step's own values come last."""
    known = {
        "journey": course.journey.name,
        "orders": str(turn.state.order_count),
        "order_id": run.order_id,
        "store_id": run.store_id,
        **dict(step.values),
    }
    return tuple([MessageValue(name, known[name]) for name in known])
