"""Runs of a member: where each is, who has left, and what is told of them."""

from typing import NamedTuple

from loyalty.decision import Happening
from loyalty.engagement.campaigns import JOURNEY, campaign_of
from loyalty.engagement.sending import UNTRUE
from loyalty.journeys.journey import Journey
from loyalty.journeys.remembered import JourneyRun, PastJourney
from loyalty.limits import JOURNEYS_PAST_MAX
from loyalty.program import Program
from loyalty.turn import Turn


class Course(NamedTuple):
    """What a run follows: a journey, of a program."""

    journey: Journey
    program: Program


def tell(turn: Turn, run: JourneyRun, what: str, *, why: str) -> None:
    """Say what happened to a run: a step (/id), or how it began or ended (#word)."""
    told = Happening(JOURNEY, f"{run.journey_id}{what}", why)
    turn.happenings.append(told)


def run_of(turn: Turn, journey_id: str) -> JourneyRun:
    """Run of a journey that the member is in."""
    for run in turn.journeys:
        if run.journey_id == journey_id:
            return run
    raise AssertionError("whoever asks has a run")


def past_of(turn: Turn, journey_id: str) -> PastJourney | None:
    """How the member left a journey the last time, None if never."""
    for past in turn.past_journeys:
        if past.journey_id == journey_id:
            return past
    return None


def put(turn: Turn, run: JourneyRun) -> None:
    """Note where a run is; there is one of each journey."""
    others = [one for one in turn.journeys if one.journey_id != run.journey_id]
    turn.journeys = tuple(
        sorted((*others, run), key=lambda one: (one.entered_at, one.journey_id))
    )


def leave_early(turn: Turn, run: JourneyRun, at: int, *, why: str) -> None:
    """Take a run out before its end; what it has not sent yet will not go any more."""
    tell(turn, run, "#exited", why=why)
    leave(turn, run, at)
    campaign = campaign_of(run.journey_id)
    known = turn.engagement
    waiting = known.waiting if known is not None else ()
    gone = [one for one in waiting if one.trigger_id.startswith(campaign)]
    if known is not None and gone:
        kept = tuple(one for one in waiting if one not in gone)
        turn.engagement = known._replace(waiting=kept)
    gone += [one for one in turn.to_send if one.trigger_id.startswith(campaign)]
    turn.to_send = [one for one in turn.to_send if one not in gone]
    for one in gone:
        detail = f"{UNTRUE}: the member has left the journey ({one.occasion}/0)"
        turn.happenings.append(Happening("withheld", one.trigger_id, detail))


def leave(turn: Turn, run: JourneyRun, at: int) -> None:
    """Take a run out, and remember it; of too many the one left first is forgotten."""
    name = run.journey_id
    turn.journeys = tuple(one for one in turn.journeys if one.journey_id != name)
    past = [one for one in turn.past_journeys if one.journey_id != name]
    past.append(PastJourney(name, run.entered_at, at))
    if len(past) > JOURNEYS_PAST_MAX:
        past.remove(min(past, key=lambda one: (one.left_at, one.journey_id)))
    turn.past_journeys = tuple(past)
