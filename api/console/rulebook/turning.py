"""What becomes of the rest of a rule when one of its choices is another one."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from api.console.rulebook.entries import value_at
from api.console.rulebook.fields import Path
from api.console.rulebook.journey_fields import ENTRY, EXITS, WAYS, parts_of
from api.console.rulebook.step_fields import STEPS_PATH
from api.console.rulebook.trigger_fields import OCCASIONS, TRIGGER_STARTS
from loyalty.engagement.rules import NEAR_REWARD, ORDER
from loyalty.journeys.part_documents import END_WORD
from loyalty.trigger_kind_documents import OF_KINDS

# Of a start, what is of the occasion; the rest of a trigger stays as it is.
NOT_OF_OCCASION: Final = frozenset(
    {"kind", "message", "steps", "delay", "cooldown_days", "when"}
)
# What only some events of a journey look at, and only some kinds of its steps.
OF_EVENTS: Final[Mapping[str, frozenset[str]]] = {
    "minimum_minor": frozenset({"order"}),
    "over_minor": frozenset({"order"}),
    "activity": frozenset({"activity"}),
    "attributes": frozenset({"activity", "command"}),
    "to": frozenset({"tier"}),
    "joins": frozenset({"segment"}),
    "leaves": frozenset({"segment"}),
    "command": frozenset({"command"}),
    "trigger": frozenset({"trigger"}),
}
WAITS: Final = frozenset({"wait", "wait_for"})
OF_STEPS: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(
        (
            "template",
            "channels",
            "expires_hours",
            "values",
            "by_habit",
            "habit_else",
            "frequency",
            "own_frequency",
        ),
        frozenset({"message"}),
    ),
    **dict.fromkeys(("days", "hours", "minutes", "at", "clock"), WAITS),
    **dict.fromkeys(("points", "wallet", "offer"), frozenset({"give"})),
    **{name: frozenset({kind}) for kind, name in WAYS.items()},
    "reason": frozenset({"exit"}),
    "next": frozenset({"message", "wait", "give"}),
    "else": frozenset({"wait_for", "branch"}),
}
STEP_STARTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "message": {"template": ""},
    "wait": {"days": 1},
    "wait_for": {"days": 7, "for": [{"event": "order", "next": END_WORD}]},
    "branch": {"branches": [{"if": {"ordered": True}, "next": END_WORD}]},
    "split": {"shares": [{"percent": 50, "next": END_WORD}] * 2},
    "give": {"points": 10},
    "exit": {},
}


def turned(
    section: str, before: Mapping[str, Any], after: dict[str, Any]
) -> dict[str, Any]:
    """Rule after its form was sent: what no longer fits goes, what is new begins."""
    if section == "triggers":
        _turn_trigger(before, after)
    if section == "journeys":
        for path in _occasions(after):
            _turn(path, "event", before, after=after, belongs=OF_EVENTS)
        for path in parts_of(after, STEPS_PATH):
            if _turn(path, "kind", before, after=after, belongs=OF_STEPS):
                _begin(value_at(after, path))
        _rename(before, after)
    return after


def started_step(kind: str) -> dict[str, Any]:
    """What a new step of a kind begins with."""
    return copied(STEP_STARTS[kind])


def _turn_trigger(before: Mapping[str, Any], after: dict[str, Any]) -> None:
    kind = after.get("kind", NEAR_REWARD)
    if kind == before.get("kind", NEAR_REWARD) or kind not in OCCASIONS:
        return
    for name in [one for one in after if kind not in OF_KINDS.get(one, (kind,))]:
        del after[name]
    when = after.get("when")
    if kind != ORDER and isinstance(when, dict):
        for name in ("order_number", "every_order"):
            when.pop(name, None)
        if not when:
            del after["when"]
    start = next(one for one in TRIGGER_STARTS.values() if one["kind"] == kind)
    for name, value in copied(start).items():
        if name not in NOT_OF_OCCASION:
            after.setdefault(name, value)


def _occasions(document: Mapping[str, Any]) -> Iterator[Path]:
    yield ENTRY
    yield from parts_of(document, (EXITS,))
    for path in parts_of(document, STEPS_PATH):
        yield from parts_of(document, (*path, "for"))


def _turn(
    path: Path,
    name: str,
    before: Mapping[str, Any],
    *,
    after: Mapping[str, Any],
    belongs: Mapping[str, frozenset[str]],
) -> bool:
    """Take out of a part what another choice does not look at; whether it is one."""
    part, kind = value_at(after, path), value_at(after, (*path, name))
    if kind == value_at(before, (*path, name)) or not isinstance(part, dict):
        return False
    for one in [one for one in part if kind not in belongs.get(one, (kind,))]:
        if (one, kind) in {("next", "wait_for"), ("next", "branch")}:
            part.setdefault("else", part[one])
        if one == "else" and kind in belongs["next"]:
            part.setdefault("next", part[one])
        del part[one]
    return True


def _begin(step: dict[str, Any]) -> None:
    kind = step.get("kind")
    if isinstance(kind, str) and kind in STEP_STARTS:
        is_offer = "offer" in step
        for name, value in started_step(kind).items():
            if not (is_offer and name == "points"):
                step.setdefault(name, value)


def _rename(before: Mapping[str, Any], after: dict[str, Any]) -> None:
    """What led to a step leads to it under its new name, too."""
    ids = {value_at(after, (*path, "id")) for path in parts_of(after, STEPS_PATH)}
    for path in parts_of(after, STEPS_PATH):
        old, new = (value_at(one, (*path, "id")) for one in (before, after))
        if old and new and old not in ids:
            lead_elsewhere(after, str(old), str(new))


def lead_elsewhere(document: Mapping[str, Any], old: str, new: str) -> None:
    """Let all that leads to a step lead to another one."""
    for path in parts_of(document, STEPS_PATH):
        step = value_at(document, path)
        ways = [
            value_at(document, place)
            for name in WAYS.values()
            for place in parts_of(document, (*path, name))
        ]
        for part in (step, *ways):
            for name in ("next", "else"):
                if part.get(name) == old:
                    part[name] = new


def copied(start: Mapping[str, Any]) -> dict[str, Any]:
    """Document of its own."""
    # Not one part twice: as text it would be an alias.
    found: dict[str, Any] = json.loads(json.dumps(start))
    return found
