"""What a turn asks of budgets, and what it gives back to them."""

from loyalty.budgets import NONE, Claim, Release
from loyalty.events import ActivityEvent, MemberEvent, OrderEvent
from loyalty.movements import BudgetUse
from loyalty.periods import period_of
from loyalty.program import Program
from loyalty.stock import units_of_ended
from loyalty.turn import Turn


def claims_of(turn: Turn, event: MemberEvent) -> tuple[Claim, ...]:
    """Claims of a turn, with ids that are the same in each replay."""
    if not turn.claims:
        return ()
    store_id = ""
    if isinstance(event, OrderEvent | ActivityEvent):
        store_id = event.store_id or ""
    version = turn.member.version + 1
    return tuple(
        Claim(
            use.budget_id,
            f"{turn.member_id}:{version}:claim-{number}",
            turn.member_id,
            use.order_id,
            use.rule_id,
            use.points,
            use.at,
            use.store_id or store_id,
            _period(use.budget_id, use.at, turn.programs.at(use.at)),
        )
        for number, use in enumerate(turn.claims)
    )


def releases_of(turn: Turn) -> tuple[Release, ...]:
    """Units that come back to budgets, in the period that they were granted in."""
    return tuple(
        Release(
            use.budget_id,
            use.points,
            use.at,
            use.store_id,
            _period(use.budget_id, use.at, turn.programs.at(use.at)),
        )
        for use in _given_back(turn)
        if use.points
    )


def _given_back(turn: Turn) -> list[BudgetUse]:
    if not turn.member.state.holds:
        return turn.releases
    return [*turn.releases, *units_of_ended(turn)]


def _period(budget_id: str, at: int, program: Program) -> int:
    budget = program.budget_by_id.get(budget_id)
    if budget is None or budget.period == NONE:
        return 0
    return period_of(budget.period, at, program.zone)
