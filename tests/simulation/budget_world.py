"""Partitions that share budgets: any order across them, repeats, crashes, one seed."""

from collections import defaultdict
from random import Random
from typing import Any
from zlib import crc32

from loyalty.accounts import (
    account_in,
    is_account,
    partition_in,
)
from loyalty.budget_books import Lease, Owner
from loyalty.budgets import (
    GRANTED,
    LEASED,
    RETURN,
    Budget,
    Claim,
    Release,
)
from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.events import Command
from loyalty.member import NEW_MEMBER, Member, SeenEvent
from loyalty.program import Program
from loyalty.settlement import Settlement
from loyalty.settling import Account, Decide, Known, Rules, Step
from tests.builders import A_FULL_PROGRAM, NOON

READERS = 41
CLAIM, UNDO, SEND = "test.claim", "test.undo", "test.send"


def claim_or_take(
    member: Member, event: Any, program: Any, *, member_id: str
) -> Decision | Duplicate | Refusal:
    """Rules of a line each: a claim for a claim, a release for an undo, a grant is had."""
    del program
    if isinstance(event, Command) and event.type not in (CLAIM, UNDO, SEND, GRANTED):
        return Refusal("command-unknown", event.type)
    seen = SeenEvent(event.command_id.encode(), 0)
    if seen in member.recent:
        return Duplicate(event.command_id)
    say = event.attributes
    claims: tuple[Claim, ...] = ()
    releases: tuple[Release, ...] = ()
    at, period, store = event.occurred_at, say.get("period"), say.get("store_id")
    if event.type == CLAIM:
        claim_id = f"{event.command_id}/claim"
        claims = (
            Claim("b", claim_id, member_id, "o", "r", say["units"], at, store, period),
        )
    elif event.type == UNDO:
        releases = (Release("b", say["units"], at, store, period),)
    changed = member._replace(version=member.version + 1, recent=(*member.recent, seen))
    outbox = sent_by(event) if event.type == SEND else ()
    why = event.type
    return Decision(changed, (), (), (), "", "", why, outbox, claims, releases)


def sent_by(command: Command) -> tuple[Command, ...]:
    """What a chain letter makes its reader send, and a claim at its end."""
    hops = int(command.attributes["hops"])
    if not hops:
        say = {"units": 7, "period": 0, "store_id": ""}
        name = f"{command.command_id}.claim"
        return (command._replace(command_id=name, type=CLAIM, attributes=say),)
    names = [f"{command.command_id}.{number}" for number in range(1 + hops % 2)]
    return tuple(
        command._replace(
            command_id=name,
            member_id=f"member-{crc32(name.encode()) % READERS}",
            attributes={"hops": hops - 1},
        )
        for name in names
    )


class BudgetWorld:
    """Everything that one seed decides about some partitions and a budget."""

    decide: Decide = staticmethod(claim_or_take)
    program: Program = A_FULL_PROGRAM

    def __init__(self, seed: int, budget: Budget, partitions: int) -> None:
        self.random = Random(seed)
        self.budget = budget
        self.count = partitions
        self.logs: list[list[Command]] = [[] for _ in range(partitions)]
        self.at: list[int] = [0] * partitions
        self.members: dict[str, Member] = {}
        self.accounts: list[dict[str, Account]] = [{} for _ in range(partitions)]
        self.granted: dict[tuple[int, str], int] = defaultdict(int)
        self.answers: dict[str, int] = {}
        # Numbers of units in the order in which they were given.
        self.numbers: list[int] = []
        self.desired: dict[str, int] = {}
        self.crashes = 0
        self.messages = 0
        self._claims = 0

    def claim(
        self, partition: int, units: int, *, period: int = 0, store: str = ""
    ) -> str:
        """Somebody in a partition places what makes a claim."""
        self._claims += 1
        name = f"c{self._claims}"
        self._tell(partition, name, CLAIM, units=units, period=period, store_id=store)
        self.desired[f"{name}/claim"] = units
        return f"{name}/claim"

    def undo(self, claim_id: str, partition: int) -> int:
        """Take back all that a claim was granted; return how much."""
        units = self.answers.pop(claim_id, 0)
        if units:
            self.desired.pop(claim_id)
            self._tell(
                partition, f"{claim_id}-undo", UNDO, units=units, period=0, store_id=""
            )
        return units

    def run(self, *, crash_chance: float = 0.1, check: Any = None) -> None:
        """Work until nothing is left, a random partition's next record at a time."""
        while waiting := [
            n for n in range(self.count) if self.at[n] < len(self.logs[n])
        ]:
            number = self.random.choice(waiting)
            if self._work(number, self.logs[number][self.at[number]], crash_chance):
                self.at[number] += 1
            if check is not None:
                check(self)

    def tick(self, at: int) -> None:
        """A time that comes to every lease."""
        for number in range(self.count):
            for account_id, account in sorted(self.accounts[number].items()):
                if isinstance(account, Lease):
                    settlement = self._settlement(number)
                    settlement.tick(account_id, at)
                    self._commit(number, settlement)

    def leases(self, account: str) -> list[Lease]:
        """All leases of an account."""
        found = []
        for number, accounts in enumerate(self.accounts):
            lease = accounts.get(f"lease:{account}:{number}")
            if isinstance(lease, Lease):
                found.append(lease)
        return found

    def owner(self, account: str) -> Owner:
        """Owner of an account."""
        name = f"budget:{account}"
        owner = self.accounts[self.partition_of(name)].get(name)
        assert isinstance(owner, Owner)
        return owner

    def on_the_way(self, account: str, period: int) -> int:
        """Units inside messages that nobody has taken yet."""
        units = 0
        for log, at in zip(self.logs, self.at, strict=True):
            taken = {command.command_id for command in log[:at]}
            # A repeat of a message is the same message.
            coming = {c.command_id: c for c in log[at:] if c.command_id not in taken}
            for command in coming.values():
                if (
                    command.type in (LEASED, RETURN)
                    and account_in(command.member_id) == account
                    and command.attributes["period"] == period
                ):
                    units += int(command.attributes["units"])
        return units

    def partition_of(self, key: str) -> int:
        """As a partitioner does it; which one is no matter here."""
        named = partition_in(key)
        return sum(key.encode()) % self.count if named is None else named

    def _tell(self, partition: int, name: str, kind: str, **say: Any) -> None:
        member_id = f"m{partition}-{self.random.randrange(5)}"
        command = Command(name, member_id, kind, NOON, "", say)
        log = self.logs[partition]
        # Anywhere among what is still to come: that is how orders arrive.
        log.insert(self.random.randint(self.at[partition], len(log)), command)
        if self.random.random() < 0.1:
            log.append(command)

    def _work(self, number: int, command: Command, crash_chance: float) -> bool:
        settlement = self._settlement(number)
        if is_account(command.member_id):
            settlement.account(command)
        else:
            member_id = command.member_id
            member = self.members.get(member_id, NEW_MEMBER)
            verdict = self.decide(member, command, self.program, member_id=member_id)
            if isinstance(verdict, Decision):
                settlement.member(Step(member_id, command, verdict))
        if self.random.random() < crash_chance:
            # Killed before the transaction ended: nothing of it is ever seen.
            self.crashes += 1
            return False
        self._commit(number, settlement)
        return True

    def _commit(self, number: int, settlement: Settlement) -> None:
        assert settlement.declined == []
        for step in settlement.steps:
            self.members[step.member_id] = step.decision.member
            self._note(step)
        self.accounts[number].update(settlement.accounts)
        for command in settlement.outbox:
            log = self.logs[self.partition_of(command.member_id)]
            self.messages += 1
            log.append(command)
            if self.random.random() < 0.1:
                log.append(command)

    def _note(self, step: Step) -> None:
        """Count what a decision was granted, and what it gives back."""
        event = step.event
        assert isinstance(event, Command)
        if event.type == GRANTED:
            say = event.attributes
            value = int(say["value"])
            assert event.command_id not in self.answers, "answered twice"
            self.answers[event.command_id] = value
            if "number" in say:
                self.numbers.append(int(say["number"]))
            self.granted[int(say["period"]), str(say["store_id"])] += value
        for release in step.decision.releases:
            self.granted[release.period, release.store_id] -= release.units

    def _find_budget(self, name: str) -> Budget | None:
        return self.budget if name == self.budget.budget_id else None

    def _settlement(self, number: int) -> Settlement:
        rules = Rules(
            number,
            self.decide,
            self.program,
            lambda name, _: self._find_budget(name),
        )
        known = Known(
            lambda member_id: self.members.get(member_id, NEW_MEMBER),
            self.accounts[number].get,
        )
        return Settlement(rules, known)
