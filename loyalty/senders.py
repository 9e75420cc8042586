"""
Who sent a member something, and how far each of them is.

What members send to one another has ids that count: the sender, its version, and the
place among what that turn sent. A sender's commands come in that order, so one of a
higher number was never done, however late it is among those of others. That tells in
a pool, where those who fall behind would else be held for repeats.
"""

from hashlib import blake2b
from typing import Final

from loyalty.events import ENGINE, Command
from loyalty.limits import ID_LENGTH_MAX, SENDERS_MAX
from loyalty.links import Merging, Sender

PARTS: Final = 3


def sent_id(member_id: str, version: int, place: int) -> str:
    """Id of what a turn sends: the same in each replay; a long name is a digest."""
    step = f":{version}:{place}"
    if len(member_id) + len(step) <= ID_LENGTH_MAX:
        return member_id + step
    return blake2b(member_id.encode(), digest_size=16).hexdigest() + step


def sender_of(command: Command) -> Sender | None:
    """Who of the members sent a command, as its id says; None for anybody else."""
    parts = command.command_id.rsplit(":", PARTS - 1)
    if command.actor != ENGINE or len(parts) != PARTS:
        return None
    name, version, place = parts
    if not (_is_number(version) and _is_number(place)):
        return None
    digest = blake2b(name.encode(), digest_size=8).digest()
    return Sender(digest, int(version), int(place), command.occurred_at)


def is_further(merging: Merging, sender: Sender) -> bool:
    """Whether a sender is further than it was ever known to be: this is no repeat."""
    for known in merging.senders:
        if known.digest == sender.digest:
            return sender[1:3] > known[1:3]
    # One that was forgotten may have been further, but not later than that.
    return sender.at > merging.senders_horizon_at


def hear(merging: Merging, sender: Sender) -> Merging:
    """Remember how far a sender is; of too many, who was silent for longest goes."""
    others = []
    for known in merging.senders:
        if known.digest != sender.digest:
            others.append(known)
        elif known[1:3] > sender[1:3]:
            return merging
    senders = sorted((*others, sender), key=lambda one: (one.at, one.digest))
    horizon_at = merging.senders_horizon_at
    if len(senders) > SENDERS_MAX:
        horizon_at = max(horizon_at, senders.pop(0).at)
    return merging._replace(senders=tuple(senders), senders_horizon_at=horizon_at)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
