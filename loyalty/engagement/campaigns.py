"""Messages of journeys, as the gate of all messages sees them."""

from typing import Final

from loyalty.engagement.remembered import Waiting
from loyalty.engagement.rules import Announcement, Trigger, TriggerStep
from loyalty.journeys.steps import JourneyStep, Send
from loyalty.program import Program, Programs

# How happenings and messages of journeys begin; no trigger's id holds a slash.
JOURNEY: Final = "journey"


def campaign_of(journey_id: str) -> str:
    """How messages of a journey begin to be named; the id of their step follows."""
    return f"{JOURNEY}:{journey_id}/"


def is_of_journey(waiting: Waiting) -> bool:
    """Whether a message is a journey's."""
    name = waiting.trigger_id
    return name.startswith(f"{JOURNEY}:") and "/" in name


def trigger_of(
    waiting: Waiting, program: Program, programs: Programs
) -> Trigger | None:
    """
    The message of a journey as the gate sees it; None if its template is gone.

    The journey of a member on the way may be another one by now: so how caps apply
    is asked of the one that the member followed, and only the priority (0 if it is
    gone) of the one that there is.
    """
    if waiting.subject not in program.template_by_id:
        return None
    name = waiting.trigger_id.removeprefix(f"{JOURNEY}:")
    journey_id, _, step_id = name.partition("/")
    followed = programs.at(waiting.follows_at) if waiting.follows_at else program
    announcement = Announcement(waiting.subject, waiting.channels)
    step = _step_of(followed, journey_id, step_id)
    if isinstance(step, Send):
        announcement = announcement._replace(
            frequency=step.frequency, own_frequency=step.own_frequency
        )
    journey = program.journey_by_id.get(journey_id)
    return Trigger(
        waiting.trigger_id,
        JOURNEY,
        steps=(TriggerStep(message=announcement),),
        priority=0 if journey is None else journey.priority,
    )


def _step_of(program: Program, journey_id: str, step_id: str) -> JourneyStep | None:
    journey = program.journey_by_id.get(journey_id)
    return None if journey is None else journey.step(step_id)
