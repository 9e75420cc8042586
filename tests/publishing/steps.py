"""Changes of a small program, as a log would hold them."""

from typing import Any

from loyalty.program_document import program_from
from loyalty.publishing.changes import (
    APPROVED,
    DOCUMENT,
    DRAFTED,
    PUBLISHED,
    SUBMITTED,
    ProgramChange,
    Refused,
    Taken,
    Verdict,
)
from loyalty.publishing.publishing import EMPTY, Publishing, fold
from tests.builders import NOON

SECOND = 1_000
A_BONUS = {
    "id": "noon",
    "kind": "add",
    "points": 50,
    "caps": [{"period": "day", "times": 1}],
}
A_DOCUMENT: dict[str, Any] = {
    "program": "bistro",
    "currency": "USD",
    "earn": [{"id": "spend", "points": 1, "step_minor": 100}],
    "offers": [{"id": "meal", "name": "A meal", "cost_points": 100}],
}


class Log:
    """Changes written one after the other, each a second after the last."""

    def __init__(self, document: dict[str, Any] = A_DOCUMENT) -> None:
        self.known: Publishing = EMPTY
        self.changes: list[ProgramChange] = []
        self.verdicts: list[Verdict] = []
        self.now = NOON
        self.write(DOCUMENT, "ana", document=document, expected=0)

    def write(self, kind: str, author: str, **fields: Any) -> Verdict:
        """Write a change at the revision that the rule has, unless it says which."""
        rule_id = fields.get("rule_id", "")
        rule = self.known.rule(rule_id)
        expected = fields.pop("expected", rule.revision if rule else 0)
        change = ProgramChange(
            f"c{len(self.changes)}", kind, author, self.now, expected, **fields
        )
        self.changes.append(change)
        self.known, verdict = fold(self.known, change, program_from)
        self.verdicts.append(verdict)
        self.now += SECOND
        return verdict

    def step(self, kind: str, author: str = "ana", **fields: Any) -> Verdict:
        """Take a step of the bonus."""
        return self.write(kind, author, rule_id=A_BONUS["id"], **fields)

    def draft(self, author: str = "ana", **changed: Any) -> Verdict:
        """Write a version of the bonus."""
        document = A_BONUS | changed
        return self.step(DRAFTED, author, section="bonuses", document=document)

    def approved(self, **changed: Any) -> int:
        """Write a version that ben approves; its number."""
        self.draft(**changed)
        self.step(SUBMITTED)
        verdict = self.step(APPROVED, "ben")
        assert isinstance(verdict, Taken), verdict
        rule = self.known.rules["noon"]
        return len(rule.versions)

    def published(self, **changed: Any) -> int:
        """Publish a version; from when it runs."""
        verdict = self.step(PUBLISHED, version=self.approved(**changed))
        assert isinstance(verdict, Taken), verdict
        return verdict.effective_from

    def points_at(self, time: int) -> list[int]:
        """Points of the bonuses that run at a time."""
        from loyalty.publishing.timeline import TimedPrograms

        program = TimedPrograms(self.known.timeline, program_from).at(time)
        return [rule.points for rule in program.bonus_rules]


def reason(verdict: Verdict) -> str:
    """Code of a refusal; empty for what is taken."""
    return verdict.reason if isinstance(verdict, Refused) else ""
