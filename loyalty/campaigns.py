"""Campaigns: acts of the chain itself, once to each of many members; rules listen."""

from hashlib import blake2b
from typing import Final

from loyalty.engagement.rules import ACTIVITY, Trigger
from loyalty.events import ActivityEvent
from loyalty.program import Program

# Acts that begin so are the chain's: nobody outside sends them, and no member did them.
PREFIX: Final = "campaign."
# The act of which nothing is said: the engine looks at the member, that is all.
WAKE: Final = "campaign.wake"
DIGEST_BYTES: Final = 16


def is_of_campaign(activity_type: str) -> bool:
    """Whether an act is the chain's own, and none of the member."""
    return activity_type.startswith(PREFIX)


def listeners(program: Program) -> tuple[Trigger, ...]:
    """Triggers of a program that a campaign can set going, by id."""
    found = [one for one in program.triggers if listens(one)]
    return tuple(sorted(found, key=lambda one: one.trigger_id))


def listens(trigger: Trigger) -> bool:
    """Whether a trigger waits for the act of a campaign."""
    name = trigger.first.type
    return trigger.kind == ACTIVITY and is_of_campaign(name) and name != WAKE


def campaign_act(
    campaign_id: str, activity_type: str, member_id: str, *, at: int
) -> ActivityEvent:
    """
    What a campaign sends to a member at a time, ms.

    A member has one event id in a campaign, whoever sends it and however often: the
    engine drops the repeats.
    """
    digest = blake2b(digest_size=DIGEST_BYTES)
    for part in (campaign_id, member_id):
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    return ActivityEvent(
        f"campaign-{digest.hexdigest()}",
        member_id,
        activity_type,
        at,
        None,
        None,
        {"campaign": campaign_id},
    )
