"""
Everything that one record leads to: its decision, its claims, their answers.

In this order, all in one transaction: the member's decision, what it gives back
to budgets, what it claims of them, and for each answer that is there at once
the decision of the member who gets it. Nothing of it is visible before the end,
so a fault half way leaves nothing behind.
"""

from collections import deque
from typing import NamedTuple

from loyalty.accounts import (
    Seat,
    account_in,
    account_of,
    accounts_of,
    granted,
    number,
)
from loyalty.budget_books import Lease, Owner
from loyalty.budget_lease import (
    LeaseStep,
    take_claim,
    take_leased,
    take_recall,
    take_release,
    tick_lease,
)
from loyalty.budget_owner import (
    take_message,
)
from loyalty.budgets import (
    LEASE,
    LEASED,
    OWNER_PREFIX,
    RECALL,
    RETURN,
    UNKNOWN,
    Answer,
    Asked,
    Budget,
    Claim,
    Release,
)
from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.effects import RuleFault, check_effects
from loyalty.events import Command
from loyalty.limits import SETTLED_MAX
from loyalty.member import Member
from loyalty.settling import Account, Known, Rules, Step


class _Answered(NamedTuple):
    answer: Answer
    seat: Seat


class Settlement:
    """What one record does, step by step."""

    def __init__(self, rules: Rules, known: Known) -> None:
        """Start with nothing."""
        self.steps: list[Step] = []
        self.accounts: dict[str, Account] = {}
        self.outbox: list[Command] = []
        # Grants that their member did not take: their units went back.
        self.declined: list[tuple[Command, Duplicate | Refusal]] = []
        self._rules = rules
        self._known = known
        self._members: dict[str, Member] = {}
        self._work: deque[Claim | Release | _Answered] = deque()

    def member(self, step: Step) -> None:
        """
        Take over a member's decision, and settle what it leads to.

        Raises: RuleFault.
        """
        self._take(step)
        self._settle()

    def account(self, command: Command) -> Duplicate | Refusal | None:
        """
        Let an account of this partition take a message; None when it did.

        Raises: RuleFault, and ValueError for a message that is not ours.
        """
        account_id = command.member_id
        budget = self._budget(command)
        if account_id.startswith(OWNER_PREFIX):
            if command.type not in (LEASE, RETURN):
                return _unfit(command)
            seat = Seat(account_in(account_id), budget, number(command, "partition"))
            owner = self._owner(account_id)
            step = take_message(owner, command, seat)
            if step is None:
                return Duplicate(f"message {command.command_id} is known")
            self.accounts[account_id] = step.owner
            self.outbox.extend(step.messages)
            return None
        seat = Seat(account_in(account_id), budget, self._rules.partition)
        if command.type not in (LEASED, RECALL) or seat.lease_id != account_id:
            return _unfit(command)
        take = take_leased if command.type == LEASED else take_recall
        taken = take(self._lease(seat), command, seat)
        if taken is None:
            return Duplicate(f"message {command.command_id} is known")
        self._took(taken, seat)
        self._settle()
        return None

    def tick(self, account_id: str, at: int) -> None:
        """Let a lease give back what lies idle at a time."""
        account, partition = account_in(account_id), self._rules.partition
        lease = self._lease(Seat(account, Budget("", 0), partition))
        budget_id = lease.budget_id
        budget = self._rules.find_budget(budget_id, at) or Budget(budget_id, 0)
        seat = Seat(account, budget, partition)
        self._took(tick_lease(lease, at, seat), seat)
        self._settle()

    def _take(self, step: Step) -> None:
        if len(self.steps) >= SETTLED_MAX:
            raise RuleFault(f"one record led to more than {SETTLED_MAX} decisions")
        check_effects(step.decision)
        self.steps.append(step)
        self._members[step.member_id] = step.decision.member
        self.outbox.extend(step.decision.outbox)
        self._work.extend(step.decision.releases)
        self._work.extend(step.decision.claims)

    def _settle(self) -> None:
        while self._work:
            work = self._work.popleft()
            if isinstance(work, Claim):
                self._claim(work)
            elif isinstance(work, Release):
                self._release(work)
            else:
                self._answer(*work)

    def _claim(self, claim: Claim) -> None:
        budget = self._rules.find_budget(claim.budget_id, claim.occurred_at)
        asked = Asked(claim, claim.desired)
        if budget is None or claim.desired <= 0:
            reason = UNKNOWN if budget is None else ""
            self._deliver(Answer(asked, 0, reason), (), budget)
            return
        seat = self._seat(budget, accounts_of(budget, claim.store_id)[0])
        self._took(take_claim(self._lease(seat), asked, seat), seat)

    def _release(self, release: Release) -> None:
        budget = self._rules.find_budget(release.budget_id, release.occurred_at)
        if budget is None:
            return
        for account in accounts_of(budget, release.store_id):
            seat = self._seat(budget, account)
            self._took(take_release(self._lease(seat), release, seat), seat)

    def _answer(self, answer: Answer, seat: Seat) -> None:
        """Pass a claim on from the store's share to the total, or to its member."""
        claim, units, passed = answer.asked
        total = account_of(claim.budget_id)
        if answer.value and seat.account != total:
            asked = Asked(claim, answer.value, (*passed, seat.account))
            next_seat = seat._replace(account=total)
            step = take_claim(self._lease(next_seat), asked, next_seat)
            self._took(step, next_seat)
            return
        for account in passed if answer.value < units else ():
            left = _release_of(claim, units - answer.value)
            share = seat._replace(account=account)
            self._took(take_release(self._lease(share), left, share), share)
        self._deliver(answer, (*passed, seat.account), seat.budget)

    def _deliver(
        self, answer: Answer, accounts: tuple[str, ...], budget: Budget | None
    ) -> None:
        """Let the member decide about its answer; what it does not take goes back."""
        command = granted(answer)
        member_id = command.member_id
        member = self._members.get(member_id) or self._known.member(member_id)
        program = self._rules.programs
        verdict: Decision | Duplicate | Refusal
        try:
            verdict = self._rules.decide(member, command, program, member_id=member_id)
            if isinstance(verdict, Decision):
                self._take(Step(member_id, command, verdict))
                return
        # One member's rule must not keep the answers of all others.
        except Exception as fault:  # noqa: BLE001 - told to the caller in `declined`
            verdict = Refusal("engine-fault", f"{type(fault).__name__}: {fault}")
        self.declined.append((command, verdict))
        if answer.value and budget is not None:
            back = _release_of(answer.asked.claim, answer.value)
            for account in accounts:
                seat = self._seat(budget, account)
                self._took(take_release(self._lease(seat), back, seat), seat)

    def _took(self, step: LeaseStep, seat: Seat) -> None:
        self.accounts[seat.lease_id] = step.lease
        self.outbox.extend(step.messages)
        self._work.extend(_Answered(answer, seat) for answer in step.answers)

    def _budget(self, command: Command) -> Budget:
        budget_id = str(command.attributes.get("budget_id", ""))
        found = self._rules.find_budget(budget_id, command.occurred_at)
        return found or Budget(budget_id, 0)

    def _seat(self, budget: Budget, account: str) -> Seat:
        return Seat(account, budget, self._rules.partition)

    def _lease(self, seat: Seat) -> Lease:
        known = self.accounts.get(seat.lease_id) or self._known.account(seat.lease_id)
        assert not isinstance(known, Owner), "ids of leases are leases'"
        return known or Lease()

    def _owner(self, account_id: str) -> Owner:
        known = self.accounts.get(account_id) or self._known.account(account_id)
        assert not isinstance(known, Lease), "ids of owners are owners'"
        return known or Owner()


def _release_of(claim: Claim, units: int) -> Release:
    return Release(
        claim.budget_id, units, claim.occurred_at, claim.store_id, claim.period
    )


def _unfit(command: Command) -> Refusal:
    return Refusal(
        "command-reserved", f"{command.type} is not for {command.member_id[:64]}"
    )
