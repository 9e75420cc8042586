"""Members on their way through journeys: what is due, what happens, who comes in."""

from collections.abc import Iterable

from loyalty.decision import TriggerEvent
from loyalty.events import MemberEvent
from loyalty.journeys.courses import course_of, go
from loyalty.journeys.journey import AFTER_DAYS, NEVER_AGAIN
from loyalty.journeys.occasions import Happened, happened_in, is_meant, told_as
from loyalty.journeys.remembered import JourneyRun
from loyalty.journeys.runs import Course, leave_early, past_of, put, run_of, tell
from loyalty.journeys.steps import ORDER, RETURN, TRIGGER, Wait, WaitFor
from loyalty.limits import (
    DAY_MS,
    JOURNEY_LATE_MS_MAX,
    JOURNEY_RUNS_MAX,
    JOURNEY_TURNS_MAX,
)
from loyalty.turn import Turn


def next_step_at(runs: tuple[JourneyRun, ...]) -> int:
    """When the next step of some runs is due, 0 is never."""
    return min((run.due_at for run in runs if run.due_at), default=0)


def take_due_steps(turn: Turn) -> None:
    """
    Take the steps that are due up to the decision's time, each at its own time.

    In the order of due times, then of ids; at most JOURNEY_TURNS_MAX waits end
    before an event, and as many after it; the others stay due.
    """
    for _ in range(JOURNEY_TURNS_MAX):
        due = [run for run in turn.journeys if 0 < run.due_at <= turn.clock_at]
        if not due:
            return
        run = min(due, key=lambda one: (one.due_at, one.journey_id))
        at = run.due_at
        turn.pass_time(at)
        course = course_of(turn, run, at)
        if course is None:
            continue
        run = run_of(turn, run.journey_id)
        step = course.journey.step(run.step_id)
        why = "at the start"
        if run.taken and isinstance(step, Wait | WaitFor):
            why = f"after {step.step_id}, time was over"
            run = run._replace(step_id=step.next_id)
        go(turn, run, at, course=course, why=why)


def meet_event(turn: Turn, event: MemberEvent) -> None:
    """Let an event do to journeys what it does: lead on, lead out, lead in."""
    program = turn.programs.at(turn.clock_at)
    for happened in happened_in(turn, event):
        for run in turn.journeys:
            if happened.at >= run.entered_at:
                _meet(turn, run, happened)
        if happened.at < turn.clock_at - JOURNEY_LATE_MS_MAX:
            continue
        for journey in program.journeys:
            if is_meant(journey.entry, happened, turn, program=program):
                _enter(turn, Course(journey, program), happened)
    take_due_steps(turn)


def meet_triggers(turn: Turn, told: Iterable[TriggerEvent]) -> None:
    """
    Let triggers that fired lead into journeys.

    What they looked at is decided already: so the first step waits until the
    member is next decided about, which the clock sees to at once.
    """
    program = turn.programs.at(turn.clock_at)
    journeys = [one for one in program.journeys if one.entry.kind == TRIGGER]
    if not journeys:
        return
    for one in tuple(told):
        happened = told_as(one.trigger_id, turn.clock_at)
        for journey in journeys:
            if is_meant(journey.entry, happened, turn, program=program):
                _enter(turn, Course(journey, program), happened)


def _meet(turn: Turn, run: JourneyRun, happened: Happened) -> None:
    """Let something happen to one run."""
    known = course_of(turn, run, turn.clock_at)
    if known is None:
        return
    run = before = run_of(turn, run.journey_id)
    journey, program = known
    if happened.kind == ORDER:
        run = run._replace(orders=run.orders + 1)
    elif happened.name in journey.asked and happened.name not in run.seen:
        run = run._replace(seen=(*run.seen, happened.name))
    for occasion in journey.exits:
        if _is_of(run, happened) and is_meant(
            occasion, happened, turn, program=program
        ):
            leave_early(turn, run, turn.clock_at, why=f"{happened.words} came")
            return
    step = journey.step(run.step_id)
    if isinstance(step, WaitFor) and run.taken:
        for way in step.ways:
            if _is_of(run, happened) and is_meant(
                way.occasion, happened, turn, program=program
            ):
                why = f"after {step.step_id}, {happened.words} came"
                run = run._replace(step_id=way.next_id)
                go(turn, run, turn.clock_at, course=known, why=why)
                return
    if run is not before:
        put(turn, run)


def _is_of(run: JourneyRun, happened: Happened) -> bool:
    """A return is looked at by the journey of its own order."""
    if happened.kind != RETURN or not run.order_id:
        return True
    return happened.order_id == run.order_id


def _enter(turn: Turn, course: Course, happened: Happened) -> None:
    journey, program = course
    if any(run.journey_id == journey.journey_id for run in turn.journeys):
        return
    at = entered_at = turn.clock_at
    past = past_of(turn, journey.journey_id)
    if past is not None:
        if journey.reentry == NEVER_AGAIN:
            return
        again_at = past.left_at + journey.reentry_days * DAY_MS
        if journey.reentry == AFTER_DAYS and at < again_at:
            return
        # Messages and points are named by it: no two runs begin at one moment.
        entered_at = max(at, past.entered_at + 1)
    run = JourneyRun(
        journey.journey_id,
        program.version,
        at,
        entered_at,
        journey.steps[0].step_id,
        at,
        at,
        order_id=happened.order_id,
        store_id=happened.store_id,
    )
    if len(turn.journeys) >= JOURNEY_RUNS_MAX:
        why = f"the member is in {JOURNEY_RUNS_MAX} journeys, the most"
        tell(turn, run, "#full", why=why)
        return
    tell(turn, run, "#entered", why=happened.words)
    put(turn, run)
