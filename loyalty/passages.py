"""What a turn sends to other members in merges, as commands with numbers."""

from typing import Final

from loyalty.events import Command
from loyalty.facts import Parcel
from loyalty.limits import ID_LENGTH_MAX
from loyalty.parcels import pack
from loyalty.peers import note_sent, numbered
from loyalty.turn import Turn

# Commands of members to members; nobody outside may send one.
RESERVED_TYPES: Final = "merge."
TAKE: Final = "merge.take"
RECEIVE: Final = "points.receive"
# In the result of a step: the command of which it is the answer.
ANSWERS: Final = "answers"


def outgoing(turn: Turn) -> tuple[Command, ...]:
    """All that goes to other members: commands, what merges move, and credits."""
    if turn.sent or turn.closing is not None:
        _send_parcels(turn)
    for credit in turn.credits:
        if credit.points:
            reward = {"reward": True} if credit.is_reward else {}
            turn.send(
                credit.target_id,
                RECEIVE,
                points=credit.points,
                wallet=credit.wallet,
                source=credit.key[:ID_LENGTH_MAX],
                **reward,
            )
    if not turn.outbox:
        return ()
    return tuple([_numbered(turn, one) for one in turn.outbox])


def _numbered(turn: Turn, command: Command) -> Command:
    """Command with its number; merges have numbers of their own."""
    if command.type.startswith(RESERVED_TYPES):
        return command
    command = numbered(turn.merging, turn.member_id, command)
    turn.merging = note_sent(turn.merging, command)
    return command


def _send_parcels(turn: Turn) -> None:
    """Send what goes to others: each commands' number is one more than the last."""
    passages: dict[tuple[str, str, bool], list[Parcel]] = {}
    merging = turn.merging
    if turn.closing is not None:
        passages[merging.into, merging.merge_id, False] = []
    for target, passage, parcel, is_back in turn.sent:
        passages.setdefault((target, passage, is_back), []).append(parcel)
    for (target, passage, is_back), parcels in sorted(passages.items()):
        is_first = turn.closing is not None and passage == merging.merge_id
        bundles = pack([*parcels, *(turn.closing or ())] if is_first else parcels)
        link = turn.merging.link(target)
        for number, bundle in enumerate(bundles, 1):
            head: dict[str, str | int] = {
                "from": turn.member_id,
                "merge_id": passage,
                "sequence": link.sent + number,
                "over": not is_back,
                "last": is_first and number == len(bundles),
            }
            turn.send(target, TAKE, **head, **bundle)
        link = link._replace(sent=link.sent + len(bundles))
        turn.merging = turn.merging.with_link(link)
