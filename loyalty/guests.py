"""Progress that comes with a merged member: what adds up, and what goes back."""

from loyalty.book import Book
from loyalty.caps import put
from loyalty.facts import Parcel
from loyalty.limits import GAMES_MAX
from loyalty.links import Guest
from loyalty.member import Badge, Challenge, Counter, State, Streak
from loyalty.parcels import BADGE, CHALLENGE, COUNTER, ORDERS, STREAK
from loyalty.tiers import count_in_bucket

Days = tuple[tuple[int, int], ...]


def games_of(state: State) -> list[Parcel]:
    """Badges, streaks, challenges and used caps, as they stand."""
    return [
        *(Parcel(BADGE, one.earned_at, rule_id=one.badge) for one in state.badges),
        *(
            Parcel(
                STREAK,
                one.length,
                rule_id=one.rule_id,
                number=one.ordinal,
                usable_at=one.orders,
            )
            for one in state.streaks
        ),
        *(
            Parcel(
                CHALLENGE,
                one.progress,
                rule_id=one.rule_id,
                number=one.ordinal,
                earned_at=one.started_at,
                usable_at=one.completed,
            )
            for one in state.challenges
        ),
        *(
            Parcel(
                COUNTER,
                one.points,
                reference=one.key,
                number=one.ordinal,
                usable_at=one.times,
                earned_at=one.last_at,
            )
            for one in state.counters
        ),
    ]


def take_game(book: Book, parcel: Parcel) -> None:
    """
    Add one thing that another member has played.

    A badge counts once. Of a streak, the later period counts, and of the same
    period the longer one; challenges and used caps of the same period add up.
    """
    if parcel.what == BADGE:
        _badge(book, Badge(parcel.rule_id, parcel.points))
    elif parcel.what == STREAK:
        _streak(book, parcel)
    elif parcel.what == CHALLENGE:
        _challenge(book, parcel)
    elif parcel.what == COUNTER:
        _counter(book, parcel)


def note_progress(book: Book, guest_id: str, parcel: Parcel) -> None:
    """Count orders, or what counts for tiers, and note with whom they came."""
    guest = next((one for one in book.guests if one.member_id == guest_id), None)
    guest = guest or Guest(guest_id)
    if parcel.what == ORDERS:
        book.order_count = max(book.order_count + parcel.points, 0)
        guest = guest._replace(orders=guest.orders + parcel.points)
    else:
        count_in_bucket(book, parcel.number, parcel.points)
        days = dict(guest.days)
        days[parcel.number] = days.get(parcel.number, 0) + parcel.points
        guest = guest._replace(days=_days(days))
    if guest_id:
        _put_guest(book, guest)


def leave_with_guest(book: Book, guest_id: str) -> tuple[int, Days]:
    """Take orders and tier progress out again that came with a member; return them."""
    for guest in book.guests:
        if guest.member_id == guest_id:
            break
    else:
        return 0, ()
    orders = min(guest.orders, book.order_count)
    book.order_count -= orders
    there = dict(book.earned_days)
    days = {}
    for day, points in guest.days:
        # What has left the window is nobody's any more.
        part = max(min(points, there.get(day, 0)), 0)
        if part:
            days[day] = part
            count_in_bucket(book, day, -part)
    book.earned_days = tuple(one for one in book.earned_days if one.points)
    book.guests = tuple(one for one in book.guests if one.member_id != guest_id)
    return orders, _days(days)


def _put_guest(book: Book, guest: Guest) -> None:
    others = [one for one in book.guests if one.member_id != guest.member_id]
    if guest.orders or guest.days:
        others.append(guest)
    book.guests = tuple(sorted(others))


def _days(days: dict[int, int]) -> Days:
    return tuple(one for one in sorted(days.items()) if one[1])


def _badge(book: Book, badge: Badge) -> None:
    known = {one.badge for one in book.badges}
    if badge.badge not in known and len(known) < GAMES_MAX:
        book.badges = (*book.badges, badge)


def _streak(book: Book, parcel: Parcel) -> None:
    came = Streak(parcel.rule_id, parcel.number, parcel.usable_at, parcel.points)
    for known in book.streaks:
        if known.rule_id == came.rule_id:
            if known.ordinal > came.ordinal:
                return
            if known.ordinal == came.ordinal:
                came = came._replace(
                    orders=known.orders + came.orders,
                    length=max(known.length, came.length),
                )
    others = tuple(one for one in book.streaks if one.rule_id != came.rule_id)
    book.streaks = (*others, came)


def _challenge(book: Book, parcel: Parcel) -> None:
    rule_id = parcel.rule_id
    came = Challenge(
        rule_id, parcel.earned_at, parcel.number, parcel.points, parcel.usable_at
    )
    known = next((one for one in book.challenges if one.rule_id == rule_id), None)
    if known is None and len(book.challenges) >= GAMES_MAX:
        return
    if known is not None and known.ordinal > came.ordinal:
        return
    if known is not None and known.ordinal == came.ordinal:
        starts = [one for one in (known.started_at, came.started_at) if one]
        came = came._replace(
            started_at=min(starts, default=0),
            progress=known.progress + came.progress,
            completed=known.completed + came.completed,
        )
    others = tuple(one for one in book.challenges if one.rule_id != rule_id)
    book.challenges = tuple(sorted((*others, came)))


def _counter(book: Book, parcel: Parcel) -> None:
    came = Counter(
        parcel.reference,
        parcel.number,
        parcel.points,
        parcel.usable_at,
        parcel.earned_at,
    )
    for known in book.counters:
        if known.key == came.key:
            if known.ordinal > came.ordinal:
                return
            if known.ordinal == came.ordinal:
                came = came._replace(
                    points=known.points + came.points,
                    times=known.times + came.times,
                    last_at=max(known.last_at, came.last_at),
                )
    book.counters = put(book.counters, came)
