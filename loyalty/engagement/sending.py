"""Whether a message may go now, later, or not at all, and why."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from loyalty.engagement.capping import Outgoing, uncapped_at
from loyalty.engagement.hours import NEVER, next_allowed
from loyalty.engagement.memory import Memory
from loyalty.engagement.remembered import Consent
from loyalty.engagement.rules import EngagementPolicy, Trigger
from loyalty.holdout import bucket_of, is_held_out
from loyalty.messages import SERVICE
from loyalty.view_shapes import ConsentView
from loyalty.zones import Zone

# Why something is not sent: stable words that analysts count by.
CAPPED: Final = "capped"
QUIET: Final = "quiet"
HELD_OUT: Final = "held-out"
NO_CONSENT: Final = "no-consent"
EXPIRED: Final = "expired"
HABIT: Final = "habit"
UNTRUE: Final = "untrue"
NO_ROOM: Final = "no-room"
RULE_GONE: Final = "rule-gone"
LOOKS_MAX: Final = 16


class Verdict(NamedTuple):
    """When a message may go (now, later, or NEVER), and what keeps it until then."""

    at: int
    held_for: str = ""


def may_speak(
    memory: Memory, policy: EngagementPolicy, channel: str, *, purpose: str
) -> bool:
    """Whether a member has agreed to messages of a purpose on a channel."""
    return has_agreed(memory.consents, policy, channel, purpose=purpose)


def has_agreed(
    consents: Sequence[Consent | ConsentView],
    policy: EngagementPolicy,
    channel: str,
    *,
    purpose: str,
) -> bool:
    """Whether what somebody said last allows messages of a purpose on a channel."""
    if purpose == SERVICE:
        return True
    for consent in consents:
        if consent.channel == channel and consent.purpose == purpose:
            return consent.given
    return channel in policy.assumed


def held_out(trigger: Trigger, policy: EngagementPolicy, member_id: str) -> bool:
    """Whether a member is in the program's holdout, or in the trigger's own."""
    if policy.holdout_percent and is_held_out(
        bucket_of(member_id), policy.holdout_percent
    ):
        return True
    percent = trigger.holdout_percent
    if not percent:
        return False
    return is_held_out(bucket_of(member_id, trigger.trigger_id), percent)


def verdict_of(
    memory: Memory,
    policy: EngagementPolicy,
    at: int,
    *,
    message: Outgoing,
    zone: Zone,
) -> Verdict:
    """First time at which neither an hour nor a cap keeps a message."""
    held_for = ""
    coming = at
    for _ in range(LOOKS_MAX):
        allowed_at = next_allowed(policy, coming, zone)
        if allowed_at == NEVER:
            return Verdict(NEVER, QUIET)
        if allowed_at > coming:
            held_for = held_for or QUIET
        coming = uncapped_at(memory, policy, allowed_at, message=message, zone=zone)
        if coming == allowed_at:
            return Verdict(coming, held_for)
        held_for = CAPPED
    return Verdict(NEVER, CAPPED)
