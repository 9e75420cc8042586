"""Messages of journeys, as the gate of all messages sees them."""

from typing import Final

from loyalty.engagement.remembered import Waiting
from loyalty.engagement.rules import Announcement, Trigger, TriggerStep
from loyalty.program import Program

# How happenings and messages of journeys begin; no trigger's id holds a slash.
JOURNEY: Final = "journey"


def campaign_of(journey_id: str) -> str:
    """How messages of a journey begin to be named; the id of their step follows."""
    return f"{JOURNEY}:{journey_id}/"


def is_of_journey(waiting: Waiting) -> bool:
    """Whether a message is a journey's."""
    name = waiting.trigger_id
    return name.startswith(f"{JOURNEY}:") and "/" in name


def trigger_of(waiting: Waiting, program: Program) -> Trigger | None:
    """
    The message of a journey as the gate sees it; None if its template is gone.

    The journey of a member on the way may be another one by now: so nothing but
    what waits is asked, and the priority that the journey has now (0 if it is gone).
    """
    if waiting.subject not in program.template_by_id:
        return None
    announcement = Announcement(waiting.subject, waiting.channels)
    journey_id = waiting.trigger_id.removeprefix(f"{JOURNEY}:").partition("/")[0]
    return Trigger(
        waiting.trigger_id,
        JOURNEY,
        steps=(TriggerStep(message=announcement),),
        priority=_priority_of(journey_id, program),
    )


def _priority_of(journey_id: str, program: Program) -> int:
    for journey in program.journeys:
        if journey.journey_id == journey_id:
            return journey.priority
    return 0
