"""Doubts about rules: each with its code and pointer, and rules without any."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.conditions import LineMatch, When
from loyalty.document import InvalidProgram, Node
from loyalty.program_document import program_from
from loyalty.publishing.analysis import findings_of, program_findings
from loyalty.publishing.catalogue import catalogue_from
from loyalty.publishing.coverage import covers
from loyalty.publishing.neighbours import Neighbours
from loyalty.rules import EarnRule
from stores.programs import EDGE_CALENDARS, load_catalogue

HEAD = """
program: p
currency: USD
tiers: [{id: base, name: B, from_points: 0}, {id: gold, name: G, from_points: 9}]
offers: [{id: meal, name: M, cost_points: 50}]
budgets: [{id: spring, total: 100}]
engagement: {frequency: [{times: 3, period: day}]}
templates: [{id: hi, texts: {push: {body: Hi}}}]
"""


def doubts(text: str, section: str, rule_id: str = "x") -> list[tuple[str, str]]:
    """Codes and pointers of what is said about a rule."""
    document: dict[str, Any] = yaml.safe_load(HEAD + text)
    program = program_from(document, EDGE_CALENDARS)
    return [(f.code, f.pointer) for f in findings_of(program, section, rule_id)]


SAY = "template: hi, channels: [push]"
VISIT = "{id: x, kind: visit, points: 5"
CAP = "caps: [{period: day, times: 1}]"


@pytest.mark.parametrize(
    ("section", "rules", "found"),
    [
        ("earn", "[{id: x, points: 1}]", []),
        ("earn", "[{id: x, kind: item, points: 1}]", []),
        ("earn", f"[{VISIT}}}]", [("no-cap", "/rule/caps")]),
        ("earn", f"[{VISIT}, {CAP}}}]", []),
        ("earn", f"[{VISIT}, cooldown_minutes: 5}}]", []),
        ("earn", f"[{VISIT}, budget: spring}}]", []),
        ("earn", f"[{VISIT}, when: {{order_number: 3}}}}]", []),
        (
            "earn",
            "[{id: x, kind: activity, activity: app.opened, points: 1}]",
            [("no-cap", "/rule/caps")],
        ),
        ("bonuses", "[{id: x, kind: add, points: 5}]", [("no-cap", "/rule/caps")]),
        (
            "bonuses",
            f'[{{id: x, kind: add, points: 5, factor: "2", {CAP}}}]',
            [("unused", "/rule/factor")],
        ),
        ("bonuses", "[{id: x, kind: add, points: 5, when: {every_order: 10}}]", []),
        (
            "bonuses",
            (
                f"[{{id: x, kind: add, points: 5, {CAP}, "
                "when: {tiers: [gold], order_number: 1}}]"
            ),
            [("unreachable", "/rule/when/tiers")],
        ),
        (
            "earn",
            f"[{VISIT}, caps: [{{period: day, points: 3}}]}}]",
            [("cap-below-award", "/rule/caps/0/points")],
        ),
        (
            "challenges",
            "[{id: x, target: 1, points: 5, repeats: true}]",
            [("no-cap", "/rule/target")],
        ),
        ("challenges", "[{id: x, target: 2, points: 5, repeats: true}]", []),
        (
            "triggers",
            "[{id: x, offer: meal, within_points: 5}]",
            [("no-cap", "/rule/cooldown_days")],
        ),
        ("triggers", "[{id: x, offer: meal, within_points: 5, cooldown_days: 3}]", []),
        (
            "triggers",
            "[{id: x, kind: activity, activity: survey.done}]",
            [("no-cap", "/rule/cooldown_days")],
        ),
        ("triggers", "[{id: x, kind: activity, activity: campaign.spring}]", []),
        (
            "triggers",
            f"[{{id: x, kind: lapsed, days: 9, message: {{{SAY}, frequency: counted}}}}]",
            [("passes-caps", "/rule/message/frequency")],
        ),
        (
            "triggers",
            f"[{{id: x, kind: lapsed, days: 9, steps: [{{points: 1}}, {{message: {{{SAY}, own_frequency: {{times: 4}}}}}}]}}]",
            [("idle-cap", "/rule/steps/1/message/own_frequency")],
        ),
        # The very same twice.
        ("earn", "[{id: x, points: 1}, {id: y, points: 2}]", [("doubled", "/rule")]),
        (
            "earn",
            "[{id: x, points: 1}, {id: y, points: 2, match: {categories: [a]}}]",
            [],
        ),
        (
            "streaks",
            "[{id: x, length: 3, points: 1}, {id: y, length: 3, points: 1}]",
            [("doubled", "/rule")],
        ),
        (
            "streaks",
            "[{id: x, length: 3, points: 1}, {id: y, length: 4, points: 1}]",
            [],
        ),
    ],
)
def test_a_rule_is_doubted_or_not(
    section: str, rules: str, found: list[tuple[str, str]]
) -> None:
    assert doubts(f"{section}: {rules}", section) == found


@pytest.mark.parametrize(
    ("conflict", "rules", "found"),
    [
        ("sum", f"[{{id: a, kind: item, points: 1}}, {VISIT}, {CAP}}}]", []),
        (
            "first",
            f"[{{id: a, kind: item, points: 1}}, {VISIT}, {CAP}}}]",
            ["shadowed"],
        ),
        ("first", f"[{VISIT}, {CAP}}}, {{id: a, kind: item, points: 1}}]", []),
        (
            "first",
            (
                "[{id: a, kind: item, points: 1, match: {categories: [tea]}}, "
                f"{VISIT}, {CAP}}}]"
            ),
            [],
        ),
        (
            "max",
            "[{id: x, points: 1, minimum_minor: 500}, {id: a, points: 2}]",
            ["shadowed"],
        ),
        (
            "max",
            "[{id: x, points: 2, minimum_minor: 500}, {id: a, points: 1}]",
            [],
        ),
    ],
)
def test_a_rule_that_never_wins_is_told(
    conflict: str, rules: str, found: list[str]
) -> None:
    codes = [code for code, _ in doubts(f"conflict: {conflict}\nearn: {rules}", "earn")]

    assert codes == found


def test_points_of_a_multiple_are_told_to_be_of_no_use() -> None:
    bonuses = "bonuses: [{id: x, kind: multiply, points: 5, factor: '2'}]"

    told = doubts(f"earn: [{{id: base, points: 1}}]\n{bonuses}", "bonuses")

    assert told == [("unused", "/rule/points")]


@pytest.mark.parametrize(
    ("points", "found"),
    [(99, []), (100, ["worth-too-much"]), (200, ["worth-too-much"])],
)
def test_points_worth_what_was_paid_are_told(points: int, found: list[str]) -> None:
    text = f"payment: {{points: 100, minor: 100}}\nearn: [{{id: x, points: {points}}}]"

    assert [code for code, _ in doubts(text, "earn")] == found


@pytest.mark.parametrize(
    ("catalogue", "pointers"),
    [
        ("{}", []),
        ("{categories: [tea, soup]}", []),
        ("{categories: [tea]}", ["/rule/match/categories"]),
        ("{stores: [loop], segments: [office]}", ["/rule/when/stores"]),
        ("{labels: [new]}", ["/rule/match/exclude/labels"]),
    ],
)
def test_names_that_the_catalogue_lacks_are_told(
    catalogue: str, pointers: list[str]
) -> None:
    rule = (
        "{id: x, points: 1, match: {categories: [soup], exclude: {labels: [old]}}, "
        "when: {stores: [soho], segments: [office]}}"
    )
    program = program_from(yaml.safe_load(f"{HEAD}earn: [{rule}]"), EDGE_CALENDARS)
    known = catalogue_from(Node(yaml.safe_load(catalogue), "", []))
    found = findings_of(program, "earn", "x", catalogue=known)

    assert [f.pointer for f in found if f.code == "unknown-name"] == pointers


def test_names_in_cases_that_the_catalogue_lacks_are_told() -> None:
    cases = "{none_of: [{channels: [APP]}, {any_of: [{segments: [office]}]}]}"
    rule = f"{{id: x, points: 1, when: {cases}}}"
    program = program_from(yaml.safe_load(f"{HEAD}earn: [{rule}]"), EDGE_CALENDARS)
    known = catalogue_from(Node({"segments": ["home"]}, "", []))
    found = findings_of(program, "earn", "x", catalogue=known)

    assert [f.pointer for f in found if f.code == "unknown-name"] == [
        "/rule/when/none_of/1/any_of/0/segments"
    ]


@pytest.mark.parametrize(
    ("text", "pointer"),
    [("[tea]", ""), ("{categories: tea}", "/categories"), ("{tea: [a]}", "/tea")],
)
def test_a_catalogue_of_another_form_is_refused(
    tmp_path: Path, text: str, pointer: str
) -> None:
    file = tmp_path / "catalogue.yaml"
    file.write_text(text)

    with pytest.raises(InvalidProgram) as caught:
        load_catalogue(str(file))
    assert [fault.pointer for fault in caught.value.faults] == [pointer]


def test_the_doubts_of_a_whole_program_name_section_and_rule() -> None:
    document = yaml.safe_load(HEAD + f"earn: [{VISIT}}}]")
    found = program_findings(program_from(document, EDGE_CALENDARS))

    assert [(section, rule_id, f.code) for section, rule_id, f in found] == [
        ("earn", "x", "no-cap")
    ]


names = st.frozensets(st.sampled_from("abc"), max_size=2)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(names, names, names), min_size=1, max_size=12))
def test_what_could_cover_a_rule_is_among_its_neighbours(
    found: list[tuple[frozenset[str], ...]],
) -> None:
    rules = [
        EarnRule(
            f"r{n}",
            "visit",
            5,
            match=LineMatch(skus=skus, categories=categories),
            when=When(stores=stores),
        )
        for n, (skus, categories, stores) in enumerate(found)
    ]
    neighbours = Neighbours(rules)
    for rule in rules:
        met = [other for _, other in neighbours.of(rule)]
        assert [one for one in rules if covers(one, rule)] == [
            one for one in met if covers(one, rule)
        ]
