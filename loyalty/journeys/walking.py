"""Members on their way through journeys: what is due, what happens, who comes in."""

from collections.abc import Iterable

from loyalty.decision import TriggerEvent
from loyalty.events import MemberEvent
from loyalty.journeys.journey import (
    AFTER_DAYS,
    EXIT,
    KEEP,
    NEVER_AGAIN,
    ORDER,
    RETURN,
    TRIGGER,
    Wait,
    WaitFor,
)
from loyalty.journeys.occasions import Happened, happened_in, is_meant, told_as
from loyalty.journeys.taking import Course, take_steps, tell
from loyalty.limits import (
    DAY_MS,
    JOURNEY_LATE_MS_MAX,
    JOURNEY_RUNS_MAX,
    JOURNEY_TURNS_MAX,
    JOURNEYS_PAST_MAX,
)
from loyalty.member import JourneyRun, PastJourney
from loyalty.turn import Turn


def next_step_at(runs: tuple[JourneyRun, ...]) -> int:
    """When the next step of some runs is due, 0 is never."""
    return min((run.due_at for run in runs if run.due_at), default=0)


def take_due_steps(turn: Turn) -> None:
    """
    Take the steps that are due up to the decision's time, each at its own time.

    In the order of due times, then of ids; at most JOURNEY_TURNS_MAX waits end in
    one decision, the others stay due.
    """
    for _ in range(JOURNEY_TURNS_MAX):
        due = [run for run in turn.journeys if 0 < run.due_at <= turn.clock_at]
        if not due:
            return
        run = min(due, key=lambda one: (one.due_at, one.journey_id))
        at = run.due_at
        turn.pass_time(at)
        course = _course_of(turn, run, at)
        if course is None:
            continue
        run = _run_of(turn, run.journey_id)
        step = course.journey.step(run.step_id)
        why = "at the start"
        if run.taken and isinstance(step, Wait | WaitFor):
            why = f"after {step.step_id}, time was over"
            run = run._replace(step_id=step.next_id)
        _go(turn, run, at, course=course, why=why)


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
    known = _course_of(turn, run, turn.clock_at)
    if known is None:
        return
    run = before = _run_of(turn, run.journey_id)
    journey, program = known
    if happened.kind == ORDER:
        run = run._replace(orders=run.orders + 1)
    elif happened.name in journey.asked and happened.name not in run.seen:
        run = run._replace(seen=(*run.seen, happened.name))
    for occasion in journey.exits:
        if _is_of(run, happened) and is_meant(
            occasion, happened, turn, program=program
        ):
            tell(turn, run, "#exited", f"{happened.words} came")
            _leave(turn, run)
            return
    step = journey.step(run.step_id)
    if isinstance(step, WaitFor) and run.taken:
        for way in step.ways:
            if _is_of(run, happened) and is_meant(
                way.occasion, happened, turn, program=program
            ):
                why = f"after {step.step_id}, {happened.words} came"
                run = run._replace(step_id=way.next_id)
                _go(turn, run, turn.clock_at, course=known, why=why)
                return
    if run is not before:
        _put(turn, run)


def _is_of(run: JourneyRun, happened: Happened) -> bool:
    """A return is looked at by the journey of its own order."""
    if happened.kind != RETURN or not run.order_id:
        return True
    return happened.order_id == run.order_id


def _enter(turn: Turn, course: Course, happened: Happened) -> None:
    journey, program = course
    if any(run.journey_id == journey.journey_id for run in turn.journeys):
        return
    at = turn.clock_at
    past = _past_of(turn, journey.journey_id)
    if past is not None:
        if journey.reentry == NEVER_AGAIN:
            return
        again_at = past.left_at + journey.reentry_days * DAY_MS
        if journey.reentry == AFTER_DAYS and at < again_at:
            return
        # Messages and points are named by it: no two runs begin at one moment.
        at = max(at, past.entered_at + 1)
    run = JourneyRun(
        journey.journey_id,
        program.version,
        turn.clock_at,
        at,
        journey.steps[0].step_id,
        at,
        at,
        order_id=happened.order_id,
        store_id=happened.store_id,
    )
    if len(turn.journeys) >= JOURNEY_RUNS_MAX:
        why = f"the member is in {JOURNEY_RUNS_MAX} journeys, the most"
        tell(turn, run, "#full", why)
        return
    tell(turn, run, "#entered", happened.words)
    _put(turn, run)


def _course_of(turn: Turn, run: JourneyRun, at: int) -> Course | None:
    """
    What a run follows at a time, after what a new version does to it.

    None when the run has ended by that.
    """
    current = turn.programs.at(at)
    journey = current.journey_by_id.get(run.journey_id)
    if run.version == current.version and journey is not None:
        return Course(journey, current)
    entered = turn.programs.at(run.follows_at)
    followed = entered.journey_by_id.get(run.journey_id)
    if journey is not None and (followed is None or followed == journey):
        # Another part of the program has changed.
        _put(turn, run._replace(version=current.version, follows_at=at))
        return Course(journey, current)
    policy = EXIT if followed is None else followed.on_change
    if journey is not None:
        policy = journey.on_change
    if policy == KEEP and followed is not None:
        return Course(followed, entered)
    if journey is None or policy == EXIT:
        word = "no longer there" if journey is None else "another one now"
        tell(turn, run, "#exited", f"the journey is {word}")
        _leave(turn, run)
        return None
    tell(turn, run, "#restarted", "the journey is another one now")
    run = run._replace(
        version=current.version,
        follows_at=at,
        step_id=journey.steps[0].step_id,
        since_at=at,
    )
    # Begun anew at once: what had been waited for is no longer.
    _go(turn, run, at, course=Course(journey, current), why="begun anew")
    return None


def _go(turn: Turn, run: JourneyRun, at: int, *, course: Course, why: str) -> None:
    there = take_steps(turn, run, at, course=course, why=why)
    if there is None:
        _leave(turn, run)
    else:
        _put(turn, there)


def _run_of(turn: Turn, journey_id: str) -> JourneyRun:
    for run in turn.journeys:
        if run.journey_id == journey_id:
            return run
    raise AssertionError("whoever asks has a run")


def _past_of(turn: Turn, journey_id: str) -> PastJourney | None:
    for past in turn.past_journeys:
        if past.journey_id == journey_id:
            return past
    return None


def _put(turn: Turn, run: JourneyRun) -> None:
    """Note where a run is; there is one of each journey."""
    others = [one for one in turn.journeys if one.journey_id != run.journey_id]
    turn.journeys = tuple(
        sorted((*others, run), key=lambda one: (one.entered_at, one.journey_id))
    )


def _leave(turn: Turn, run: JourneyRun) -> None:
    """Take a run out, and remember it; of too many the one left first is forgotten."""
    name = run.journey_id
    turn.journeys = tuple(one for one in turn.journeys if one.journey_id != name)
    past = [one for one in turn.past_journeys if one.journey_id != name]
    past.append(PastJourney(name, run.entered_at, turn.clock_at))
    if len(past) > JOURNEYS_PAST_MAX:
        past.remove(min(past, key=lambda one: (one.left_at, one.journey_id)))
    turn.past_journeys = tuple(past)
