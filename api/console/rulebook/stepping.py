"""Steps of triggers and journeys: one more, one fewer, another order, ways out."""

import copy
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from api.console.doors import BadForm
from api.console.rulebook.entries import value_at
from api.console.rulebook.fields import Path
from api.console.rulebook.journey_fields import EXITS, WAYS, step_ids
from api.console.rulebook.step_fields import STEPS
from api.console.rulebook.turning import STEP_STARTS, lead_elsewhere, started_step
from loyalty.journeys.part_documents import END_WORD
from loyalty.limits import (
    JOURNEY_EXITS_MAX,
    JOURNEY_STEPS_MAX,
    JOURNEY_WAYS_MAX,
    TRIGGER_STEPS_MAX,
)

_ASKED: Final = re.compile(
    r"(add|remove|up|down|open) ((?:steps|exits)(?:/[a-z_]+|/[0-9]{1,2}){0,3})",
    re.ASCII,
)
IN_THE_TRIGGER: Final = ("delay", "message", "points", "points_wallet")
LATER: Final[Mapping[str, Any]] = {
    "delay": {"days": 7, "at": "18:00"},
    "message": {"template": "", "channels": ["push", "inbox"]},
}


class Stepped(NamedTuple):
    """A rule with other steps, and which of them is open."""

    document: dict[str, Any]
    is_open: int


def stepped(document: Mapping[str, Any], asked: str, is_open: int) -> Stepped | None:
    """
    Rule with a step more, fewer or elsewhere; None for what no step's button asks.

    Raises: BadForm for what cannot be done.
    """
    found = _ASKED.fullmatch(asked)
    if found is None:
        return None
    after = copy.deepcopy(dict(document))
    does, place = found[1], found[2].split("/")
    path: Path = tuple(int(one) if one.isdecimal() else one for one in place)
    is_journey = "entry" in after or EXITS in after
    match (does, *path):
        case ("open", "steps", int(number)):
            return Stepped(after, number)
        case ("add", "steps"):
            return _add_later(after)
        case ("add", "steps", str(kind)) if kind in STEP_STARTS:
            return _add_step(after, kind)
        case ("remove", "steps", int(number)):
            return _remove_step(after, number, is_journey=is_journey)
        case ("up" | "down", "steps", int(number)):
            return _move(after, number, -1 if does == "up" else 1)
        case ("add", "exits"):
            _grow(after, (EXITS,), {"event": "return"}, most=JOURNEY_EXITS_MAX)
        case ("add", "steps", int(number), str(name)) if name in WAYS.values():
            kind = next(one for one, ways in WAYS.items() if ways == name)
            way = started_step(kind)[name][0]
            _grow(after, path, way, most=JOURNEY_WAYS_MAX)
            return Stepped(after, number)
        case ("remove", "exits", int(number)):
            _cut(after, (EXITS,), number)
        case ("remove", "steps", int(), str(name), int(number)):
            _cut(after, path[:-1], number)
        case _:
            raise BadForm(f"nothing can be {asked!r}")
    return Stepped(after, is_open)


def _add_later(document: dict[str, Any]) -> Stepped:
    """Add a step to a trigger; its only one becomes the first of several."""
    if document.get(STEPS) is None:
        own = {name: document.pop(name) for name in IN_THE_TRIGGER if name in document}
        document[STEPS] = [own]
    steps = _list(document, (STEPS,))
    if len(steps) < TRIGGER_STEPS_MAX:
        steps.append(copy.deepcopy(dict(LATER)))
    return Stepped(document, len(steps) - 1)


def _add_step(document: dict[str, Any], kind: str) -> Stepped:
    steps = document.setdefault(STEPS, [])
    if not isinstance(steps, list):
        raise BadForm("the form has lost a part")
    if len(steps) < JOURNEY_STEPS_MAX:
        ids = step_ids(document)
        word = kind.replace("_", "-")
        names = (f"{word}-{number}" for number in range(1, JOURNEY_STEPS_MAX + 2))
        step_id = next(one for one in (word, *names) if one not in ids)
        steps.append({"id": step_id, "kind": kind, **started_step(kind)})
    return Stepped(document, len(steps) - 1)


def _remove_step(document: dict[str, Any], number: int, *, is_journey: bool) -> Stepped:
    """Take a step out; in a journey, what led to it leads to where it led."""
    steps = _list(document, (STEPS,))
    if not number < len(steps) or len(steps) == 1:
        raise BadForm("the form has lost a part")
    step = steps.pop(number)
    if is_journey and isinstance(step, Mapping):
        _lead_on(document, step, number)
    return Stepped(document, max(number - 1, 0))


def _lead_on(document: dict[str, Any], step: Mapping[str, Any], number: int) -> None:
    """Let what led to a step that was taken out lead to where that one led."""
    following = (*step_ids(document), END_WORD)[number]
    to = END_WORD if step.get("kind") == "exit" else following
    to = str(step.get("next") or step.get("else") or to)
    before = value_at(document, (STEPS, number - 1)) if number else None
    if isinstance(before, dict) and before.get("kind") not in (None, "split", "exit"):
        name = "else" if before["kind"] in ("wait_for", "branch") else "next"
        if to != following and not before.get(name):
            before[name] = to
    lead_elsewhere(document, str(step.get("id", "")), to)


def _move(document: dict[str, Any], number: int, by: int) -> Stepped:
    steps, other = _list(document, (STEPS,)), number + by
    if not (0 <= other < len(steps) and number < len(steps)):
        raise BadForm("the form has lost a part")
    steps[number], steps[other] = steps[other], steps[number]
    return Stepped(document, other)


def _grow(
    document: dict[str, Any], path: Path, part: Mapping[str, Any], *, most: int
) -> None:
    place = value_at(document, path[:-1])
    if not isinstance(place, dict):
        raise BadForm("the form has lost a part")
    listed = place.setdefault(path[-1], [])
    if isinstance(listed, list) and len(listed) < most:
        listed.append(dict(part))


def _cut(document: dict[str, Any], path: Path, number: int) -> None:
    listed = _list(document, path)
    if not number < len(listed):
        raise BadForm("the form has lost a part")
    del listed[number]
    if not listed:
        del value_at(document, path[:-1])[path[-1]]


def _list(document: Mapping[str, Any], path: Path) -> list[Any]:
    listed = value_at(document, path)
    if not isinstance(listed, list):
        raise BadForm("the form has lost a part")
    return listed
