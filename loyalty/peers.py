"""
How far two members are with what one of them sends to the other.

Each command of that kind has a number: one more than the last from the same sender to
the same target, in whatever order its orders are read. A target hears them in that
order. So one of a higher number was never done, however late it is among those of
others: in a pool, those who fall behind would else be held for repeats.
"""

from hashlib import blake2b
from typing import Final

from loyalty.events import ENGINE, Attribute, Command
from loyalty.limits import ID_LENGTH_MAX, PEERS_MAX
from loyalty.links import Merging, Peer

FROM: Final = "from"
SEQUENCE: Final = "sequence"
SEQUENCE_MAX: Final = 2**62
NOBODY: Final = Peer(b"", 0, 0)


def numbered(merging: Merging, sender_id: str, command: Command) -> Command:
    """Command to another member, with who sends it and its number, for those it had."""
    number = _find(merging.sent, _digest(command.member_id)).number + 1
    head: dict[str, Attribute] = {FROM: sender_id, SEQUENCE: number}
    return command._replace(attributes={**command.attributes, **head})


def note_sent(merging: Merging, command: Command) -> Merging:
    """Remember the number of what is sent."""
    number = command.attributes[SEQUENCE]
    assert isinstance(number, int), "it was numbered"
    peer = Peer(_digest(command.member_id), number, command.occurred_at)
    sent, _ = _with(merging.sent, peer)
    return merging._replace(sent=sent)


def sender_of(command: Command) -> Peer | None:
    """Who of the members sent a command, and its number; None for anybody else."""
    name = command.attributes.get(FROM)
    number = command.attributes.get(SEQUENCE)
    if command.actor != ENGINE or not isinstance(name, str):
        return None
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    if not (0 < len(name) <= ID_LENGTH_MAX and 0 < number < SEQUENCE_MAX):
        return None
    return Peer(_digest(name), number, command.occurred_at)


def is_further(merging: Merging, sender: Peer) -> bool:
    """Whether a sender is further than it was ever known to be: this is no repeat."""
    known = _find(merging.heard, sender.digest)
    if known.number:
        return sender.number > known.number
    # One that was forgotten may have been further, but not later than that.
    return sender.at > merging.heard_horizon_at


def hear(merging: Merging, sender: Peer) -> Merging:
    """Remember how far a sender is."""
    if _find(merging.heard, sender.digest).number > sender.number:
        return merging
    heard, forgotten_at = _with(merging.heard, sender)
    horizon_at = max(merging.heard_horizon_at, forgotten_at)
    return merging._replace(heard=heard, heard_horizon_at=horizon_at)


def _digest(member_id: str) -> bytes:
    return blake2b(member_id.encode(), digest_size=8).digest()


def _find(peers: tuple[Peer, ...], digest: bytes) -> Peer:
    for peer in peers:
        if peer.digest == digest:
            return peer
    return NOBODY


def _with(peers: tuple[Peer, ...], peer: Peer) -> tuple[tuple[Peer, ...], int]:
    """Peers with one in its place, and the time of who goes: silent for longest."""
    others = [one for one in peers if one.digest != peer.digest]
    kept = sorted((*others, peer), key=lambda one: (one.at, one.digest))
    forgotten_at = kept.pop(0).at if len(kept) > PEERS_MAX else 0
    return tuple(kept), forgotten_at
