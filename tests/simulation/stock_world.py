"""Members of many partitions who want the same few rewards, by the real rules."""

from collections import Counter
from typing import Any

from loyalty.budgets import GRANTED, NONE, Budget, stock_of
from loyalty.decide import decide
from loyalty.events import Command, Tick
from loyalty.facts import HOLD_TO_REDEEM, HOLD_TO_RESERVE
from loyalty.member import GIVEN, NEW_MEMBER, Member, balance_of
from loyalty.settling import Step
from tests.builders import NOON
from tests.rules.town import built
from tests.simulation.budget_world import BudgetWorld

COST, HOLD_MS, PURSE = 10, 1_800_000, 500
REWARDS = """
wallets: [{id: points, expiry_days: 3000}]
offers:
  - {id: mug, name: A mug, cost_points: 10, hold_minutes: 30, stock: {units: %d}}
"""
ASKS = ("points.redeem", "points.reserve")


class StockWorld(BudgetWorld):
    """Redemptions, reservations and all that ends them, in any order, repeated."""

    decide = staticmethod(decide)

    def __init__(self, seed: int, units: int, partitions: int) -> None:
        super().__init__(seed, Budget(stock_of("mug"), units, edge=NONE), partitions)
        self.program = built(REWARDS % units)
        self.homes: dict[str, int] = {}
        self.asked: dict[str, str] = {}
        self.outcomes: dict[str, str] = {}
        self._told = 0

    def ask(self, kind: str) -> None:
        """Somebody asks for a mug."""
        home = self.random.randrange(self.count)
        member_id = f"m{home}-{self.random.randrange(5)}"
        if member_id not in self.homes:
            self.homes[member_id] = home
            self._say(member_id, "points.adjust", points=PURSE)
        command_id = self._say(member_id, kind, reward_id="mug")
        self.asked[command_id] = member_id

    def end_one(self) -> None:
        """Somebody confirms, releases or voids what was asked for; or tries to."""
        command_id = self.random.choice(sorted(self.asked))
        member_id = self.asked[command_id]
        kind = self.random.choice(("confirm", "release", "void"))
        name = "command_id" if kind == "void" else "reservation_id"
        self._say(member_id, f"points.{kind}", **{name: command_id})

    def let_holds_end(self) -> None:
        """Time comes to every member, later than any reservation lasts."""
        at = NOON + self._told + 2 * HOLD_MS
        for member_id, home in sorted(self.homes.items()):
            member = self.members.get(member_id, NEW_MEMBER)
            if 0 < member.next_due_at <= at:
                verdict = decide(member, Tick(at), self.program, member_id=member_id)
                settlement = self._settlement(home)
                settlement.member(Step(member_id, Tick(at), verdict))
                self._commit(home, settlement)

    def in_use(self) -> int:
        """Units that members have: reserved, or used and not undone."""
        return sum(units_of(member) for member in self.members.values())

    def _note(self, step: Step) -> None:
        event, decision = step.event, step.decision
        if isinstance(event, Command):
            if event.type == GRANTED:
                super()._note(step)
                self._answer(str(event.attributes["order_id"]), decision.refusal)
                return
            if event.type in ASKS and decision.refusal:
                self._answer(event.command_id, decision.refusal)
        for release in decision.releases:
            self.granted[release.period, release.store_id] -= release.units

    def _answer(self, command_id: str, refusal: str) -> None:
        assert command_id not in self.outcomes, "answered twice"
        self.outcomes[command_id] = refusal or "given"

    def _say(self, member_id: str, kind: str, **say: Any) -> str:
        self._told += 1
        name = f"c{self._told}"
        at = NOON + self._told
        command = Command(name, member_id, kind, at, "desk", say)
        log = self.logs[self.homes[member_id]]
        log.append(command)
        if self.random.random() < 0.1:
            log.append(command)
        return name


def units_of(member: Member) -> int:
    """Units that a member has, by the acts that are remembered."""
    acts = Counter(
        act.kind if act.kind == "confirm" else "ask"
        for act in member.acts
        if act.kind in {"confirm", HOLD_TO_REDEEM, HOLD_TO_RESERVE}
    )
    held = sum(hold.stock == GIVEN for hold in member.state.holds)
    assert acts["confirm"] <= acts["ask"]
    return acts["confirm"] + held


def check_points(member: Member) -> None:
    """Nobody has paid for more or less than what there is, or is waited for."""
    waiting = sum(hold.waits for hold in member.state.holds)
    paid = COST * (units_of(member) + waiting)
    assert balance_of(member.lots) == PURSE - paid
