"""What each kind of step does, from one that is begun to one that waits."""

from typing import NamedTuple

from loyalty.anniversaries import delay_until
from loyalty.conditions import MEMBER
from loyalty.decision import Happening
from loyalty.events import InvalidEvent
from loyalty.facts import ActFact
from loyalty.holdout import bucket_of
from loyalty.journeys.journey import (
    ANY,
    NO_MINUTE,
    Branch,
    Delay,
    Give,
    Journey,
    JourneyStep,
    Leave,
    Send,
    Split,
    Test,
    Wait,
    WaitFor,
)
from loyalty.limits import (
    DAY_MS,
    JOURNEY_CHOICES_MAX,
    JOURNEY_STEPS_MAX,
    JOURNEY_TAKEN_MAX,
)
from loyalty.member import JourneyRun, balance_of
from loyalty.messages import Message, MessageValue
from loyalty.program import Program
from loyalty.turn import Turn
from loyalty.zones import Zone, local_day, utc_ms

MINUTE_MS = 60_000


class Course(NamedTuple):
    """What a run follows: a journey, of a program."""

    journey: Journey
    program: Program


def due_after(delay: Delay, at: int, *, zone: Zone) -> int:
    """When a delay is over that begins at a time; always later than it."""
    if delay.at_minute == NO_MINUTE:
        return at + delay.days * DAY_MS + delay.ms
    due_at = delay_until(at, days=delay.days, at_minute=delay.at_minute, zone=zone)
    if due_at > at:
        return due_at
    # That minute of today is over, or now: the next one is tomorrow's.
    local = (local_day(zone, at) + 1) * DAY_MS + delay.at_minute * MINUTE_MS
    return max(utc_ms(zone, local), at + 1)


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
            tell(turn, run, "#finished", why)
            return None
        if run.taken >= JOURNEY_TAKEN_MAX:
            tell(turn, run, "#exited", f"after {JOURNEY_TAKEN_MAX} steps, the most")
            return None
        run = run._replace(taken=run.taken + 1)
        if isinstance(step, Wait | WaitFor):
            zone = _zone(turn, step.delay, course.program)
            due_at = due_after(step.delay, at, zone=zone)
            tell(turn, run, f"/{step.step_id}", f"{why}: waits until {due_at}")
            return run._replace(since_at=at, due_at=due_at)
        if isinstance(step, Leave):
            tell(turn, run, f"/{step.step_id}", why)
            tell(turn, run, "#exited", step.reason or f"at {step.step_id}")
            return None
        next_id, does = _do(turn, run, step, at=at, course=course)
        tell(turn, run, f"/{step.step_id}", f"{why}: {does}")
        why = f"after {step.step_id}"
        if isinstance(step, Branch | Split):
            choices = (*run.choices, f"{step.step_id}:{next_id}")
            run = run._replace(choices=choices[-JOURNEY_CHOICES_MAX:])
        run = run._replace(step_id=next_id, since_at=at, due_at=0)
    raise AssertionError("a circle without a wait is refused on reading")


def tell(turn: Turn, run: JourneyRun, what: str, why: str) -> None:
    """Say what happened to a run: a step (/id), or how it began or ended (#word)."""
    told = Happening("journey", f"{run.journey_id}{what}", why)
    turn.happenings.append(told)


def _do(
    turn: Turn, run: JourneyRun, step: JourneyStep, *, at: int, course: Course
) -> tuple[str, str]:
    """Do what a step does that does not wait: where it leads to, and why."""
    if isinstance(step, Branch):
        return _fork(turn, run, step)
    if isinstance(step, Split):
        return _share(turn, run, step)
    if isinstance(step, Give):
        return step.next_id, _give(turn, run, step, at=at, course=course)
    assert isinstance(step, Send), "all other kinds are taken elsewhere"
    messages = messages_of(turn, run, step, at=at, course=course)
    turn.messages += messages
    if not messages:
        return step.next_id, "not sent: its time was over"
    channels = ", ".join(one.channel for one in messages)
    return step.next_id, f"{step.template_id} by {channels}"


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
    values = tuple(MessageValue(*pair) for pair in _values(turn, run, step, course))
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
    turn: Turn, run: JourneyRun, step: Send, course: Course
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


def _give(turn: Turn, run: JourneyRun, step: Give, *, at: int, course: Course) -> str:
    given_at = turn.latest_at(at)
    turn.clock_at = max(turn.clock_at, given_at)
    fact = ActFact(
        given_at,
        f"{run.journey_id}/{run.entered_at}/{run.taken}",
        "journey",
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


def _fork(turn: Turn, run: JourneyRun, step: Branch) -> tuple[str, str]:
    for number, fork in enumerate(step.forks):
        if passes(fork.test, turn, run):
            return fork.next_id, f"branch {number + 1}"
    return step.next_id, "no branch"


def passes(test: Test, turn: Turn, run: JourneyRun) -> bool:
    """Whether a member is what a test asks for, now and since the run began."""
    state, profile = turn.state, turn.profile
    if test.tiers and state.tier not in test.tiers:
        return False
    if test.segments and test.segments.isdisjoint(profile.segments):
        return False
    if test.zones and profile.time_zone not in test.zones:
        return False
    if test.seen and test.seen.isdisjoint(run.seen):
        return False
    if test.ordered != ANY and bool(test.ordered) != (run.orders > 0):
        return False
    if not _within(state.order_count, test.orders_min, test.orders_max):
        return False
    if test.balance_min == ANY and test.balance_max == ANY:
        return True
    balance = balance_of(state.lots, test.wallet)
    return _within(balance, test.balance_min, test.balance_max)


def _within(value: int, least: int, most: int) -> bool:
    return (least == ANY or value >= least) and (most == ANY or value <= most)


def _share(turn: Turn, run: JourneyRun, step: Split) -> tuple[str, str]:
    bucket = bucket_of(turn.member_id, f"{run.journey_id}/{step.step_id}")
    upto = 0
    for share in step.shares:
        upto += share.percent
        if bucket <= upto:
            return share.next_id, f"bucket {bucket} of 100"
    raise AssertionError("shares come to 100")


def _zone(turn: Turn, delay: Delay, program: Program) -> Zone:
    if delay.clock == MEMBER:
        return program.zones.get(turn.profile.time_zone, program.zone)
    return program.zone
