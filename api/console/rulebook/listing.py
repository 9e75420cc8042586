"""Every rule on one page: how it stands, what it does, what waits, what comes."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from api.console.viewers import APPROVE_RULES, Viewer
from api.rule_steps import RuleDesk
from loyalty.program import Program
from loyalty.publishing.changes import (
    APPROVED,
    ENDED,
    PAUSED,
    PUBLISHED,
    SECTIONS,
    SUBMITTED,
)
from loyalty.publishing.rule import DRAFT, SCHEDULED, Rule, RuleVersion
from loyalty.publishing.sentences import sentence
from loyalty.publishing.timeline import rule_in

# Not touched by anybody: what the program's file says runs.
IN_FILE: Final = "in-file"
STATES: Final = (
    DRAFT,
    SUBMITTED,
    APPROVED,
    SCHEDULED,
    PUBLISHED,
    PAUSED,
    ENDED,
    IN_FILE,
)
ROWS_MAX: Final = 500
COMING_MAX: Final = 50


class RuleRow(NamedTuple):
    """A rule in a list; `pending` is what becomes of a newer version, if any."""

    rule_id: str
    section: str
    state: str
    pending: str
    text: str
    budget_id: str
    author: str
    starts_at: int


class Waiting(NamedTuple):
    """A version that somebody has to approve, and what its author said of it."""

    rule_id: str
    section: str
    text: str
    author: str
    at: int
    why: str


class Coming(NamedTuple):
    """Something that will change what runs, and when."""

    at: int
    rule_id: str
    what: str
    why: str


def rows_of(
    desk: RuleDesk, now: int, *, section: str = "", state: str = ""
) -> list[RuleRow]:
    """Rules by section, then by id; empty filters let all pass."""
    rows = [row_of(desk, rule, now) for rule in desk.publishing.all_rules()]
    kept = [
        row
        for row in rows
        if section in ("", row.section) and state in ("", row.state, row.pending)
    ]
    return sorted(kept, key=lambda row: (SECTIONS.index(row.section), row.rule_id))


def row_of(desk: RuleDesk, rule: Rule, now: int) -> RuleRow:
    """Rule as a list shows it: as it runs, or as it is written so far."""
    document = document_of(desk, rule)
    pending = rule.pending if rule.standing else ""
    return RuleRow(
        rule.rule_id,
        rule.section,
        state_of(rule, now),
        pending,
        sentence(rule.section, document, desk.currency),
        str(document.get("budget") or ""),
        rule.newest.author if rule.newest else "",
        rule.effective_from if rule.effective_from > now else 0,
    )


def state_of(rule: Rule, now: int) -> str:
    """How a rule stands; one that nobody has touched stands in the file."""
    return rule.state_at(now) if rule.revision else IN_FILE


def document_of(desk: RuleDesk, rule: Rule) -> dict[str, Any]:
    """What runs of a rule, or ran last; of one that never ran, its newest version."""
    version = rule.version(rule.running) if rule.standing else rule.newest
    if version is not None:
        return dict(version.document)
    base = desk.publishing.timeline[-1].base
    return dict(rule_in(base, rule.section, rule.rule_id) or {})


def waiting_of(desk: RuleDesk, viewer: Viewer) -> tuple[list[Waiting], int]:
    """What the viewer may approve, and how many others wait for other people."""
    mine, others = [], 0
    for _, rule in sorted(desk.publishing.rules.items()):
        newest = rule.newest
        if newest is None or newest.status != SUBMITTED:
            continue
        if viewer.may(APPROVE_RULES) and viewer.subject not in newest.authors:
            mine.append(_waiting(desk, rule, newest))
        else:
            others += 1
    return mine, others


def _waiting(desk: RuleDesk, rule: Rule, newest: RuleVersion) -> Waiting:
    step = rule.steps[-1]
    text = sentence(rule.section, newest.document, desk.currency)
    return Waiting(rule.rule_id, rule.section, text, step.author, step.at, step.why)


def coming_of(desk: RuleDesk, program: Program, now: int) -> list[Coming]:
    """What starts, stops or ends later on, the next first."""
    found = [*_moves(desk, now), *_dates(program, now)]
    return sorted(found)[:COMING_MAX]


def _moves(desk: RuleDesk, now: int) -> Iterator[Coming]:
    for version in desk.publishing.timeline:
        move = version.move
        if move.effective_from > now:
            what = "program" if not move.rule_id else "starts"
            if move.rule_id and move.document is None:
                what = "stops"
            yield Coming(move.effective_from, move.rule_id, what, move.why)


def _dates(program: Program, now: int) -> Iterator[Coming]:
    rules = [(rule_id, rule.when) for rule_id, rule in program.rules.items()]
    rules += [(offer.offer_id, offer.when) for offer in program.offers]
    for rule_id, when in rules:
        if when.from_at > now:
            yield Coming(when.from_at, rule_id, "begins", "")
        if when.until_at > now:
            yield Coming(when.until_at, rule_id, "is-over", "")
