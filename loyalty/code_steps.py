"""Codes of offers: entered by a member, used at a till, answered by a pool."""

from typing import Final

from loyalty.asked import Asked, Refused
from loyalty.budgets import NO_NUMBER
from loyalty.code_pools import ANYONE
from loyalty.events import Command
from loyalty.limits import CODES_MAX
from loyalty.moments import Moment, holds
from loyalty.movements import BudgetUse, OfferAnswer, Offering
from loyalty.personal_reach import Standing, unmet
from loyalty.personal_rules import PersonalOffer, PersonalRule
from loyalty.program import Program
from loyalty.stock import WAITS_FOR
from loyalty.turn import Turn

ENTER: Final = "code.enter"
USE: Final = "code.redeem"


def enter_code(asked: Asked) -> str:
    """
    Give the offer of a shared code to who enters it, if every condition holds.

    With a limit in all the offer's budget answers. Raises: Refused.
    """
    turn, code = asked.turn, plain(asked.text("code"))
    asked.advance()
    rule = _rule_with(code, asked.program)
    if rule is None:
        raise Refused("code-unknown", "there is no such code, or it is over")
    at = turn.clock_at
    held = tuple(o for o in turn.member.personal if o.waits or o.expires_at > at)
    standing = Standing(turn.state, turn.profile, held, turn.member.given, at)
    missing = unmet(rule, standing, asked.program)
    if missing is not None:
        raise Refused(f"offer-{missing.reason}", missing.detail)
    turn.notes.offering = Offering(rule.offer_id, asked.command.command_id)
    turn.result |= {"offer": rule.offer_id, "name": rule.name}
    if rule.budget_id:
        turn.result[WAITS_FOR] = rule.budget_id
    return f"{code} entered"


def use_code(asked: Asked) -> str:
    """
    Use a code of a pool, once, by who may.

    `by` is the member who shows it, empty if it is not known who that is.
    Raises: Refused.
    """
    pool_id = asked.text("pool")
    number = asked.number("number", minimum=0, maximum=CODES_MAX - 1)
    asked.advance()
    turn, program, at = asked.turn, asked.program, asked.turn.clock_at
    held = _of_code(turn.member.personal, pool_id, number)
    if held is None or held.expires_at <= at:
        raise Refused("code-not-good", "it was used, has ended, or was taken back")
    rule = _rule_of(asked, held)
    pool = program.pool_by_id.get(pool_id)
    is_for_all = pool is not None and pool.redeem_by == ANYONE
    if not is_for_all and asked.text("by", "") != turn.member_id:
        raise Refused("code-of-another", "only who was given it may use it")
    moment = Moment(at, asked.text("store_id", ""), "", turn.profile)
    if not holds(rule.usable, moment, program):
        raise Refused("code-not-now", "not at this place or time of the week")
    turn.notes.offering = Offering(used=held.offer_id)
    turn.result |= {"offer": rule.offer_id, "name": rule.name, "pool": pool_id}
    return f"code {number} of {pool_id} used"


def offer_answered(asked: Asked) -> str:
    """
    Take the answer of a pool or limit; what nobody waits for goes back.

    Raises: Refused.
    """
    value = asked.number("value", minimum=0, maximum=1)
    offer_id, budget_id = asked.text("rule_id"), asked.text("budget_id")
    number = NO_NUMBER
    if asked.has("number"):
        number = asked.number("number", minimum=0, maximum=CODES_MAX - 1)
    order_id, at = asked.text("order_id", ""), asked.command.occurred_at
    store_id = asked.text("store_id", "")
    use = BudgetUse(budget_id, order_id, offer_id, value, at, store_id)
    asked.advance()
    if not _waits_for(asked.turn, offer_id):
        asked.turn.releases.append(use)
        raise Refused("offer-late", f"nobody waits for {offer_id} any more")
    answer = OfferAnswer(offer_id, value, number, use)
    asked.turn.notes.offering = Offering(answer=answer)
    if value == 0:
        # The sender of a code is told; so is who looks at the member's past.
        asked.turn.refusal = "offer-none-left"
        asked.turn.result = {"detail": "all of them are given"}
        return f"{offer_id}: none is left"
    asked.turn.result |= {"offer": offer_id}
    return f"{offer_id} given"


def waits_for_code(turn: Turn, command: Command) -> bool:
    """Whether the offer of a code that a command enters is still asked for."""
    code = plain(str(command.attributes.get("code", "")))
    rule = _rule_with(code, turn.programs.at(turn.clock_at))
    return rule is not None and _waits_for(turn, rule.offer_id)


def plain(code: str) -> str:
    """Code as people mean it: without spaces and dashes, in capitals."""
    return "".join(code.split()).replace("-", "").upper()


def _rule_with(code: str, program: Program) -> PersonalRule | None:
    """Offer that is given to who enters a code; an empty one is nobody's."""
    if not code:
        return None
    return next((r for r in program.personal_offers if r.code == code), None)


def _waits_for(turn: Turn, offer_id: str) -> bool:
    return any(o.offer_id == offer_id and o.waits for o in turn.member.personal)


def _of_code(
    held: tuple[PersonalOffer, ...], pool_id: str, number: int
) -> PersonalOffer | None:
    for one in held:
        if one.pool_id == pool_id and one.number == number:
            return one
    return None


def _rule_of(asked: Asked, held: PersonalOffer) -> PersonalRule:
    for rule in asked.program.personal_offers:
        if rule.offer_id == held.offer_id:
            return rule
    raise Refused("code-not-good", "the program no longer has its offer")
