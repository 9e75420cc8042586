"""Commands that let two members who were merged be two again."""

from typing import Final

from loyalty.asked import Asked, Refused
from loyalty.bringing import let_go
from loyalty.decision import UNMERGE
from loyalty.facts import HAND_BACK, REOPEN
from loyalty.limits import DAY_MS
from loyalty.links import Link
from loyalty.movements import Sent
from loyalty.program import Program

REOPENED: Final = "merge.reopen"


def unmerge(asked: Asked) -> str:
    """Let a member be itself again, with what is still there of what it brought."""
    turn, source = asked.turn, asked.text("from")
    reason = asked.text("reason", "")
    link = turn.merging.link(source)
    if not link.merged_at:
        raise Refused("not-merged", f"{source[:64]!r} is not part of this member")
    if asked.at > parted_until(link, asked.program):
        days = asked.program.unmerge_days
        raise Refused("unmerge-too-late", f"it was merged more than {days} days ago")
    asked.advance()
    sequence = link.sent + 1
    offers = let_go(turn, link)
    link = link._replace(merged_at=0, sent=sequence, brought=None)
    turn.merging = turn.merging.with_link(link)
    head: dict[str, str | int] = {"from": turn.member_id, "sequence": sequence}
    turn.send(source, REOPENED, merge_id=link.merge_id, **head)
    asked.add(HAND_BACK, target=source, rule_id=link.merge_id)
    turn.sent += [Sent(source, link.merge_id, one, is_back=True) for one in offers]
    first = asked.program.wallet_id
    moved = [one for one in turn.movements if one.wallet == first]
    back = -sum(one.points for one in moved if one.kind == UNMERGE)
    turn.result |= {
        "points": back,
        "merge_id": link.merge_id,
        "from_member_id": source,
    }
    told = f": {reason}" if reason else ""
    return f"{source} is itself again, {back} points go back{told}"


def parted_until(link: Link, program: Program) -> int:
    """Until when a merge can be undone, in ms since 1970."""
    return link.merged_at + program.unmerge_days * DAY_MS


def reopened(asked: Asked) -> str:
    """Be oneself again; what comes back follows."""
    turn, survivor = asked.turn, asked.text("from")
    link = turn.merging.link(survivor)
    received = asked.number("sequence", minimum=1, maximum=2**62)
    turn.merging = turn.merging.with_link(link._replace(received=received))
    turn.merging = turn.merging._replace(into="")
    asked.add(REOPEN)
    return f"no longer part of {survivor}"
