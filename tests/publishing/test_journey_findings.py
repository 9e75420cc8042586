"""Doubts about journeys that are sound."""

import pytest

from loyalty.publishing.analysis import findings_of, program_findings
from loyalty.publishing.catalogue import Catalogue
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


CAPS = {"consent_assumed": ["inbox"], "frequency": [{"times": 2, "period": "week"}]}


@pytest.mark.parametrize(
    ("case", "step", "found"),
    [
        ("held", f"{MISS}, frequency: held", []),
        ("marketing that passes caps", f"{MISS}, frequency: counted", [("passes-caps", "/rule/steps/0/frequency")]),
        ("marketing that no cap knows of", f"{MISS}, frequency: exempt", [("passes-caps", "/rule/steps/0/frequency")]),
        ("service may pass", "kind: message, template: hello, frequency: exempt", []),
        ("a tighter one of its own", f"{MISS}, own_frequency: {{times: 1, period: week}}", []),
        ("another clock", f"{MISS}, own_frequency: {{times: 3, period: day}}", []),
        ("a looser one never holds", f"{MISS}, own_frequency: {{times: 2, period: week}}", [("idle-cap", "/rule/steps/0/own_frequency")]),
        ("one that holds what passes the others", f"{MISS}, frequency: exempt, own_frequency: {{times: 2, period: week}}", [("passes-caps", "/rule/steps/0/frequency")]),
    ],
)  # fmt: skip
def test_how_caps_apply_is_doubted(
    case: str, step: str, found: list[tuple[str, str]]
) -> None:
    program = a_journey(steps(f"id: a, {step}"), engagement=CAPS)

    doubts = findings_of(program, "journeys", "j")
    assert [(one.code, one.pointer) for one in doubts] == found, case


def test_without_caps_nothing_is_passed() -> None:
    program = a_journey(steps(f"id: a, {MISS}, frequency: exempt"))

    assert findings_of(program, "journeys", "j") == ()


def test_segments_that_nobody_has_are_doubted() -> None:
    program = a_journey(
        "entry: {event: segment, joins: [vip, typo]}\n"
        "exits: [{event: order}, {event: segment, leaves: [vipp]}]\n"
        + steps(
            "id: w, kind: wait_for, days: 1, for: [{event: segment, joins: [x], next: b}]",
            "id: b, kind: branch, branches: [{if: {segments: [y]}, next: end}]",
        )
    )
    catalogue = Catalogue(segments=frozenset({"vip"}))

    doubts = findings_of(program, "journeys", "j", catalogue=catalogue)
    assert [(one.code, one.pointer) for one in doubts] == [
        ("unknown-name", "/rule/entry/joins"),
        ("unknown-name", "/rule/exits/1/leaves"),
        ("unknown-name", "/rule/steps/0/for/0/joins"),
        ("unknown-name", "/rule/steps/1/branches/0/if/segments"),
    ]
    assert findings_of(program, "journeys", "j") == ()
