"""Gifts on a day of the year, and warnings before points end."""

from loyalty.anniversaries import next_anniversary
from loyalty.benefits import BIRTHDAY, Gift
from loyalty.civil import date_of
from loyalty.decision import Happening, TriggerEvent
from loyalty.events import InvalidEvent
from loyalty.facts import ActFact
from loyalty.gift_years import known_gift_year
from loyalty.member import PointsLot, Profile
from loyalty.program import Program
from loyalty.turn import Turn
from loyalty.wallets import Wallet
from loyalty.zones import Zone, local_day


def next_gift_at(profile: Profile, after: int, program: Program) -> int:
    """Next birthday or anniversary on which the program gives something; 0 is never."""
    zone = _zone(profile, program)
    moments = []
    for gift in program.gifts:
        day = _day_of(gift, profile, zone)
        if day is not None:
            moments.append(next_anniversary(day[0], day[1], after, zone=zone))
    return min(moments, default=0)


def give_gifts(turn: Turn, program: Program) -> None:
    """Give what the day brings, once a year whatever becomes of the birthday."""
    zone = _zone(turn.profile, program)
    due_at = turn.gift_at
    year, month, day = date_of(local_day(zone, due_at))
    for gift in program.gifts:
        of_year = _day_of(gift, turn.profile, zone)
        if of_year is None or not _falls_on(of_year, month, day):
            continue
        tier = turn.state.tier
        known = known_gift_year(turn.state.counters, gift.rule_id) >= year
        if known or (gift.tiers and tier not in gift.tiers):
            continue
        at = turn.latest_at(due_at)
        turn.clock_at = max(turn.clock_at, at)
        fact = ActFact(
            at,
            f"{gift.rule_id}/{year}",
            "gift",
            program.version,
            gift.points,
            gift.wallet,
            until=year,
            rule_id=gift.rule_id,
        )
        try:
            turn.add_act(fact)
        except InvalidEvent as full:
            # A member without room gets no gift; the event itself still counts.
            turn.happenings.append(Happening("gift", gift.rule_id, full.detail))
    turn.gift_at = next_gift_at(turn.profile, due_at, program)


def warn_of_expiry(
    turn: Turn, program: Program
) -> tuple[int, tuple[TriggerEvent, ...], int]:
    """How far was warned, warnings that are due, and when the next is (0: never)."""
    warned_until = turn.member.warned_until
    if not program.warns_of_expiry:
        return warned_until, (), 0
    events = []
    next_at = 0
    for wallet in program.wallets:
        if not wallet.warn_ms:
            continue
        reach = turn.clock_at + wallet.warn_ms
        due, later_at = _ending(
            turn.state.lots, wallet, after=warned_until, until=reach
        )
        if due:
            points = sum(lot.points for lot in due)
            why = f"{points} {wallet.wallet_id} end by {due[-1].expires_at}"
            events.append(TriggerEvent(f"expiring-{wallet.wallet_id}", why))
            warned_until = max(warned_until, due[-1].expires_at)
        if later_at:
            warn_at = later_at - wallet.warn_ms
            next_at = min(next_at, warn_at) if next_at else warn_at
    return warned_until, tuple(events), next_at


def _ending(
    lots: tuple[PointsLot, ...], wallet: Wallet, *, after: int, until: int
) -> tuple[list[PointsLot], int]:
    """Lots that end in a time, and when the first after it ends (0: none does)."""
    due: list[PointsLot] = []
    for lot in lots:
        ends_at = lot.expires_at
        if not ends_at:
            # Those that never end come last.
            break
        if ends_at > after and lot.wallet == wallet.wallet_id:
            if ends_at > until:
                return due, ends_at
            due.append(lot)
    return due, 0


def _zone(profile: Profile, program: Program) -> Zone:
    return program.zones.get(profile.time_zone, program.zone)


def _day_of(gift: Gift, profile: Profile, zone: Zone) -> tuple[int, int] | None:
    """Month and day of a gift, None if it is not known."""
    if gift.kind == BIRTHDAY:
        known = profile.birth_month > 0
        return (profile.birth_month, profile.birth_day) if known else None
    if not profile.joined_at:
        return None
    _, month, day = date_of(local_day(zone, profile.joined_at))
    return month, day


def _falls_on(of_year: tuple[int, int], month: int, day: int) -> bool:
    """Whether a yearly day is this one; 29 February is the 28th in common years."""
    return of_year == (month, day) or (of_year == (2, 29) and (month, day) == (2, 28))
