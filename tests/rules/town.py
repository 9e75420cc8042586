"""A town of members under one program document: events in, balances out."""

from collections import deque
from datetime import UTC, datetime
from typing import Any

import yaml

from loyalty.accounts import is_account, partition_in
from loyalty.budgets import Budget
from loyalty.decide import decide
from loyalty.decision import Decision, Duplicate, LedgerEntry, Refusal
from loyalty.events import Applied, Command, MemberEvent, OrderEvent, OrderLine, Tick
from loyalty.member import NEW_MEMBER, Member, balance_of, debt_of
from loyalty.messages import Message
from loyalty.program import Program
from loyalty.program_document import program_from
from loyalty.settlement import Settlement
from loyalty.settling import Account, Known, Rules, Step
from loyalty.zones import UTC as UTC_ZONE
from loyalty.zones import utc_ms
from stores.programs import EDGE_CALENDARS
from tests.builders import a_cancellation, a_refund, an_activity, an_order

Outcome = Decision | Duplicate | Refusal


def a_document(text: str = "", **fields: Any) -> dict[str, Any]:
    """Document of a program: the least that there must be, and what a test is about."""
    least = {"program": "test", "version": 1, "currency": "USD"}
    return least | (yaml.safe_load(text) or {}) | fields


def built(text: str = "", **fields: Any) -> Program:
    """Program of a document."""
    return program_from(a_document(text, **fields), EDGE_CALENDARS)


def at(text: str, zone: str = "UTC") -> int:
    """Time in ms of a local time such as 2026-01-25 or 2026-01-25T12:00."""
    local = datetime.fromisoformat(text).replace(tzinfo=UTC)
    known = EDGE_CALENDARS.zone(zone) if zone != "UTC" else UTC_ZONE
    return utc_ms(known, round(local.timestamp() * 1_000))


class Town:
    """Members, and the accounts of budgets in some partitions; all answers arrive."""

    def __init__(self, program: Program, *, partitions: int = 1) -> None:
        self.program = program
        self.members: dict[str, Member] = {}
        self.entries: dict[str, list[LedgerEntry]] = {}
        self.accounts: list[dict[str, Account]] = [{} for _ in range(partitions)]
        self.told: list[str] = []
        self.messages: list[Message] = []
        self.reasons: list[str] = []
        self._count = 0

    def decide(self, event: MemberEvent, member_id: str = "member-1") -> Outcome:
        """Decide an event, and everything that it leads to."""
        member = self.members.get(member_id, NEW_MEMBER)
        outcome = decide(member, event, self.program, member_id=member_id)
        if isinstance(outcome, Decision):
            settlement = self._settlement(self._partition_of(member_id))
            settlement.member(Step(member_id, event, outcome))
            self._commit(self._partition_of(member_id), settlement)
        return outcome

    def order(
        self,
        amount_minor: int,
        when: str,
        *,
        order_id: str = "",
        lines: tuple[OrderLine, ...] | None = None,
        zone: str = "UTC",
        paid: tuple[str, int] | None = None,
        member_id: str = "member-1",
    ) -> str:
        """Place an order; return its id."""
        order_id = order_id or self._name("order")
        event = an_order(
            order_id,
            subtotal_minor=amount_minor,
            lines=lines,
            occurred_at=at(when, zone),
            member_id=member_id,
        )
        if paid:
            event = event._replace(applied=(Applied(None, paid[0], None, paid[1]),))
        self.place(event)
        return order_id

    def place(self, event: OrderEvent) -> Outcome:
        """Decide an order of its own member."""
        return self.decide(event, event.member_id)

    def refund(
        self,
        order_id: str,
        amount_minor: int,
        when: str,
        *,
        member_id: str = "member-1",
    ) -> Outcome:
        """Give money of an order back."""
        return self.decide(
            a_refund(
                order_id,
                amount_minor=amount_minor,
                refund_id=self._name("refund"),
                occurred_at=at(when),
                member_id=member_id,
            ),
            member_id,
        )

    def cancel(self, order_id: str, when: str) -> Outcome:
        """Cancel an order."""
        return self.decide(a_cancellation(order_id, occurred_at=at(when)))

    def say(
        self, kind: str, when: str, *, member_id: str = "member-1", **attributes: Any
    ) -> Decision:
        """Send a command; refused ones are decisions too."""
        name = attributes.pop("command_id", "") or self._name("command")
        actor = attributes.pop("actor", "desk")
        command = Command(name, member_id, kind, at(when), actor, attributes)
        outcome = self.decide(command, member_id)
        assert isinstance(outcome, Decision), outcome
        return outcome

    def void(self, target: str, when: str) -> Decision:
        """Undo an earlier command."""
        name = self._name("void")
        attributes = {"command_id": target}
        outcome = self.decide(
            Command(name, "member-1", "points.void", at(when), "desk", attributes)
        )
        assert isinstance(outcome, Decision), outcome
        return outcome

    def act(
        self, kind: str, when: str, *, member_id: str = "member-1", **attributes: Any
    ) -> Outcome:
        """Do something in the app."""
        activity = an_activity(
            self._name("act"), occurred_at=at(when), member_id=member_id
        )
        return self.decide(
            activity._replace(type=kind, attributes=attributes), member_id
        )

    def tick(
        self, when: str, *, member_id: str = "member-1", zone: str = "UTC"
    ) -> None:
        """Let a time come."""
        self.decide(Tick(at(when, zone)), member_id)

    def live_until(self, when: str, *, zone: str = "UTC") -> None:
        """Let time pass: a tick at each moment at which something is due."""
        until = at(when, zone)
        while 0 < (due_at := self.member().next_due_at) <= until:
            self.decide(Tick(due_at))
            assert self.member().next_due_at not in range(1, due_at + 1), "it is done"

    def decide_tick(self, when_ms: int) -> None:
        """Let a moment come."""
        self.decide(Tick(when_ms))

    def member(self, member_id: str = "member-1") -> Member:
        """A member as of now."""
        return self.members.get(member_id, NEW_MEMBER)

    def balance(self, wallet: str = "points", *, member_id: str = "member-1") -> int:
        """Points that can be used."""
        return balance_of(self.member(member_id).lots, wallet)

    def debt(self, wallet: str = "points") -> int:
        """Points that are owed."""
        return debt_of(self.member().state, wallet)

    def check_books(self) -> None:
        """Entries of each wallet sum to what its lots (less an overdraft) say."""
        for member_id, entries in self.entries.items():
            for wallet in self.program.wallets:
                name = wallet.wallet_id
                total = sum(one.points for one in entries if one.wallet == name)
                member = self.member(member_id)
                expected = balance_of(member.lots, name)
                if wallet.below_zero == "unlimited":
                    expected -= debt_of(member.state, name)
                assert total == expected, (member_id, name)

    def _name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}-{self._count}"

    def _partition_of(self, key: str) -> int:
        named = partition_in(key) if is_account(key) else None
        return sum(key.encode()) % len(self.accounts) if named is None else named

    def _settlement(self, number: int) -> Settlement:
        def find_budget(budget_id: str, _: int) -> Budget | None:
            return self.program.budget_by_id.get(budget_id)

        rules = Rules(number, decide, self.program, find_budget)
        known = Known(
            lambda one: self.members.get(one, NEW_MEMBER), self.accounts[number].get
        )
        return Settlement(rules, known)

    def _commit(self, number: int, settlement: Settlement) -> None:
        """Take over what a record did, then deliver all that it sent."""
        coming = deque(self._take(number, settlement))
        while coming:
            command = coming.popleft()
            to = command.member_id
            partition = self._partition_of(to)
            answer = self._settlement(partition)
            if is_account(to):
                answer.account(command)
            else:
                member = self.members.get(to, NEW_MEMBER)
                outcome = decide(member, command, self.program, member_id=to)
                if isinstance(outcome, Decision):
                    answer.member(Step(to, command, outcome))
            coming.extend(self._take(partition, answer))

    def _take(self, number: int, settlement: Settlement) -> list[Command]:
        for step in settlement.steps:
            self.members[step.member_id] = step.decision.member
            entries = self.entries.setdefault(step.member_id, [])
            entries.extend(step.decision.entries)
            self.told += [one.trigger_id for one in step.decision.triggers]
            self.reasons += [one.reason for one in step.decision.triggers]
            self.messages += step.decision.messages
        self.accounts[number].update(settlement.accounts)
        return settlement.outbox
