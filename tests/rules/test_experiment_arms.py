"""What an arm of an experiment may give instead: only what its rule looks at."""

from typing import Any

import pytest

from loyalty.document import InvalidProgram
from loyalty.program_document import program_from
from tests.rules.town import a_document

FORMULA = {"kind": "formula", "formula": "amount / 100"}
VISIT = {"kind": "visit", "points": 5}
ADDS = {"kind": "add", "points": 5}
TIMES = {"kind": "multiply", "factor": "2"}
STREAK = {"length": 2, "points": 5}
GOAL = {"target": 2, "points": 5}
BOTH = {"points": 9, "factor": "2"}


def faults_of(
    section: str, rule: dict[str, Any], arm: dict[str, Any]
) -> dict[str, str]:
    """What is wrong with the second arm of a rule, by property."""
    arms = [{"id": "a", "percent": 50}, {"id": "b", "percent": 50, **arm}]
    tried = {"id": "r", **rule, "experiment": {"id": "x", "arms": arms}}
    base = {"id": "base", "points": 1, "step_minor": 100}
    where = f"/{section}/0/experiment/arms/1/"
    try:
        program_from(a_document(**({"earn": [base]} | {section: [tried]})))
    except InvalidProgram as refused:
        return {
            fault.pointer.removeprefix(where): fault.message for fault in refused.faults
        }
    return {}


@pytest.mark.parametrize(
    ("case", "section", "rule", "arm", "faults"),
    [
        ("a formula gives what it comes to", "earn", FORMULA, {"points": 9}, ["points"]),
        ("a formula has no factor", "earn", FORMULA, {"factor": "2"}, ["factor"]),
        ("both are named", "earn", FORMULA, BOTH, ["points", "factor"]),
        ("no points are points, too", "earn", FORMULA, {"points": 0}, ["points"]),
        ("a formula or nothing", "earn", FORMULA, {"without": True}, []),
        ("a visit has points", "earn", VISIT, {"points": 9}, []),
        ("a visit has no factor", "earn", VISIT, {"factor": "2"}, ["factor"]),
        ("an addition has points", "bonuses", ADDS, {"points": 9}, []),
        ("an addition has no factor", "bonuses", ADDS, {"factor": "2"}, ["factor"]),
        ("a multiple has a factor", "bonuses", TIMES, {"factor": "3"}, []),
        ("a multiple has no points", "bonuses", TIMES, {"points": 9}, ["points"]),
        ("a multiple by default", "bonuses", {"factor": "2"}, {"points": 9}, ["points"]),
        ("a streak has points", "streaks", STREAK, {"points": 9}, []),
        ("a streak has no factor", "streaks", STREAK, {"factor": "2"}, ["factor"]),
        ("a challenge has points", "challenges", GOAL, {"points": 9}, []),
        ("a challenge has no factor", "challenges", GOAL, BOTH, ["factor"]),
    ],
)  # fmt: skip
def test_an_arm_gives_nothing_that_its_rule_does_not_look_at(
    case: str,
    section: str,
    rule: dict[str, Any],
    arm: dict[str, Any],
    faults: list[str],
) -> None:
    found = faults_of(section, rule, arm)

    assert list(found) == faults, case
    assert all(why.startswith("no arm of such a rule") for why in found.values())
