"""What a run follows when programs change: as it was, anew, or no longer."""

from loyalty.journeys.journey import EXIT, KEEP
from loyalty.journeys.remembered import JourneyRun
from loyalty.journeys.runs import Course, leave, leave_early, put, tell
from loyalty.journeys.taking import take_steps
from loyalty.turn import Turn


def course_of(turn: Turn, run: JourneyRun, at: int) -> Course | None:
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
        put(turn, run._replace(version=current.version, follows_at=at))
        return Course(journey, current)
    policy = EXIT if followed is None else followed.on_change
    if journey is not None:
        policy = journey.on_change
    if policy == KEEP and followed is not None:
        return Course(followed, entered)
    if journey is None or policy == EXIT:
        word = "no longer there" if journey is None else "another one now"
        leave_early(turn, run, at, why=f"the journey is {word}")
        return None
    tell(turn, run, "#restarted", why="the journey is another one now")
    run = run._replace(
        version=current.version,
        follows_at=at,
        step_id=journey.steps[0].step_id,
        since_at=at,
    )
    # Begun anew at once: what had been waited for is no longer.
    go(turn, run, at, course=Course(journey, current), why="begun anew")
    return None


def go(turn: Turn, run: JourneyRun, at: int, *, course: Course, why: str) -> None:
    """Take a run on from its step, and note where it is then."""
    there = take_steps(turn, run, at, course=course, why=why)
    if there is None:
        leave(turn, run, at)
    else:
        put(turn, there)
