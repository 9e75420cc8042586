"""Messages of journeys: the one place that makes them."""

from loyalty.journeys.journey import Send
from loyalty.journeys.runs import Course
from loyalty.member import JourneyRun, balance_of
from loyalty.messages import Message, MessageValue
from loyalty.turn import Turn


def messages_of(
    turn: Turn, run: JourneyRun, step: Send, *, at: int, course: Course
) -> tuple[Message, ...]:
    """
    What a step sends, one message for each channel; none when it is too late.

    The time of a message is the decision's, which may be later than that of its
    step (`at`); how long it is good for counts from the step's.
    """
    expires_at = at + step.expires_ms
    template = course.program.template_by_id.get(step.template_id)
    if template is None or expires_at <= turn.clock_at:
        return ()
    prefix = f"{turn.member_id}:{run.journey_id}:{run.entered_at}:{run.taken}"
    values = tuple(
        MessageValue(*pair) for pair in _values(turn, run, step, course=course)
    )
    return tuple(
        Message(
            f"{prefix}:{channel}",
            run.journey_id,
            channel,
            template.purpose,
            step.template_id,
            values,
            turn.clock_at,
            expires_at,
            f"journey {run.journey_id}, step {step.step_id}",
        )
        for channel in step.channels or template.channels
    )


def _values(
    turn: Turn, run: JourneyRun, step: Send, *, course: Course
) -> tuple[tuple[str, str], ...]:
    """What stands for the names of a template; a step's own values come last."""
    state = turn.state
    known = {
        "journey": course.journey.name,
        "points": str(balance_of(state.lots, course.program.wallet_id)),
        "tier": state.tier,
        "orders": str(state.order_count),
        "order_id": run.order_id,
        "store_id": run.store_id,
        **dict(step.values),
    }
    return tuple(known.items())
