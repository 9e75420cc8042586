"""What else an order did that its return undoes: holds for it, grants of budgets."""

from loyalty.facts import ActFact, OrderFact
from loyalty.movements import BudgetUse
from loyalty.returns import gains_left
from loyalty.turn import Turn


def without_holds(
    acts: tuple[ActFact, ...], holds: tuple[str, ...]
) -> tuple[ActFact, ...]:
    """Acts without what was set aside for an order that is cancelled."""
    if not holds:
        return acts
    return tuple(
        act for act in acts if act.fact_id not in holds and act.target not in holds
    )


def scaled_grants(
    turn: Turn, acts: tuple[ActFact, ...], fact: OrderFact, *, was: OrderFact
) -> tuple[ActFact, ...]:
    """Grants of budgets for an order, down to the share that is left of its gains."""
    if not any(act.kind == "grant" and act.target == fact.order_id for act in acts):
        return acts
    program = turn.programs.at(fact.at)
    before = {gain.rule_id: gain.points for gain in was.gains}
    left = {gain.rule_id: gain.points for gain in gains_left(fact, program)}
    scaled = []
    for act in acts:
        now = act
        if act.kind == "grant" and act.target == fact.order_id:
            whole = max(before.get(act.rule_id, 0), 1)
            # The grant as it was first, times what is left: no rounding adds up.
            points = min(act.until * left.get(act.rule_id, 0) // whole, act.points)
            rule = program.rules[act.rule_id]
            if points < act.points:
                budget_id = getattr(rule, "budget_id", "")
                freed = act.points - points
                use = BudgetUse(
                    budget_id, fact.order_id, act.rule_id, freed, fact.at, act.store_id
                )
                turn.releases.append(use)
                now = act._replace(points=points)
        scaled.append(now)
    return tuple(scaled)
