"""What each kind of step does, from one that is begun to one that waits."""

from loyalty.events import InvalidEvent
from loyalty.facts import ActFact
from loyalty.holdout import bucket_of, is_held_out
from loyalty.journeys.branching import fork_of, share_of
from loyalty.journeys.delays import due_after, zone_of
from loyalty.journeys.remembered import JourneyRun
from loyalty.journeys.runs import Course, tell
from loyalty.journeys.sending import message_of
from loyalty.journeys.steps import (
    Branch,
    Give,
    JourneyStep,
    Leave,
    Send,
    Split,
    Wait,
    WaitFor,
)
from loyalty.limits import JOURNEY_CHOICES_MAX, JOURNEY_STEPS_MAX, JOURNEY_TAKEN_MAX
from loyalty.turn import Turn


def take_steps(
    turn: Turn, run: JourneyRun, at: int, *, course: Course, why: str
) -> JourneyRun | None:
    """
    Take the step of a run at a time and those after it, up to one that waits.

    Returns the run where it waits, None when the journey is at its end.
    """
    for _ in range(JOURNEY_STEPS_MAX + 1):
        step = course.journey.step(run.step_id)
        if step is None:
            tell(turn, run, "#finished", why=why)
            return None
        if run.taken >= JOURNEY_TAKEN_MAX:
            tell(turn, run, "#exited", why=f"after {JOURNEY_TAKEN_MAX} steps, the most")
            return None
        run = run._replace(taken=run.taken + 1)
        if isinstance(step, Wait | WaitFor):
            zone = zone_of(step.delay, turn.profile, course.program)
            due_at = due_after(step.delay, at, zone=zone)
            tell(turn, run, f"/{step.step_id}", why=f"{why}: waits until {due_at}")
            return run._replace(since_at=at, due_at=due_at)
        if isinstance(step, Leave):
            tell(turn, run, f"/{step.step_id}", why=why)
            tell(turn, run, "#exited", why=step.reason or f"at {step.step_id}")
            return None
        next_id, does = _do(turn, run, step, at=at, course=course)
        tell(turn, run, f"/{step.step_id}", why=f"{why}: {does}")
        why = f"after {step.step_id}"
        if isinstance(step, Branch | Split):
            choices = (*run.choices, f"{step.step_id}:{next_id}")
            run = run._replace(choices=choices[-JOURNEY_CHOICES_MAX:])
        run = run._replace(step_id=next_id, since_at=at, due_at=0)
    raise AssertionError("a circle without a wait is refused on reading")


def _do(
    turn: Turn, run: JourneyRun, step: JourneyStep, *, at: int, course: Course
) -> tuple[str, str]:
    """Do what a step does that does not wait: where it leads to, and why."""
    if isinstance(step, Branch):
        return fork_of(turn, run, step)
    if isinstance(step, Split):
        return share_of(turn, run, step)
    if isinstance(step, Give):
        return step.next_id, _give(turn, run, step, at=at, course=course)
    assert isinstance(step, Send), "all other kinds are taken elsewhere"
    message = message_of(turn, run, step, at=at, course=course)
    turn.to_send.append(message)
    return step.next_id, f"{step.template_id} by {', '.join(message.channels)}"


def _give(turn: Turn, run: JourneyRun, step: Give, *, at: int, course: Course) -> str:
    if is_held_out(
        bucket_of(turn.member_id), course.program.engagement.holdout_percent
    ):
        what = step.offer_id or f"{step.points} {step.wallet}"
        return f"held out of {what}"
    if step.offer_id:
        # Given, or not, where all personal offers are: with limits and codes.
        turn.notes.handed += (step.offer_id,)
        return f"gives the offer {step.offer_id}"
    given_at = turn.latest_at(at)
    turn.clock_at = max(turn.clock_at, given_at)
    fact = ActFact(
        given_at,
        f"{run.journey_id}/{run.entered_at}/{run.taken}",
        "award",
        course.program.version,
        step.points,
        step.wallet,
        rule_id=run.journey_id,
    )
    before = len(turn.movements)
    try:
        turn.add_act(fact)
    except InvalidEvent as full:
        # A member without room gets no points; the journey goes on.
        return f"gave nothing, {full.detail}"
    came = sum(one.points for one in turn.movements[before:] if one.points > 0)
    return f"gave {came} {step.wallet}"
