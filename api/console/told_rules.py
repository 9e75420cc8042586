"""Rules as the console tells them: a sentence each, and what can be done."""

from typing import Final, NamedTuple

from api.console.viewers import APPROVE_RULES, WRITE_RULES, Viewer
from api.rule_responses import RuleLifeOut, rule_out
from api.rule_steps import RuleDesk
from loyalty.publishing.changes import (
    APPROVED,
    ENDED,
    PAUSED,
    PUBLISHED,
    REJECTED,
    RESUMED,
    SECTIONS,
    SUBMITTED,
)

# Steps by the word that an address uses; each says who may take it.
STEPS: Final = {
    "submit": (SUBMITTED, (WRITE_RULES,)),
    "approve": (APPROVED, (APPROVE_RULES,)),
    "reject": (REJECTED, (APPROVE_RULES,)),
    "publish": (PUBLISHED, (WRITE_RULES, APPROVE_RULES)),
    "pause": (PAUSED, (WRITE_RULES, APPROVE_RULES)),
    "resume": (RESUMED, (WRITE_RULES, APPROVE_RULES)),
    "end": (ENDED, (WRITE_RULES, APPROVE_RULES)),
}
# What cannot be taken back in a moment: the rule's id is typed first.
CONFIRMED: Final = frozenset({"pause", "end"})
_BY_STATE: Final = {
    "published": frozenset({"pause", "end"}),
    "scheduled": frozenset({"pause", "end"}),
    "paused": frozenset({"resume", "end"}),
}
TONES: Final = {
    "published": "good",
    "scheduled": "good",
    "approved": "good",
    "submitted": "warn",
    "paused": "warn",
    "ended": "bad",
}


class Action(NamedTuple):
    """A step that the viewer can take now."""

    name: str
    needs_why: bool
    is_confirmed: bool


def listed(desk: RuleDesk, now: int) -> list[tuple[str, list[RuleLifeOut]]]:
    """Every rule by section, in the program's order of sections."""
    groups: dict[str, list[RuleLifeOut]] = {name: [] for name in SECTIONS}
    for rule in desk.publishing.all_rules():
        groups[rule.section].append(rule_out(rule, desk.publishing, now))
    return [(name, rules) for name, rules in groups.items() if rules]


def actions(rule: RuleLifeOut, viewer: Viewer) -> list[Action]:
    """Steps that may follow, and that the viewer may take."""
    possible = _BY_STATE.get(rule.state, frozenset())
    if rule.state != "ended":
        possible |= _by_status(rule)
    return [
        Action(name, name == "reject", name in CONFIRMED)
        for name, (_, scopes) in STEPS.items()
        if name in possible and any(map(viewer.may, scopes))
    ]


def _by_status(rule: RuleLifeOut) -> frozenset[str]:
    """What the newest version waits for."""
    if not rule.newest_version:
        return frozenset()
    if rule.newest_status == "approved":
        is_running = rule.running_version == rule.newest_version
        return frozenset(() if is_running else ("publish",))
    is_draft = rule.newest_status == "draft"
    return frozenset(("submit",) if is_draft else ("approve", "reject"))
