"""
What is known of a member for messages and offers, when it becomes part of another.

What the survivor takes is noted with the link, so that it can be let go of again: a
merge that is undone at once leaves the survivor as it was.
"""

from collections import Counter
from typing import Final

from loyalty.engagement.hours import COUNT_MAX, HOURS
from loyalty.engagement.memory import Memory, latest_sent
from loyalty.engagement.remembered import Consent, Sent
from loyalty.facts import Parcel
from loyalty.limits import ORDER_TIMES_MAX
from loyalty.links import Brought, Link
from loyalty.parcels import CONSENT, GIVEN, HOUR, OFFER, ORDER_AT, SENT
from loyalty.personal_rules import Given, PersonalOffer
from loyalty.turn import Turn

NO_HOURS: Final = bytes(HOURS)


def memory_of(turn: Turn) -> list[Parcel]:
    """Consents, habits, messages that count for caps, and personal offers."""
    memory = Memory(turn.engagement)
    latest = memory.order_ats[-1:]
    return [
        *(
            Parcel(
                CONSENT,
                int(one.given),
                rule_id=one.channel,
                order_id=one.purpose,
                line_id=one.source,
                reference=one.text_version,
                earned_at=one.at,
            )
            for one in memory.consents
        ),
        *(
            Parcel(HOUR, count, number=hour)
            for hour, count in enumerate(memory.habit)
            if count
        ),
        *(
            Parcel(
                ORDER_AT,
                1,
                earned_at=at,
                reference=memory.store_id if (at,) == latest else "",
            )
            for at in memory.order_ats
        ),
        *(
            Parcel(
                SENT,
                1,
                rule_id=one.channel,
                order_id=one.sender,
                reference=one.purpose,
                earned_at=one.at,
            )
            for one in memory.sent
        ),
        *(_of_offer(one) for one in turn.personal if not one.waits),
        *(
            Parcel(
                GIVEN,
                one.times,
                rule_id=one.offer_id,
                earned_at=one.last_at,
                usable_at=one.refused_at,
            )
            for one in turn.given
        ),
    ]


def leave_memory(turn: Turn) -> None:
    """Speak no more, and have no offers: both go on with the survivor."""
    memory = Memory(turn.engagement)
    memory.waiting = ()
    turn.engagement = memory.close()
    # What a pool has been asked for is answered to who asked.
    turn.personal = tuple(one for one in turn.personal if one.waits)


def bring(turn: Turn, link: Link, parcels: tuple[Parcel, ...]) -> Link:
    """Take in what is known of another member; return the link that notes it."""
    memory = Memory(turn.engagement)
    brought = link.brought or Brought(own_order_ats=memory.order_ats)
    for parcel in parcels:
        if parcel.what == CONSENT:
            brought = _consent(memory, brought, parcel)
        elif parcel.what == HOUR:
            memory.habit = _added(memory.habit, parcel.number, parcel.points)
            hours = _added(brought.hours, parcel.number, parcel.points)
            brought = brought._replace(hours=hours)
        elif parcel.what == ORDER_AT:
            memory.note_order(parcel.earned_at, parcel.reference or memory.store_id)
            times = (*brought.order_ats, parcel.earned_at)
            brought = brought._replace(order_ats=times)
        elif parcel.what == SENT:
            sent = Sent(
                parcel.earned_at, parcel.rule_id, parcel.reference, parcel.order_id
            )
            memory.sent = latest_sent(tuple(sorted((*memory.sent, sent))))
            brought = brought._replace(sent=(*brought.sent, sent))
        elif parcel.what == OFFER:
            brought = _offer(turn, brought, parcel)
        elif parcel.what == GIVEN:
            brought = _given(turn, brought, parcel)
    turn.engagement = memory.close()
    return link._replace(brought=brought)


def take_back(turn: Turn, parcels: tuple[Parcel, ...]) -> None:
    """Have one's offers again that the survivor has not used."""
    for parcel in parcels:
        if parcel.what == OFFER and parcel.expires_at > turn.clock_at:
            turn.personal = (*turn.personal, _offer_of(parcel))


def let_go(turn: Turn, link: Link) -> list[Parcel]:
    """Forget what came with a member; return the offers that go back to it."""
    brought = link.brought
    if brought is None:
        return []
    memory = Memory(turn.engagement)
    replaced = {(one.channel, one.purpose): one for one in brought.replaced}
    for came in brought.consents:
        if came in memory.consents:
            others = [one for one in memory.consents if one != came]
            before = replaced.get((came.channel, came.purpose))
            memory.consents = tuple(sorted([*others, *([before] if before else [])]))
    memory.habit = _without(memory.habit, brought.hours)
    memory.order_ats = _own_orders(memory.order_ats, brought)
    rest = Counter(memory.sent) - Counter(brought.sent)
    memory.sent = tuple(sorted(rest.elements()))
    turn.engagement = memory.close()
    back = [one for one in turn.personal if one in brought.offers]
    turn.personal = tuple(one for one in turn.personal if one not in back)
    times = {one.offer_id: one.times for one in brought.given}
    left = [
        one._replace(times=one.times - times.get(one.offer_id, 0)) for one in turn.given
    ]
    turn.given = tuple(
        one
        for one in left
        if one.times > 0 or (one.refused_at and one.offer_id not in times)
    )
    return [_of_offer(one) for one in (*back, *brought.spare)]


def _consent(memory: Memory, brought: Brought, parcel: Parcel) -> Brought:
    """The latest word counts; of two at one time the refusal."""
    came = Consent(
        parcel.rule_id,
        parcel.order_id,
        bool(parcel.points),
        parcel.earned_at,
        parcel.line_id,
        parcel.reference,
    )
    known = [
        one
        for one in memory.consents
        if (one.channel, one.purpose) == (came.channel, came.purpose)
    ]
    if known and (came.at, not came.given) <= (known[0].at, not known[0].given):
        return brought
    others = [one for one in memory.consents if one not in known]
    memory.consents = tuple(sorted((*others, came)))
    return brought._replace(
        consents=(*brought.consents, came), replaced=(*brought.replaced, *known)
    )


def _offer(turn: Turn, brought: Brought, parcel: Parcel) -> Brought:
    """One of a kind is held at a time: the survivor's own, if it has one."""
    came = _offer_of(parcel)
    if any(one.offer_id == came.offer_id for one in turn.personal):
        return brought._replace(spare=(*brought.spare, came))
    turn.personal = (*turn.personal, came)
    return brought._replace(offers=(*brought.offers, came))


def _given(turn: Turn, brought: Brought, parcel: Parcel) -> Brought:
    """How often both had an offer adds up."""
    came = Given(parcel.rule_id, parcel.points, parcel.earned_at, parcel.usable_at)
    known = next((one for one in turn.given if one.offer_id == came.offer_id), None)
    both = came
    if known is not None:
        last_at = max(known.last_at, came.last_at)
        refused_at = max(known.refused_at, came.refused_at)
        both = Given(came.offer_id, known.times + came.times, last_at, refused_at)
    others = [one for one in turn.given if one.offer_id != came.offer_id]
    turn.given = (*others, both)
    return brought._replace(given=(*brought.given, came))


def _added(habit: bytes, hour: int, count: int) -> bytes:
    """Habit with more orders in an hour; all are halved (down) when one is full."""
    counts = list(habit or NO_HOURS)
    counts[hour] += count
    while max(counts) > COUNT_MAX:
        counts = [one // 2 for one in counts]
    return bytes(counts)


def _without(habit: bytes, came: bytes) -> bytes:
    """Habit without what came; what was halved meanwhile is never below 0."""
    if not came or not habit:
        return habit
    left = bytes(max(one - other, 0) for one, other in zip(habit, came, strict=True))
    return left if any(left) else b""


def _own_orders(times: tuple[int, ...], brought: Brought) -> tuple[int, ...]:
    """Times of the survivor's own latest orders, those from before the merge too."""
    since = Counter(times) - Counter(brought.order_ats) - Counter(brought.own_order_ats)
    own = sorted((*brought.own_order_ats, *since.elements()))
    return tuple(own[-ORDER_TIMES_MAX:])


def _of_offer(offer: PersonalOffer) -> Parcel:
    return Parcel(
        OFFER,
        1,
        rule_id=offer.offer_id,
        earned_at=offer.granted_at,
        expires_at=offer.expires_at,
        number=offer.number,
        reference=offer.pool_id,
    )


def _offer_of(parcel: Parcel) -> PersonalOffer:
    return PersonalOffer(
        parcel.rule_id,
        parcel.earned_at,
        parcel.expires_at,
        parcel.number,
        parcel.reference,
    )
