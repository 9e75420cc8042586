"""Commands that put points right: adjust, void, reinstate, a budget's answer."""

from typing import Final

from loyalty.asked import Asked, Refused, check_balance, tell_balance
from loyalty.budgets import is_of_offer, is_stock
from loyalty.code_steps import offer_answered
from loyalty.events import InvalidEvent
from loyalty.expiry import expires_at
from loyalty.facts import GRANT, HOLD_TO_REDEEM, HOLD_TO_RESERVE
from loyalty.limits import (
    ADJUST_POINTS_MAX,
    POINTS_MAX,
)
from loyalty.movements import BudgetUse
from loyalty.passing import first_to_reinstate
from loyalty.rules import BonusRule, EarnRule
from loyalty.stock import unit_answered, units_of_undone
from loyalty.undoing import asked_for, share_of_grant


def adjust(asked: Asked) -> str:
    """Add points, or take some, with a reason."""
    limit = ADJUST_POINTS_MAX
    points = asked.number("points", minimum=-limit, maximum=limit)
    if points == 0:
        raise Refused("command-invalid", "points is 0: nothing to adjust")
    wallet = asked.wallet()
    reason = asked.text("reason", "no reason given")
    if points > 0:
        asked.add("credit", points=points, wallet=wallet.wallet_id)
    else:
        check_balance(asked, wallet, -points)
        asked.add("debit", points=-points, wallet=wallet.wallet_id)
    tell_balance(asked, wallet, points=points)
    return f"adjusted by {points}: {reason}"


def void(asked: Asked) -> str:
    """Make an earlier command undone: everything else is as if it never was."""
    target = asked.text("command_id")
    acts = asked.turn.acts
    found = [act for act in acts if act.fact_id == target and act.kind in VOIDABLE]
    if not found:
        raise Refused("command-not-voidable", f"no open command {target!r} to void")
    kept = tuple(act for act in acts if target not in (act.fact_id, act.target))
    asked.turn.clock_at = max(asked.turn.clock_at, asked.at)
    asked.turn.releases += units_of_undone(acts, kept)
    asked.turn.rewrite(asked.turn.orders, kept, is_return=True)
    asked.turn.result["voided"] = target
    return f"{found[0].kind} {target} voided"


def reinstate(asked: Asked) -> str:
    """Bring back what expired within the window of the wallet."""
    wallet = asked.wallet()
    asked.turn.pass_time(asked.at)
    back = sum(
        lot.points
        for lot in asked.turn.state.expired
        if lot.wallet == wallet.wallet_id
        and lot.expires_at
        >= first_to_reinstate(asked.at, wallet.reinstate_days, asked.program)
    )
    if not wallet.reinstate_days or not back:
        raise Refused("nothing-to-reinstate", "no points expired within the window")
    until = expires_at(wallet.expiry, asked.at, asked.program.zone)
    asked.add("reinstate", wallet=wallet.wallet_id, until=until)
    tell_balance(asked, wallet, points=back)
    return f"{back} expired points reinstated"


def granted(asked: Asked) -> str:
    """Take a budget's answer; what the order no longer needs goes back to it."""
    if is_stock(asked.text("budget_id", "")):
        return unit_answered(asked)
    if is_of_offer(asked.text("budget_id", "")):
        return offer_answered(asked)
    value = asked.number("value", minimum=0, maximum=ADJUST_POINTS_MAX)
    desired = asked.number("desired", minimum=value, maximum=POINTS_MAX)
    claim = BudgetUse(
        asked.text("budget_id"),
        asked.text("order_id"),
        asked.text("rule_id"),
        desired,
        asked.command.occurred_at,
        asked.text("store_id", ""),
    )
    # By the rule as it was when it asked.
    rule = asked.turn.programs.at(claim.at).rules.get(claim.rule_id)
    if value == 0 or not isinstance(rule, EarnRule | BonusRule):
        asked.turn.releases.append(claim._replace(points=value))
        return f"{claim.rule_id}: the budget gave nothing"
    left = share_of_grant(asked.turn, claim, value)
    if left < value:
        asked.turn.releases.append(claim._replace(points=value - left))
    try:
        asked.add(
            GRANT,
            points=left,
            wallet=rule.wallet,
            target=claim.order_id,
            until=value,
            gains=asked_for(claim.rule_id, desired, given=value),
            rule_id=claim.rule_id,
            store_id=claim.store_id,
        )
    except InvalidEvent:
        # No room for it: the budget gets back what it gave.
        asked.turn.releases.append(claim._replace(points=left))
        raise
    return f"{left} by {claim.rule_id}, of its budget"


VOIDABLE: Final = frozenset(
    {"credit", "debit", "redeem", "hold", HOLD_TO_REDEEM, HOLD_TO_RESERVE}
)
