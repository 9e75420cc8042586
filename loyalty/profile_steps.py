"""Commands about the person: profile, referral, challenges to take part in."""

from loyalty.acting import gains_of_joining
from loyalty.asked import Asked, Refused
from loyalty.civil import last_day_of_month
from loyalty.exposing import expose
from loyalty.limits import (
    ID_LENGTH_MAX,
    SEGMENTS_MAX,
)
from loyalty.member import Profile
from loyalty.moments import Moment
from loyalty.yearly import next_gift_at


def join(asked: Asked) -> str:
    """Take part in a challenge that asks to be joined."""
    challenge = _challenge_of(asked)
    asked.add("join", target=challenge)
    return f"joined {challenge}"


def leave(asked: Asked) -> str:
    """No longer take part in a challenge."""
    challenge = _challenge_of(asked)
    asked.add("leave", target=challenge)
    return f"left {challenge}"


def update_profile(asked: Asked) -> str:
    """Note what is known of the person; who brought them is thanked later."""
    turn = asked.turn
    profile = turn.profile
    if not profile.joined_at:
        profile = profile._replace(joined_at=asked.command.occurred_at)
    if asked.has("birthday"):
        profile = _with_birthday(asked, profile)
    if asked.has("time_zone"):
        zone = asked.text("time_zone")
        if zone not in asked.program.zones:
            raise Refused("zone-unknown", f"the program does not know zone {zone!r}")
        profile = profile._replace(time_zone=zone)
    if asked.has("segments"):
        text = str(asked.command.attributes["segments"])
        names = {name.strip() for name in text.split(",")} - {""}
        if len(names) > SEGMENTS_MAX or any(len(n) > ID_LENGTH_MAX for n in names):
            raise Refused("command-invalid", f"at most {SEGMENTS_MAX} segments")
        profile = profile._replace(segments=tuple(sorted(names)))
    # Whatever may be refused comes first: a refusal leaves all as it was.
    if asked.has("referred_by"):
        _refer(asked)
    if profile.time_zone != turn.profile.time_zone:
        _note_zone(asked, profile.time_zone)
    joined = frozenset(profile.segments).difference(turn.profile.segments)
    turn.profile = profile
    if joined and asked.program.index.by_segment:
        _join_segments(asked, sorted(joined))
    turn.gift_at = next_gift_at(profile, max(asked.at, turn.clock_at), asked.program)
    return "profile noted"


def _join_segments(asked: Asked, segments: list[str]) -> None:
    """Let whoever joins segments earn by it: once for each time, never for being in."""
    turn, program = asked.turn, asked.program
    moment = Moment(asked.at, "", "", turn.profile)
    gains, _, exposures = gains_of_joining(
        segments, moment, program, member_id=turn.member_id
    )
    if exposures:
        expose(turn, exposures, asked.at)
    if gains:
        asked.advance()
        fact = asked.fact("activity", gains=gains)
        turn.add_act(fact._replace(fact_id=f"{fact.fact_id}/segments"))


def _challenge_of(asked: Asked) -> str:
    challenge_id = asked.text("challenge_id")
    if not any(one.rule_id == challenge_id for one in asked.program.challenges):
        raise Refused("challenge-unknown", f"there is no challenge {challenge_id!r}")
    return challenge_id


def _with_birthday(asked: Asked, profile: Profile) -> Profile:
    month, _, day = asked.text("birthday").partition("-")
    if not _is_day(month, day):
        raise Refused("command-invalid", "birthday must be MM-DD")
    is_new = not profile.birth_month
    same = (profile.birth_month, profile.birth_day) == (int(month), int(day))
    if not (is_new or same) and asked.command.actor != "service":
        raise Refused(
            "birthday-known", "a birthday is told once; service can change it"
        )
    return profile._replace(birth_month=int(month), birth_day=int(day))


def _is_day(month: str, day: str) -> bool:
    if not (len(month) == 2 and len(day) == 2 and (month + day).isdecimal()):  # noqa: PLR2004 - MM-DD
        return False
    in_year = 1 <= int(month) <= 12  # noqa: PLR2004 - months of a year
    # 2000 was a leap year: 29 February is a birthday.
    return in_year and 1 <= int(day) <= last_day_of_month(2000, int(month))


def _note_zone(asked: Asked, time_zone: str) -> None:
    """A fact of its own, so that caps by the member's day replay as they were."""
    fact = asked.fact("zone", target=time_zone)
    asked.turn.clock_at = max(asked.turn.clock_at, asked.at)
    asked.turn.add_act(fact._replace(fact_id=f"{fact.fact_id}/zone"))


def _refer(asked: Asked) -> None:
    referrer = asked.text("referred_by")
    if asked.program.referral is None or referrer == asked.command.member_id:
        raise Refused("referral-not-allowed", "there is nobody else to thank")
    if asked.turn.state.order_count or asked.turn.state.referred_by:
        raise Refused("referral-too-late", "only a member without orders is referred")
    asked.add("referred", target=referrer)
