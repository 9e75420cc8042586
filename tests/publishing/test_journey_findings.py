"""Doubts about journeys that are sound."""

import pytest

from loyalty.publishing.analysis import findings_of, program_findings
from tests.journeys.walk import a_journey, steps

MISS = "kind: message, template: miss"
WAIT = "id: w, kind: wait, days: 1"
FIVE = "id: five, kind: give, points: 5"
OUT = "exits: [{event: order}]\n"


@pytest.mark.parametrize(
    ("case", "text", "found"),
    [
        ("a journey without doubts", OUT + steps(f"id: a, {MISS}", WAIT), []),
        ("nothing leads out", steps(f"id: a, {MISS}", WAIT), [("no-exit", "/rule/exits")]),
        ("service may speak on", steps("id: a, kind: message, template: hello", WAIT), []),
        ("without a wait there is no meanwhile", steps(f"id: a, {MISS}"), []),
        ("two messages at once", OUT + steps(f"id: a, {MISS}", f"id: b, {MISS}", WAIT), [("two-at-once", "/rule/steps/0")]),
        ("points without a bound", "reentry: always\n" + steps(FIVE), [("no-cap", "/rule/steps/0")]),
        ("points once", steps(FIVE), []),
        ("points for orders", "reentry: always\nentry: {event: order}\n" + steps(FIVE), []),
    ],
)  # fmt: skip
def test_what_is_doubtful(case: str, text: str, found: list[tuple[str, str]]) -> None:
    program = a_journey(text)

    doubts = findings_of(program, "journeys", "j")
    assert [(one.code, one.pointer) for one in doubts] == found, case
    of_program = [one for one in program_findings(program) if one[0] == "journeys"]
    assert [one[2].code for one in of_program] == [code for code, _ in found]


def test_no_other_journey_is_doubted() -> None:
    program = a_journey(steps(f"id: a, {MISS}", WAIT))

    assert findings_of(program, "journeys", "another") == ()
