"""
Units of a reward's stock: asked for, given or refused, and given back.

Points are held first. The unit is claimed of the reward's stock, a budget over
all partitions; the command is answered when the stock has answered: the points
are used (or stay reserved), or come back. So a member never pays for a unit
that is not there, and a unit is never given without its points.
"""

from typing import Final

from loyalty.asked import Asked, Refused, Wanted, tell_balance
from loyalty.budgets import BUSY, stock_of
from loyalty.facts import HOLD_TO_REDEEM, HOLD_TO_RESERVE, ActFact
from loyalty.member import GIVEN, TO_REDEEM, Hold
from loyalty.movements import BudgetUse
from loyalty.turn import Turn

# In the result of a command that is not answered yet: what it waits for.
WAITS_FOR: Final = "waits_for"


def ask_for_unit(asked: Asked, wanted: Wanted, *, kind: str, until: int) -> str:
    """Hold the points, and ask for a unit; the stock's answer answers the command."""
    assert wanted.reward is not None, "only rewards have a stock"
    reward_id, command_id = wanted.reward.offer_id, asked.command.command_id
    store_id = asked.text("store_id", "")
    asked.add(
        kind,
        points=wanted.points,
        wallet=wanted.wallet.wallet_id,
        until=until,
        rule_id=reward_id,
        store_id=store_id,
    )
    budget_id = stock_of(reward_id)
    asked.turn.claims.append(
        BudgetUse(budget_id, command_id, reward_id, 1, asked.at, store_id)
    )
    asked.turn.result[WAITS_FOR] = budget_id
    return f"{wanted.points} points held for a unit of {reward_id}"


def unit_answered(asked: Asked) -> str:
    """
    Take the answer of a stock: use or keep what was held, or give it back.

    Raises: Refused, after the points or the unit went back.
    """
    value = asked.number("value", minimum=0, maximum=1)
    command_id, reward_id = asked.text("order_id"), asked.text("rule_id")
    asked.turn.pass_time(asked.at)
    hold = _waiting(asked.turn, command_id)
    if hold is None:
        # Voided, cancelled or over meanwhile: the points are back already.
        at, store_id = asked.command.occurred_at, asked.text("store_id", "")
        use = BudgetUse(stock_of(reward_id), command_id, reward_id, value, at, store_id)
        asked.turn.releases.append(use)
        raise Refused("stock-late", f"{command_id} ended before {reward_id} answered")
    wallet = asked.program.wallet_by_id.get(hold.wallet, asked.program.wallet)
    if value == 0:
        asked.add("release", target=command_id)
        reason = asked.text("reason", "")
        if reason == BUSY:
            raise Refused("stock-busy", f"too many ask for {reward_id} at once")
        raise Refused("out-of-stock", f"no {reward_id} is left")
    if hold.stock == TO_REDEEM:
        asked.add("confirm", target=command_id, rule_id=reward_id)
        tell_balance(asked, wallet, points=hold.points, reward=reward_id)
        return f"redeemed {hold.points} for {reward_id}"
    asked.add("stocked", target=command_id)
    tell_balance(
        asked,
        wallet,
        points=hold.points,
        reservation_id=command_id,
        expires_at=hold.expires_at,
    )
    return f"reserved {hold.points} for {reward_id}"


def units_of_ended(turn: Turn) -> tuple[BudgetUse, ...]:
    """Units of reservations that this turn ended without using them."""
    ended = [
        hold
        for hold in turn.member.state.holds
        if hold.stock == GIVEN and not _is_open(turn, hold)
    ]
    if not ended:
        return ()
    confirmed = {act.target for act in turn.acts if act.kind == "confirm"}
    return tuple(
        BudgetUse(
            stock_of(hold.reward_id),
            hold.hold_id,
            hold.reward_id,
            1,
            hold.held_at,
            hold.store_id,
        )
        for hold in ended
        if hold.hold_id not in confirmed
    )


def units_of_undone(
    acts: tuple[ActFact, ...], kept: tuple[ActFact, ...]
) -> tuple[BudgetUse, ...]:
    """Units that were used, of those acts that are as if they never were."""
    undone = [act for act in acts if act not in kept]
    used = {act.target for act in undone if act.kind == "confirm"}
    return tuple(
        BudgetUse(
            stock_of(act.rule_id), act.fact_id, act.rule_id, 1, act.at, act.store_id
        )
        for act in undone
        if act.kind in {HOLD_TO_REDEEM, HOLD_TO_RESERVE} and act.fact_id in used
    )


def _waiting(turn: Turn, hold_id: str) -> Hold | None:
    for hold in turn.state.holds:
        if hold.hold_id == hold_id and hold.waits:
            return hold
    return None


def _is_open(turn: Turn, hold: Hold) -> bool:
    return any(one.hold_id == hold.hold_id for one in turn.state.holds)
