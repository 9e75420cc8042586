"""What is doubtful in a journey that is sound."""

from collections.abc import Iterator

from loyalty.engagement.rules import Announcement
from loyalty.journeys.journey import ALWAYS_AGAIN, Journey
from loyalty.journeys.steps import ORDER, Branch, Give, Send, Wait, WaitFor
from loyalty.limits import JOURNEY_RUNS_MAX
from loyalty.messages import MARKETING
from loyalty.program import Program
from loyalty.publishing.catalogue import ANYTHING, Catalogue, unknown_among
from loyalty.publishing.findings import WARNING, Finding
from loyalty.publishing.message_findings import message_findings


def journey_findings(
    program: Program, journey_id: str, *, catalogue: Catalogue = ANYTHING
) -> Iterator[Finding]:
    """Points without a bound, messages in a crowd, nothing that ends it."""
    journey = program.journey_by_id.get(journey_id)
    if journey is None:
        return
    yield from _bounds(journey)
    yield from _pauses(journey)
    for where, names in _segments(journey):
        yield from unknown_among(names, catalogue.segments, where)
    for number, step in enumerate(journey.steps):
        if isinstance(step, Send):
            message = _message_of(step, program)
            yield from message_findings(program, message, f"/steps/{number}")
    speaks = any(isinstance(step, Send) for step in journey.steps)
    is_marketing = any(
        program.purpose_of(step.template_id) == MARKETING
        for step in journey.steps
        if isinstance(step, Send)
    )
    waits = any(isinstance(step, Wait | WaitFor) for step in journey.steps)
    if speaks and is_marketing and waits and not journey.exits:
        detail = "nothing leads out: it speaks on, whatever the member does meanwhile"
        yield Finding("no-exit", WARNING, "/rule/exits", detail)
    if len(program.journeys) > JOURNEY_RUNS_MAX:
        detail = f"a member is in at most {JOURNEY_RUNS_MAX} journeys at once"
        yield Finding("many-journeys", WARNING, "/rule", detail)


def _segments(journey: Journey) -> Iterator[tuple[str, frozenset[str]]]:
    """Names of segments by their place."""
    occasions = [("entry", journey.entry)]
    occasions += [(f"exits/{n}", one) for n, one in enumerate(journey.exits)]
    for number, step in enumerate(journey.steps):
        if isinstance(step, WaitFor):
            ways = enumerate(step.ways)
            occasions += [(f"steps/{number}/for/{n}", one.occasion) for n, one in ways]
    for where, one in occasions:
        yield f"{where}/joins", one.joins
        yield f"{where}/leaves", one.leaves
    for number, step in enumerate(journey.steps):
        if isinstance(step, Branch):
            for n, fork in enumerate(step.forks):
                yield f"steps/{number}/branches/{n}/if/segments", fork.test.segments


def _message_of(step: Send, program: Program) -> Announcement:
    """A step as the message that it sends: without channels, on all that there are."""
    channels = step.channels or program.template_by_id[step.template_id].channels
    return Announcement(
        step.template_id,
        channels,
        frequency=step.frequency,
        own_frequency=step.own_frequency,
    )


def _bounds(journey: Journey) -> Iterator[Finding]:
    if journey.reentry != ALWAYS_AGAIN or journey.entry.kind == ORDER:
        return
    for number, step in enumerate(journey.steps):
        # An offer has limits of its own.
        if isinstance(step, Give) and not step.offer_id:
            detail = "nothing limits how often it gives: the journey may always begin"
            yield Finding("no-cap", WARNING, f"/rule/steps/{number}", detail)


def _pauses(journey: Journey) -> Iterator[Finding]:
    """Messages that go out at one moment."""
    for number, step in enumerate(journey.steps):
        following = journey.step(step.next_id) if isinstance(step, Send) else None
        if isinstance(following, Send):
            detail = f"{following.step_id!r} goes out at the same moment"
            yield Finding("two-at-once", WARNING, f"/rule/steps/{number}", detail)
