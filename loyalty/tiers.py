"""Which tier a member has reached, how long it is kept, and what is missing."""

from bisect import insort

from loyalty.anniversaries import next_anniversary, years_since
from loyalty.book import Book
from loyalty.civil import date_of
from loyalty.expiry import PERIOD_END, Duration, duration_end
from loyalty.member import EarnedDay
from loyalty.periods import DAY, period_end, period_of
from loyalty.program import Program
from loyalty.tier_outlook import place_of, place_reached, tier_value
from loyalty.wallets import (
    ANNIVERSARY,
    BASIS_BALANCE,
    CALENDAR,
    LIFETIME,
    NEXT_PERIOD,
    NONE,
    ONE_STEP,
    ROLLING,
)
from loyalty.zones import day_start, local_day


def count_towards_tier(book: Book, at: int, amount: int, *, program: Program) -> None:
    """Count points, money or visits in the bucket of a time."""
    if not program.tiers or not amount:
        return
    count_in_bucket(book, bucket_of(at, book.since_at, program=program), amount)


def count_in_bucket(book: Book, bucket: int, amount: int) -> None:
    """Count what is above 0, or count it less, in a bucket that is known."""
    days = book.earned_days
    if days and days[-1].day == bucket:
        last = EarnedDay(bucket, days[-1].points + amount)
        book.earned_days = (*days[:-1], last)
    elif not days or days[-1].day < bucket:
        book.earned_days = (*days, EarnedDay(bucket, amount))
    else:
        others = [known for known in days if known.day != bucket]
        known = sum(one.points for one in days if one.day == bucket)
        insort(others, EarnedDay(bucket, known + amount))
        book.earned_days = tuple(others)


def review_tier(book: Book, at: int, *, program: Program) -> None:
    """Let the member rise, stay or fall, and note when to look again."""
    if not program.tiers:
        book.tier = ""
        return
    if book.tier_next and at >= book.tier_due_at:
        _take(book, place_of(book.tier_next, program), at, program=program)
    book.earned_days = _in_window(book.earned_days, at, book.since_at, program=program)
    is_of_balance = program.tier_policy.basis == BASIS_BALANCE
    balance = book.balance(program.wallet_id) if is_of_balance else 0
    value = tier_value(book.earned_days, program, balance)
    reached = place_reached(value, program)
    held = place_of(book.tier, program)
    if held < 0:
        # New, or in a tier that the program no longer has.
        is_later = program.tier_policy.upgrade == NEXT_PERIOD
        held = 0 if is_later else reached
        _take(book, held, at, program=program)
    if reached > held:
        _rise(book, (held, reached), at, program=program)
    elif reached < held:
        _fall(book, (held, reached), at, program=program)
    else:
        _renew(book, at, program=program)
    book.tier_due_at = _due_at(book, at, reached, program=program)


def _rise(book: Book, places: tuple[int, int], at: int, *, program: Program) -> None:
    held, reached = places
    if program.tier_policy.upgrade != NEXT_PERIOD:
        _take(book, reached, at, program=program)
    elif reached > max(held, place_of(book.tier_next, program)):
        book.tier_next = program.tiers[reached].tier_id


def _renew(book: Book, at: int, *, program: Program) -> None:
    """Keep a tier that is still reached: to a later period's end, or a new term."""
    valid = _valid(program)
    if valid is None or not book.tier_until:
        return
    if valid.kind == PERIOD_END or at >= book.tier_until:
        ends_at = duration_end(valid, at, program.zone)
        book.tier_until = max(book.tier_until, ends_at)


def _fall(book: Book, places: tuple[int, int], at: int, *, program: Program) -> None:
    """Fall as far as the policy lets: not in a kept term, not below a kept tier."""
    held, reached = places
    policy = program.tier_policy
    if policy.downgrade == NONE or (book.tier_until and at < book.tier_until):
        return
    to = held - 1 if policy.downgrade == ONE_STEP else reached
    to = max(to, place_of(book.tier_kept, program))
    if to < held:
        _take(book, to, at, program=program)
        if policy.downgrade == ONE_STEP and to > reached and not book.tier_until:
            # Else the next look, at the same moment, would take the next step.
            book.tier_until = _step_end(book, at, program=program)


def _step_end(book: Book, at: int, *, program: Program) -> int:
    """How long the tier one step down is kept when the policy has no term."""
    if program.tier_policy.window == ANNIVERSARY:
        return _bucket_end(book, at, program=program)
    days = program.tier_policy.window_days
    return day_start(program.zone, local_day(program.zone, at) + days)


def _take(book: Book, place: int, at: int, *, program: Program) -> None:
    tier = program.tiers[place]
    book.tier = tier.tier_id
    book.tier_since = at
    book.tier_next = ""
    valid = _valid(program)
    # The lowest tier cannot be lost, so its term does not matter.
    book.tier_until = duration_end(valid, at, program.zone) if valid and place else 0
    # Who is in a tier has reached all below it.
    for lower in range(place, place_of(book.tier_kept, program), -1):
        if program.tiers[lower].kept:
            book.tier_kept = program.tiers[lower].tier_id
            break


def _valid(program: Program) -> Duration | None:
    """Term of a tier; in calendar windows at least the period it was taken in."""
    policy = program.tier_policy
    if policy.valid is None and policy.window == CALENDAR:
        return Duration(PERIOD_END, period=policy.period)
    return policy.valid


def _due_at(book: Book, at: int, reached: int, *, program: Program) -> int:
    """When the tier may change without anything happening; 0 is never."""
    policy = program.tier_policy
    held = place_of(book.tier, program)
    if book.tier_next:
        ordinal = period_of(policy.period, at, program.zone)
        return period_end(policy.period, ordinal, program.zone)
    if held <= 0:
        return 0
    if book.tier_until > at:
        return book.tier_until
    if policy.downgrade == NONE or policy.basis == BASIS_BALANCE:
        return 0
    if policy.window == ROLLING and book.earned_days:
        leaves = book.earned_days[0].day + policy.window_days
        return day_start(program.zone, leaves)
    return _bucket_end(book, at, program=program) if reached else 0


def bucket_of(at: int, since_at: int, *, program: Program) -> int:
    """Which bucket a time counts in: a day, a period, a year of membership."""
    policy = program.tier_policy
    if policy.window == LIFETIME:
        return 0
    if policy.window == ANNIVERSARY:
        return years_since(since_at, at, program.zone)
    kind = DAY if policy.window == ROLLING else policy.period
    return period_of(kind, at, program.zone)


def _bucket_end(book: Book, at: int, *, program: Program) -> int:
    policy = program.tier_policy
    if policy.window == ANNIVERSARY:
        _, month, day = date_of(local_day(program.zone, book.since_at))
        return next_anniversary(month, day, at, zone=program.zone)
    if policy.window == CALENDAR:
        ordinal = period_of(policy.period, at, program.zone)
        return period_end(policy.period, ordinal, program.zone)
    return 0


def _in_window(
    days: tuple[EarnedDay, ...], at: int, since_at: int, *, program: Program
) -> tuple[EarnedDay, ...]:
    """Buckets that still count: the last days with today, or the current period."""
    policy = program.tier_policy
    if not days or policy.window == LIFETIME:
        return days
    out_through = bucket_of(at, since_at, program=program)
    out_through -= policy.window_days if policy.window == ROLLING else 1
    if days[0].day > out_through:
        return days
    return tuple(known for known in days if known.day > out_through)
