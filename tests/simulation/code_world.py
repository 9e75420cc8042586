"""Members of many partitions who are given codes, and enter one, by the real rules."""

from typing import Any

from loyalty.budgets import GRANTED, Budget
from loyalty.decide import decide
from loyalty.events import Command
from loyalty.settling import Step
from tests.builders import NOON
from tests.rules.town import built
from tests.simulation.budget_world import BudgetWorld

OFFERS = """
code_pools: [{id: spring, codes: %d}]
personal_offers:
  - {id: cake, name: A cake, codes: spring, times_max: 3, when: {segments: [sweet]}}
  - {id: tea, name: A tea, code: TEA, limit: %d, times_max: 2}
"""


class CodeWorld(BudgetWorld):
    """Two offers, of which each asks its own budget; what is used may be given anew."""

    decide = staticmethod(decide)

    def __init__(self, seed: int, codes: int, *, limit: int, partitions: int) -> None:
        super().__init__(seed, Budget("", 0), partitions)
        self.program = built(OFFERS % (codes, limit))
        self.given: dict[str, list[str]] = {"cake": [], "tea": []}
        self.used: list[tuple[str, int]] = []
        self._told = 0

    def come(self, guests: int) -> None:
        """Somebody comes, and likes sweets: that alone gives a code."""
        self._say(self._guest(guests), "member.update", segments="sweet")

    def enter(self, guests: int) -> None:
        """Somebody enters the code that all know."""
        self._say(self._guest(guests), "code.enter", code="TEA")

    def use_all(self) -> None:
        """Everybody uses the codes that they have, and some of them twice."""
        for member_id, member in sorted(self.members.items()):
            for one in member.personal:
                if one.pool_id and not one.waits:
                    for _ in range(1 + self.random.randrange(2)):
                        say = {"pool": one.pool_id, "number": one.number}
                        self._say(member_id, "code.redeem", by=member_id, **say)

    def _guest(self, guests: int) -> str:
        number = self.random.randrange(guests)
        return f"m{number % self.count}-{number}"

    def _note(self, step: Step) -> None:
        event = step.event
        assert isinstance(event, Command)
        for one in step.decision.offer_events:
            if one.kind == "GRANTED":
                self.given[one.offer_id].append(step.member_id)
        if event.type == GRANTED and "number" in event.attributes:
            self.numbers.append(int(event.attributes["number"]))
        if event.type == "code.redeem" and not step.decision.refusal:
            say = event.attributes
            self.used.append((step.member_id, int(say["number"])))

    def _find_budget(self, name: str) -> Budget | None:
        return self.program.budget_by_id.get(name)

    def _say(self, member_id: str, kind: str, **say: Any) -> None:
        self._told += 1
        at = NOON + self._told
        command = Command(f"c{self._told}", member_id, kind, at, "desk", say)
        log = self.logs[int(member_id[1:].partition("-")[0])]
        log.append(command)
        if self.random.random() < 0.1:
            log.append(command)
