"""
Members who touch one another, and budgets: all of them folded in one order.

Referrals, transfers, pools and budgets make a member's points depend on others.
Then all events are taken in the order of their arrival, as by an engine of one
partition, with the engine's own settlement; what a decision sends is delivered
before the next event.
"""

from collections import deque
from collections.abc import Iterable
from heapq import heappop, heappush
from typing import Final

from loyalty.accounts import is_account
from loyalty.backtest.fold import Plan, first_from, time_of
from loyalty.backtest.measures import BUDGET, Meter, Standing
from loyalty.budget_books import Lease, due_at_of
from loyalty.budgets import Budget
from loyalty.decision import Decision, Refusal
from loyalty.events import Command, MemberEvent, Tick
from loyalty.member import NEW_MEMBER, Member
from loyalty.program import Programs
from loyalty.settlement import Settlement
from loyalty.settling import Account, Decide, Known, Rules, Step

# One event leads to no more deliveries than this, or its rules never rest.
DELIVERIES_MAX: Final = 100_000
Arrival = tuple[str, MemberEvent]


class World:
    """All members of one side, and the accounts of its budgets."""

    def __init__(self, decide: Decide, programs: Programs, meter: Meter | None) -> None:
        """Start with nobody."""
        self.members: dict[str, Member] = {}
        self.accounts: dict[str, Account] = {}
        self.meter = meter
        self.declined = 0
        self._decide = decide
        self._programs = programs
        self._rules = Rules(0, decide, programs, self._find_budget)
        self._known = Known(
            lambda member_id: self.members.get(member_id, NEW_MEMBER),
            self.accounts.get,
        )
        self._due: list[tuple[int, str]] = []
        self._post: deque[Command] = deque()

    def follow(self, other: "World") -> None:
        """Take over members and accounts as they stand elsewhere."""
        self.members.update(other.members)
        self.accounts.update(other.accounts)
        self._due = sorted(other._due)  # noqa: SLF001 - of the same class

    def fold(self, arrivals: Iterable[Arrival]) -> None:
        """Take events in the order of their arrival, and time between them."""
        for member_id, event in arrivals:
            at = time_of(event)
            self.pass_time(at)
            self._take(member_id, event, at)
            self._deliver()

    def pass_time(self, at: int) -> None:
        """Let everything become true that is due up to a time, each at its moment."""
        while self._due and self._due[0][0] <= at:
            due_at, owner_id = heappop(self._due)
            account = self.accounts.get(owner_id)
            if isinstance(account, Lease):
                if due_at_of(account) == due_at:
                    settlement = Settlement(self._rules, self._known)
                    settlement.tick(owner_id, due_at)
                    self._commit(settlement, due_at)
            elif self.members.get(owner_id, NEW_MEMBER).next_due_at == due_at:
                self._take(owner_id, Tick(due_at), due_at)
            self._deliver()

    def standings(self, meter: Meter) -> dict[str, Standing]:
        """How everybody ends, who was in the range or not; and what budgets gave."""
        for account_id, account in sorted(self.accounts.items()):
            if isinstance(account, Lease):
                spent = sum(book.spent for book in account.books)
                name = account_id.split(":")[1]
                meter.add(BUDGET, name, "spent", amount=spent)
        return {
            member_id: meter.standing(member_id, member)
            for member_id, member in sorted(self.members.items())
        }

    def _take(self, member_id: str, event: MemberEvent, at: int) -> None:
        member = self.members.get(member_id, NEW_MEMBER)
        settlement = Settlement(self._rules, self._known)
        try:
            verdict = self._decide(member, event, self._programs, member_id=member_id)
            if isinstance(verdict, Decision):
                settlement.member(Step(member_id, event, verdict))
        # As in the engine: a rule that fails has changed nothing.
        except Exception as fault:  # noqa: BLE001 - counted, as a dead letter is
            verdict = Refusal("engine-fault", f"{type(fault).__name__}: {fault}")
        if isinstance(verdict, Decision):
            self._commit(settlement, at)
        elif self.meter is not None:
            self.meter.left_out(verdict)

    def _deliver(self) -> None:
        for _ in range(DELIVERIES_MAX):
            if not self._post:
                return
            command = self._post.popleft()
            if is_account(command.member_id):
                settlement = Settlement(self._rules, self._known)
                if settlement.account(command) is None:
                    self._commit(settlement, command.occurred_at)
            else:
                self._take(command.member_id, command, command.occurred_at)
        self._post.clear()

    def _commit(self, settlement: Settlement, at: int) -> None:
        self.declined += len(settlement.declined)
        for member_id, event, decision in settlement.steps:
            due_at = decision.member.next_due_at
            if due_at and due_at != self._due_at(member_id):
                heappush(self._due, (due_at, member_id))
            self.members[member_id] = decision.member
            if self.meter is not None:
                self.meter.take(member_id, event, decision, at=at)
        for account_id, account in settlement.accounts.items():
            self.accounts[account_id] = account
            if isinstance(account, Lease) and due_at_of(account):
                heappush(self._due, (due_at_of(account), account_id))
        self._post.extend(settlement.outbox)

    def _due_at(self, member_id: str) -> int:
        return self.members.get(member_id, NEW_MEMBER).next_due_at

    def _find_budget(self, budget_id: str, at: int) -> Budget | None:
        return self._programs.at(at).budget_by_id.get(budget_id)


def fold_all(
    decide: Decide, plan: Plan, arrivals: list[Arrival], *, meters: tuple[Meter, Meter]
) -> dict[str, tuple[Standing, Standing]]:
    """Both sides of all members, from events sorted as they arrived."""
    inside = [one for one in arrivals if time_of(one[1]) < plan.to_at]
    start = 0
    before = World(decide, plan.current, None)
    if plan.from_at:
        start = first_from([event for _, event in inside], plan.from_at)
        before.fold(inside[:start])
        before.pass_time(plan.from_at - 1)
    ends = []
    for programs, meter in zip((plan.current, plan.candidate), meters, strict=True):
        world = World(decide, programs, meter)
        world.follow(before)
        world.fold(inside[start:])
        world.pass_time(plan.to_at)
        ends.append(world.standings(meter))
    nobody = Standing({}, NEW_MEMBER)
    return {
        member_id: (ends[0].get(member_id, nobody), ends[1].get(member_id, nobody))
        for member_id in sorted({*ends[0], *ends[1]})
    }
