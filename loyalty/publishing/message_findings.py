"""What is doubtful in how caps apply to a message."""

from collections.abc import Iterator

from loyalty.engagement.rules import HELD, Announcement
from loyalty.frequency import FrequencyCap
from loyalty.messages import MARKETING
from loyalty.program import Program
from loyalty.publishing.findings import Finding, warning


def message_findings(
    program: Program, message: Announcement, pointer: str
) -> Iterator[Finding]:
    """Marketing that passes caps, and a cap of its own that never holds."""
    purpose = program.purpose_of(message.template_id)
    capped = [_caps_on(program, channel, purpose) for channel in message.channels]
    if message.frequency != HELD:
        if purpose == MARKETING and any(capped):
            detail = "is marketing, and goes however many messages went before"
            yield warning("passes-caps", f"{pointer}/frequency", detail)
    elif message.own_frequency is not None and capped:
        own = message.own_frequency
        if all(any(_is_tighter(one, own) for one in caps) for caps in capped):
            detail = "never holds: a cap on all messages is as tight"
            yield warning("idle-cap", f"{pointer}/own_frequency", detail)


def _caps_on(program: Program, channel: str, purpose: str) -> list[FrequencyCap]:
    caps = program.engagement.caps
    return [one.cap for one in caps if one.covers(channel, purpose)]


def _is_tighter(one: FrequencyCap, other: FrequencyCap) -> bool:
    """Whether a cap lets through no more than another one, over the same time."""
    return one.times <= other.times and one._replace(times=0) == other._replace(times=0)
