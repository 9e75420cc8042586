"""
Commands that make two members one, and two again; each step is one member's.

`member.merge` goes to the member who stays. It asks the other one to close
(`merge.close`), and that one hands all it has over (`merge.take`), or says why
it will not (`merge.refused`). `member.unmerge` hands back what is still there
(`merge.reopen`, `merge.take`). Whoever dies between two steps, the next one is
in the log.
"""

from typing import Final

from loyalty.accounts import is_account
from loyalty.asked import Asked, Refused
from loyalty.bringing import bring, leave_memory, memory_of, take_back
from loyalty.facts import (
    HAND_OVER,
    REGAIN,
    TAKE_OVER,
    ActFact,
    Parcel,
)
from loyalty.guests import games_of
from loyalty.limits import MERGE_CHAIN_MAX, MERGES_MAX, ORDERS_LINKED_MAX
from loyalty.parcels import KEPT_ORDER, MEMORY, unpack
from loyalty.passages import ANSWERS
from loyalty.stock import WAITS_FOR

CLOSE: Final = "merge.close"
REFUSED: Final = "merge.refused"
MERGED: Final = "member-merged"
# What no book keeps.
BESIDE_THE_BOOK: Final = MEMORY | {KEPT_ORDER}


def merge(asked: Asked) -> str:
    """Ask another member to become part of this one; its answer answers this."""
    turn, source = asked.turn, asked.text("from")
    merging = turn.merging
    if not source or source == asked.command.member_id or is_account(source):
        raise Refused("command-invalid", "from must name another member")
    reason = asked.text("reason", "")
    if merging.erased_at:
        raise Refused("member-erased", "a member who was forgotten takes nobody in")
    if merging.asked:
        raise Refused("merge-in-progress", f"{merging.asked} is about to come")
    if merging.link(source).merged_at:
        raise Refused("already-merged", f"{source} is part of this member")
    _check_links(asked, source)
    asked.advance()
    merge_id = asked.command.command_id
    turn.merging = merging._replace(asked=source, asked_id=merge_id)
    turn.send(source, CLOSE, into=turn.member_id, merge_id=merge_id)
    turn.result[WAITS_FOR] = source
    return f"asked {source} to come" + (f": {reason}" if reason else "")


def close(asked: Asked) -> str:
    """Hand everything over to another member, and be a pointer to it from now on."""
    turn, into = asked.turn, asked.text("into")
    merge_id = asked.text("merge_id")
    asked.advance()
    refusal = _refusal_to_close(asked, into)
    if refusal is not None:
        reason, detail = refusal
        turn.send(into, REFUSED, merge_id=merge_id, reason=reason, detail=detail)
        return f"not merged: {detail}"
    turn.closing = [
        *games_of(turn.state),
        *memory_of(turn),
        *(_kept(order_id) for order_id in _orders(asked, into)),
    ]
    leave_memory(turn)
    turn.gift_at, turn.journeys = 0, ()
    turn.merging = turn.merging._replace(into=into, merge_id=merge_id)
    asked.add(HAND_OVER, target=into, rule_id=merge_id)
    return f"merged into {into}"


def take(asked: Asked) -> str:
    """Take what another member hands over, or hands back, into the right moment."""
    turn, giver = asked.turn, asked.text("from")
    merge_id, is_over = asked.text("merge_id"), asked.flag("over")
    parcels = unpack(asked.command.attributes)
    link = turn.merging.link(giver)
    received = asked.number("sequence", minimum=1, maximum=2**62)
    link = link._replace(received=received)
    kind = TAKE_OVER if is_over else REGAIN
    fact = asked.fact(
        kind,
        target=giver,
        rule_id=merge_id,
        parcels=tuple(one for one in parcels if one.what not in BESIDE_THE_BOOK),
    )
    fact = _behind_the_first(asked, fact, received)
    if fact.parcels:
        turn.clock_at = max(turn.clock_at, fact.at)
        turn.pass_time(turn.clock_at)
        turn.add_act(fact, is_return=any(one.points < 0 for one in fact.parcels))
    if is_over and link.merge_id != merge_id:
        link = link._replace(merge_id=merge_id, merged_at=asked.at)
    if is_over:
        link = bring(turn, link, parcels)
    else:
        take_back(turn, parcels)
    kept = [one.reference for one in parcels if one.what == KEPT_ORDER]
    if kept:
        link = link.keeping(kept)
    turn.merging = turn.merging.with_link(link)
    if asked.flag("last") and turn.merging.asked_id == merge_id:
        _answer(asked, merge_id)
        turn.result |= {"merge_id": merge_id, "from_member_id": giver}
    first = asked.program.wallet_id
    points = sum(one.points for one in turn.movements if one.wallet == first)
    return f"{points} points with {giver}" if is_over else f"{points} from {giver}"


def refused(asked: Asked) -> str:
    """Note that the other member does not come, and why."""
    turn, merge_id = asked.turn, asked.text("merge_id")
    if turn.merging.asked_id != merge_id:
        return "an answer to nobody"
    _answer(asked, merge_id)
    detail = asked.text("detail", "")
    turn.refusal = asked.text("reason")
    turn.result["detail"] = detail
    return f"refused: {detail}"


def _refusal_to_close(asked: Asked, into: str) -> tuple[str, str] | None:
    turn = asked.turn
    merging, source = turn.merging, turn.member_id
    if not turn.member.version:
        return "member-unknown", f"there is no member {source[:64]!r}"
    if merging.into:
        return MERGED, f"{source[:64]} is part of {merging.into[:32]}"
    if merging.erased_at:
        return "member-erased", f"{source[:64]} was forgotten"
    if merging.asked:
        return "merge-in-progress", f"{source[:64]} is taking another member in"
    depth = max((len(lot.origin) for lot in turn.state.lots), default=0)
    if depth >= MERGE_CHAIN_MAX:
        return "merge-chain", f"its points came through {depth} members"
    known = {link.member_id for link in merging.links}
    if into not in known and len(known) >= MERGES_MAX:
        return "too-many-merges", f"it had to do with {MERGES_MAX} others"
    return None


def _check_links(asked: Asked, source: str) -> None:
    known = {link.member_id for link in asked.turn.merging.links}
    if source not in known and len(known) >= MERGES_MAX:
        raise Refused("too-many-merges", f"it had to do with {MERGES_MAX} others")


def _orders(asked: Asked, into: str) -> list[str]:
    """Orders whose books stay here, or with those who came before; the newest last."""
    turn = asked.turn
    others = [link for link in turn.merging.links if link.member_id != into]
    orders = [one for link in others for one in link.orders]
    orders += [order.order_id for order in turn.orders]
    return orders[-ORDERS_LINKED_MAX:]


def _kept(order_id: str) -> Parcel:
    return Parcel(KEPT_ORDER, 1, reference=order_id)


def _behind_the_first(asked: Asked, fact: ActFact, number: int) -> ActFact:
    """Fact at its place: what corrects a passage belongs right behind its first."""
    passage = (fact.kind, fact.target, fact.rule_id)
    for act in asked.turn.acts:
        is_open = act.at > asked.turn.horizon_at
        if is_open and passage == (act.kind, act.target, act.rule_id):
            # Sorted by time, then by id: nothing comes between the two.
            fact_id = f"{act.fact_id}~{number:09}"
            return fact._replace(at=act.at, fact_id=fact_id)
    return fact


def _answer(asked: Asked, merge_id: str) -> None:
    merging = asked.turn.merging
    asked.turn.merging = merging._replace(asked="", asked_id="")
    asked.turn.result[ANSWERS] = merge_id
