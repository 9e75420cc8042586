"""Members in partitions of their own: what one sends to another takes its time."""

from collections import deque
from random import Random

from loyalty.decide import decide
from loyalty.decision import Decision, Duplicate, LedgerEntry, Refusal
from loyalty.events import ActivityEvent, Command, MemberEvent, OrderEvent
from loyalty.member import NEW_MEMBER, Member
from loyalty.program import Program

Outcome = Decision | Duplicate | Refusal


class Company:
    """
    Members, and for each the log of what it has still to judge.

    A log keeps its order, as a partition does; which member is next is for the
    random, and so is what is delivered twice.
    """

    def __init__(
        self, program: Program, random: Random | None = None, *, repeats: float = 0.0
    ) -> None:
        self.program = program
        self.members: dict[str, Member] = {}
        self.entries: dict[str, list[LedgerEntry]] = {}
        self.outcomes: list[tuple[str, MemberEvent, Outcome]] = []
        self.results: dict[str, Decision] = {}
        self._logs: dict[str, deque[MemberEvent]] = {}
        self._random = random or Random(0)
        self._repeats = repeats

    def member(self, member_id: str) -> Member:
        """Member as it stands."""
        return self.members.get(member_id, NEW_MEMBER)

    def send(self, member_id: str, event: MemberEvent) -> None:
        """Append an event to a member's log, now and then twice."""
        log = self._logs.setdefault(member_id, deque())
        log.append(event)
        if self._random.random() < self._repeats:
            log.append(event)

    def ask(self, member_id: str, kind: str, at: int, **attributes: object) -> str:
        """Send a command; return its id."""
        command_id = f"c-{len(self.outcomes)}-{member_id}-{kind}-{at}"
        named = {name.rstrip("_"): value for name, value in attributes.items()}
        self.send(member_id, Command(command_id, member_id, kind, at, "desk", named))
        return command_id

    def do(self, member_id: str, event: MemberEvent) -> Outcome:
        """Judge one event and all that it leads to; return what became of it."""
        self.send(member_id, event)
        before = len(self.outcomes)
        self.settle()
        return self.outcomes[before][2]

    def command(self, member_id: str, kind: str, at: int, **attributes: object) -> str:
        """Let a command and all that it leads to happen; return its refusal."""
        command_id = self.ask(member_id, kind, at, **attributes)
        self.settle()
        return self.results[command_id].refusal

    def settle(self) -> None:
        """Let every log come to its end."""
        while self.step():
            pass

    def step(self) -> bool:
        """Judge the next event of one member; False when there is none."""
        waiting = [member_id for member_id, log in self._logs.items() if log]
        if not waiting:
            return False
        member_id = self._random.choice(sorted(waiting))
        event = self._logs[member_id].popleft()
        outcome = decide(
            self.member(member_id), event, self.program, member_id=member_id
        )
        self.outcomes.append((member_id, event, outcome))
        if isinstance(outcome, Decision):
            self._commit(member_id, event, outcome)
        return True

    def worth(self, wallet: str = "points") -> int:
        """Points of all members: there, waiting and held, less what is owed."""
        assert not any(self._logs.values()), "nothing is on its way"
        return sum(worth_of(member, wallet) for member in self.members.values())

    def _commit(self, member_id: str, event: MemberEvent, done: Decision) -> None:
        self.members[member_id] = done.member
        self.entries.setdefault(member_id, []).extend(done.entries)
        if isinstance(event, Command):
            self.results[event.command_id] = done
            answered = (done.result or {}).get("answers")
            if answered:
                self.results[str(answered)] = done
        for command in done.outbox:
            self.send(command.member_id, command)
        if done.forward is not None:
            assert isinstance(event, OrderEvent | ActivityEvent)
            # As `schemas.forwarding` does it.
            to, is_final = done.forward
            self.send(to, event if is_final else event._replace(member_id=to))


def worth_of(member: Member, wallet: str = "points") -> int:
    """Points of a member: there, waiting and held, less what is owed."""
    state = member.state
    return (
        sum(lot.points for lot in state.lots if lot.wallet == wallet)
        + sum(one.lot.points for one in state.pending if one.lot.wallet == wallet)
        + sum(
            lot.points
            for hold in state.holds
            for lot in hold.lots
            if lot.wallet == wallet
        )
        - sum(debt.points for debt in state.debts if debt.wallet == wallet)
    )
