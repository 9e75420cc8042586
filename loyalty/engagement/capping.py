"""Caps on messages: which of them hold one back and until when, and what counts."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from loyalty.engagement.memory import Memory
from loyalty.engagement.remembered import Sent
from loyalty.engagement.rules import EXEMPT, HELD, EngagementPolicy
from loyalty.frequency import ROLLING, FrequencyCap, may_send
from loyalty.limits import CAP_DAYS_MAX, DAY_MS, SENT_MAX
from loyalty.periods import period_end, period_of
from loyalty.zones import Zone

# A calendar month, and a day for zones.
REACH_MS: Final = (CAP_DAYS_MAX + 1) * DAY_MS


class Outgoing(NamedTuple):
    """
    A message as caps see it: on which channel, of which purpose, and whose it is.

    `sender` is a trigger, or a step of a journey; `frequency` says how the caps on
    all messages apply, and `own` is the sender's.
    """

    sender: str
    channel: str
    purpose: str
    frequency: str = HELD
    own: FrequencyCap | None = None


class _Counted(NamedTuple):
    """A cap, and the times of what counts for it."""

    cap: FrequencyCap
    times: tuple[int, ...]


def uncapped_at(
    memory: Memory,
    policy: EngagementPolicy,
    at: int,
    *,
    message: Outgoing,
    zone: Zone,
) -> int:
    """This time if all caps let a message through then, else when to look again."""
    again_at = at
    # More than can be remembered: as if capped, so that no cap is ever broken.
    if message.frequency == HELD:
        common = tuple(_common(memory, policy, message))
        again_at = _opens_at(common, at, zone=zone)
        of_all = [one.at for one in memory.sent if not one.sender]
        if common and again_at == at and len(of_all) >= SENT_MAX:
            again_at = max(at, of_all[0] + REACH_MS)
    if message.own is not None:
        own = _own(memory, message, message.own)
        own_at = _opens_at((own,), at, zone=zone)
        of_few = [one.at for one in memory.sent if one.sender]
        if own_at == at and len(of_few) >= SENT_MAX:
            own_at = max(at, of_few[0] + REACH_MS)
        again_at = max(again_at, own_at)
    return again_at


def note_sent(
    memory: Memory, policy: EngagementPolicy, at: int, *, message: Outgoing
) -> None:
    """Note a message that goes, for all caps that it counts for."""
    sent, since = Sent(at, message.channel, message.purpose), at - REACH_MS
    if policy.caps and message.frequency != EXEMPT:
        memory.note_sent(sent, since)
    if message.own is not None:
        memory.note_sent(sent._replace(sender=message.sender), since)


def _common(
    memory: Memory, policy: EngagementPolicy, message: Outgoing
) -> Iterator[_Counted]:
    """Caps on all messages that cover one."""
    for one in policy.caps:
        if one.covers(message.channel, message.purpose):
            times = tuple(
                sent.at
                for sent in memory.sent
                if not sent.sender and one.covers(sent.channel, sent.purpose)
            )
            yield _Counted(one.cap, times)


def _own(memory: Memory, message: Outgoing, cap: FrequencyCap) -> _Counted:
    """Cap of a sender on a channel: what goes out on two at once is two messages."""
    key = (message.sender, message.channel)
    times = tuple(sent.at for sent in memory.sent if (sent.sender, sent.channel) == key)
    return _Counted(cap, times)


def _opens_at(caps: tuple[_Counted, ...], at: int, *, zone: Zone) -> int:
    """This time, or the last at which one of the caps that are full opens."""
    again_at = at
    for cap, times in caps:
        if not may_send(cap, times, at, zone=zone):
            again_at = max(again_at, _cap_opens_at(cap, times, at, zone=zone))
    return again_at


def _cap_opens_at(
    cap: FrequencyCap, times: tuple[int, ...], at: int, *, zone: Zone
) -> int:
    """When a cap that is full lets the next one through."""
    if cap.kind == ROLLING:
        since = at - cap.days * DAY_MS
        counted = sorted(time for time in times if since < time <= at)
        return counted[-cap.times] + cap.days * DAY_MS
    return period_end(cap.period, period_of(cap.period, at, zone), zone)
