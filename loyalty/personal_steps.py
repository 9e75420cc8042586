"""Personal offers as events pass: used, ended, withdrawn, given."""

from typing import NamedTuple

from loyalty.assigning import Assignment
from loyalty.decision import GRANTED, WITHDRAWN, OfferEvent
from loyalty.events import PLACED, MemberEvent, OrderEvent
from loyalty.exposing import expose
from loyalty.personal_reach import Standing, given_of, unmet
from loyalty.personal_rules import (
    EXPIRED,
    REDEEMED,
    Given,
    PersonalOffer,
    PersonalRule,
)
from loyalty.program import Program
from loyalty.turn import Turn


class Personal(NamedTuple):
    """What a member has of personal offers; `due_at` is when that changes, 0 never."""

    held: tuple[PersonalOffer, ...]
    given: tuple[Given, ...]
    due_at: int = 0


def review_personal(
    turn: Turn, event: MemberEvent, program: Program
) -> tuple[Personal, tuple[OfferEvent, ...]]:
    """
    Let an event use offers, time end them, and what holds now give others.

    Whoever is held out of one counts as exposed at the moment it would be given.
    """
    at = turn.clock_at
    order = event if isinstance(event, OrderEvent) and event.kind == PLACED else None
    events: list[OfferEvent] = []
    held = _kept(turn.personal, order, at, program=program, events=events)
    given = turn.given
    standing = Standing(turn.state, turn.profile, tuple(held), given, at, order)
    assignment = Assignment(turn.member_id, program)
    for rule in program.personal_offers:
        if unmet(rule, standing, program) is not None:
            continue
        if not assignment.may_have(rule):
            continue
        held.append(PersonalOffer(rule.offer_id, at, at + rule.valid_ms))
        given = _counted(rule, given, at)
        standing = standing._replace(held=tuple(held), given=given)
        events.append(OfferEvent(rule.offer_id, GRANTED, because(rule, order)))
    expose(turn, tuple(assignment.exposures), at)
    due_at = _due_at(held, standing, program=program)
    return Personal(tuple(held), given, due_at), tuple(events)


def because(rule: PersonalRule, order: OrderEvent | None = None) -> str:
    """Why a member was given an offer, in a few words."""
    if order is not None and rule.match.categories:
        return f"bought {', '.join(sorted(rule.match.categories))}"
    if rule.idle_ms:
        return f"not here for {rule.idle_ms // 86_400_000} days"
    if rule.orders_min:
        return f"{rule.orders_min} orders or more"
    if rule.when.segments:
        return f"one of {', '.join(sorted(rule.when.segments))}"
    return "every condition holds"


def _kept(
    held: tuple[PersonalOffer, ...],
    order: OrderEvent | None,
    at: int,
    *,
    program: Program,
    events: list[OfferEvent],
) -> list[PersonalOffer]:
    """Offers that were neither used, nor ended, nor withdrawn."""
    used = {one.offer_id for one in order.applied} if order is not None else set()
    rules = {rule.offer_id for rule in program.personal_offers}
    kept = []
    for one in held:
        if one.offer_id in used and order is not None:
            reason = f"used by order {order.order_id}"
            events.append(OfferEvent(one.offer_id, REDEEMED, reason))
        elif one.expires_at <= at:
            events.append(OfferEvent(one.offer_id, EXPIRED, "not used in time"))
        elif one.offer_id not in rules:
            reason = "the program no longer has this offer"
            events.append(OfferEvent(one.offer_id, WITHDRAWN, reason))
        else:
            kept.append(one)
    return kept


def _counted(
    rule: PersonalRule, given: tuple[Given, ...], at: int
) -> tuple[Given, ...]:
    times = given_of(rule, given).times + 1
    others = tuple(one for one in given if one.offer_id != rule.offer_id)
    return (*others, Given(rule.offer_id, times, at))


def _due_at(held: list[PersonalOffer], standing: Standing, *, program: Program) -> int:
    """When an offer ends, or an absence becomes long enough for another."""
    times = [one.expires_at for one in held]
    for rule in program.personal_offers:
        if not rule.idle_ms:
            continue
        missing = unmet(rule, standing._replace(order=None), program)
        if missing is not None and missing.from_at > standing.at:
            times.append(missing.from_at)
    return min(times, default=0)
