"""Personal offers as events pass: used, ended, withdrawn, given."""

from typing import Final, NamedTuple

from loyalty.assigning import Assignment
from loyalty.decision import GRANTED, WITHDRAWN, WITHHELD, OfferEvent
from loyalty.events import PLACED, MemberEvent, OrderEvent
from loyalty.exposing import expose
from loyalty.movements import BudgetUse
from loyalty.personal_reach import Standing, given_of, unmet
from loyalty.personal_rules import (
    EXPIRED,
    REDEEMED,
    WAITING,
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


NO_PERSONAL: Final = Personal((), ())


def review_personal(
    turn: Turn, event: MemberEvent, program: Program
) -> tuple[Personal, tuple[OfferEvent, ...]]:
    """
    Let an event use offers, time end them, and what holds now give others.

    Whoever is held out of one counts as exposed at the moment it would be given.
    """
    at = turn.clock_at
    order = event if isinstance(event, OrderEvent) and event.kind == PLACED else None
    review, offering = _Review(turn, order, program), turn.notes.offering
    held, given, events = review.held, review.given, review.events
    standing = Standing(turn.state, turn.profile, tuple(held), given, at, order)
    assignment = Assignment(turn.member_id, program)
    for rule in program.personal_offers:
        is_asked_for = (
            not rule.waits_for_more
            or rule.offer_id == offering.entered
            or rule.offer_id in turn.notes.handed
        )
        if not is_asked_for or rule.offer_id in program.muted:
            continue
        if unmet(rule, standing, program) is not None:
            continue
        # Who enters a code gets what it is for: it has no arms.
        if not rule.code and not assignment.may_have(rule):
            continue
        if rule.budget_id:
            held.append(PersonalOffer(rule.offer_id, at, 0, WAITING, rule.pool_id))
            use = BudgetUse(rule.budget_id, offering.entered_by, rule.offer_id, 1, at)
            turn.claims.append(use)
        else:
            held.append(PersonalOffer(rule.offer_id, at, at + rule.valid_ms))
            given = counted(rule, given, at)
            events.append(OfferEvent(rule.offer_id, GRANTED, because(rule, order)))
        standing = standing._replace(held=tuple(held), given=given)
    expose(turn, tuple(assignment.exposures), at)
    due_at = _due_at(held, standing, program=program)
    return Personal(tuple(held), given, due_at), tuple(events)


def because(rule: PersonalRule, order: OrderEvent | None = None) -> str:
    """Why a member was given an offer, in a few words."""
    if rule.code:
        return f"entered {rule.code}"
    if rule.by_journey:
        return "a journey gave it"
    if order is not None and rule.match.categories:
        return f"bought {', '.join(sorted(rule.match.categories))}"
    if rule.idle_ms:
        return f"not here for {rule.idle_ms // 86_400_000} days"
    if rule.orders_min:
        return f"{rule.orders_min} orders or more"
    if rule.when.segments:
        return f"one of {', '.join(sorted(rule.when.segments))}"
    return "every condition holds"


class _Review:
    """What is left of a member's offers: not used, ended, withdrawn or refused."""

    def __init__(self, turn: Turn, order: OrderEvent | None, program: Program) -> None:
        self.held: list[PersonalOffer] = []
        self.given = turn.given
        self.events: list[OfferEvent] = []
        self._at = turn.clock_at
        self._turn = turn
        rules = {rule.offer_id: rule for rule in program.personal_offers}
        used = {}
        if order is not None:
            used = {one.offer_id: order.order_id for one in order.applied}
        for one in turn.personal:
            rule = rules.get(one.offer_id)
            if one.waits:
                self._waiting(one, rule)
            elif one.offer_id in used:
                reason = f"used by order {used[one.offer_id]}"
                self._say(one, REDEEMED, reason)
            elif one.offer_id == turn.notes.offering.used:
                self._say(one, REDEEMED, "its code was used")
            elif one.expires_at <= self._at:
                self._say(one, EXPIRED, "not used in time")
            elif rule is None:
                self._say(one, WITHDRAWN, "the program no longer has this offer")
            else:
                self.held.append(one)

    def _waiting(self, one: PersonalOffer, rule: PersonalRule | None) -> None:
        """Take the answer of a pool or limit, if it has come."""
        answer = self._turn.notes.offering.answer
        if answer is None or answer.offer_id != one.offer_id:
            self.held.append(one)
        elif not answer.value:
            self.given = refused(one.offer_id, self.given, self._at)
            self._say(one, WITHHELD, "all of them are given")
        elif rule is None:
            self._turn.releases.append(answer.use)
            self._say(one, WITHDRAWN, "the program no longer has this offer")
        else:
            at = self._at
            number, until = answer.number, at + rule.valid_ms
            self.held.append(
                PersonalOffer(one.offer_id, at, until, number, one.pool_id)
            )
            self.given = counted(rule, self.given, at)
            self._say(one, GRANTED, because(rule))

    def _say(self, one: PersonalOffer, kind: str, reason: str) -> None:
        self.events.append(OfferEvent(one.offer_id, kind, reason))


def counted(rule: PersonalRule, given: tuple[Given, ...], at: int) -> tuple[Given, ...]:
    """Note that an offer was given once more."""
    times = given_of(rule, given).times + 1
    others = tuple(one for one in given if one.offer_id != rule.offer_id)
    return (*others, Given(rule.offer_id, times, at))


def refused(offer_id: str, given: tuple[Given, ...], at: int) -> tuple[Given, ...]:
    """Note that there was none left of an offer."""
    known = next((one for one in given if one.offer_id == offer_id), None)
    known = known or Given(offer_id, 0, 0)
    others = tuple(one for one in given if one.offer_id != offer_id)
    return (*others, known._replace(refused_at=at))


def _due_at(held: list[PersonalOffer], standing: Standing, *, program: Program) -> int:
    """When an offer ends, or an absence becomes long enough for another."""
    times = [one.expires_at for one in held if not one.waits]
    for rule in program.personal_offers:
        if rule.offer_id in program.muted or rule.by_journey:
            continue
        if not rule.idle_ms and not rule.when.bought:
            continue
        missing = unmet(rule, standing._replace(order=None), program)
        if missing is not None and missing.from_at > standing.at:
            times.append(missing.from_at)
    return min(times, default=0)
