"""What rules gave and what is left to give, beside each rule of a list."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from api.console.rulebook.listing import document_of
from api.rule_steps import RuleDesk
from loyalty.budgets import NONE, Budget
from loyalty.experiments import base_id
from loyalty.periods import period_of, period_start
from loyalty.program import Program


class Gave(NamedTuple):
    """What a rule gave: points of a wallet, `worth_minor` where they pay for orders."""

    points: int
    wallet: str
    worth_minor: int | None


class Drawer(NamedTuple):
    """A budget, the rules that give from it, and when its period began (ms)."""

    budget: Budget
    rules: tuple[str, ...]
    since: int


class BudgetLeft(NamedTuple):
    """A budget of a rule: units in all, and those that members have got of it."""

    budget_id: str
    total: int
    used: int
    period: str

    @property
    def left(self) -> int:
        """Units that are left: those lent to partitions are."""
        return max(self.total - self.used, 0)

    @property
    def percent(self) -> int:
        """Share that is left, rounded down; nothing is left of nothing."""
        return self.left * 100 // self.total if self.total else 0


class Figures(NamedTuple):
    """
    What there is to say of a rule; `budget` is None where its use is not known.

    `members` got something, `times` is how often all of them together did.
    """

    members: int = 0
    times: int = 0
    gave: tuple[Gave, ...] = ()
    budget: BudgetLeft | None = None


NO_FIGURES = Figures()


def figures_of(
    records: Iterable[Mapping[str, Any]], program: Program
) -> dict[str, Figures]:
    """
    Figures by rule, out of what rules gave wallet by wallet and arm by arm.

    Nobody is in two arms, so they add up; whoever got points of two wallets counts
    once at least: the wallet that reached most tells the members.
    """
    members: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    points: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    times: dict[str, int] = defaultdict(int)
    for one in records:
        rule_id = base_id(one["rule"])
        members[rule_id][one["wallet"]] += one["members"]
        points[rule_id][one["wallet"]] += one["points"]
        times[rule_id] += one["times"]
    return {
        rule_id: Figures(
            max(members[rule_id].values()),
            count,
            tuple(
                gave_of(wallet, given, program)
                for wallet, given in sorted(points[rule_id].items())
                if wallet
            ),
        )
        for rule_id, count in times.items()
    }


def gave_of(wallet: str, points: int, program: Program) -> Gave:
    """Points with the name of their wallet, and their worth, rounded down."""
    payment = program.payment
    worth = None
    if payment is not None and payment.wallet == wallet:
        worth = points * payment.minor // payment.points
    names = {one.wallet_id: one.name for one in program.wallets}
    return Gave(points, names.get(wallet, wallet), worth)


def drawers_of(desk: RuleDesk, program: Program, now: int) -> list[Drawer]:
    """Budgets with the rules that give from them, also rules that no longer run."""
    rules: dict[str, list[str]] = defaultdict(list)
    for rule in desk.publishing.all_rules():
        budget_id = document_of(desk, rule).get("budget")
        if isinstance(budget_id, str) and budget_id in program.budget_by_id:
            rules[budget_id].append(rule.rule_id)
    return [
        Drawer(budget, tuple(sorted(rules[budget_id])), _since(budget, program, now))
        for budget_id, budget in sorted(program.budget_by_id.items())
        if budget_id in rules
    ]


def _since(budget: Budget, program: Program, now: int) -> int:
    if budget.period == NONE:
        return 0
    ordinal = period_of(budget.period, now, program.zone)
    return period_start(budget.period, ordinal, program.zone)


def left_of(
    drawers: Iterable[Drawer], used: Mapping[str, int]
) -> dict[str, BudgetLeft]:
    """Budgets by id, out of the points that each rule has given."""
    return {
        one.budget.budget_id: BudgetLeft(
            one.budget.budget_id,
            one.budget.total,
            max(sum(used.get(rule_id, 0) for rule_id in one.rules), 0),
            one.budget.period,
        )
        for one in drawers
    }
