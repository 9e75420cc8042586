"""A rule with a part more, or a part fewer: a case, an arm, a whole experiment."""

import copy
import re
from collections.abc import Mapping
from typing import Any, Final

from api.console.doors import BadForm
from api.console.rulebook.entries import value_at
from api.console.rulebook.fields import Path
from api.console.rulebook.parts import ARMS_PATH, EXPERIMENT, WHEN
from loyalty.conditions import JOINTS, NONE_OF
from loyalty.limits import ARMS_MAX, CASE_DEPTH_MAX, CASES_MAX

_ASKED: Final = re.compile(r"(add|remove) ([a-z_]+(?:/[a-z_]+|/[0-9]){0,8})", re.ASCII)


def changed(document: Mapping[str, Any], asked: str) -> dict[str, Any]:
    """
    Document with a part more, or a part fewer, as a button of the form asks.

    Raises: BadForm for what no button of ours asks.
    """
    found = _ASKED.fullmatch(asked)
    after = copy.deepcopy(dict(document))
    if found is None:
        raise BadForm(f"nothing can be {asked!r}")
    parts = found[2].split("/")
    path: Path = tuple(int(one) if one.isdecimal() else one for one in parts)
    is_added = found[1] == "add"
    listed = path if is_added else path[:-1]
    if path == EXPERIMENT and not is_added:
        after.pop("experiment", None)
    elif listed != ARMS_PATH and not _is_joint(listed):
        raise BadForm(f"nothing can be {asked!r}")
    elif is_added:
        _add(after, path)
    else:
        _take(after, path)
    return after


def _is_joint(path: Path) -> bool:
    """Whether a path leads to cases that are joined, no deeper than they may be."""
    joints, numbers = path[1::2], path[2::2]
    return (
        path[:1] == WHEN
        and len(path) % 2 == 0
        and len(joints) <= CASE_DEPTH_MAX
        and all(one in JOINTS for one in joints)
        and all(isinstance(one, int) for one in numbers)
    )


def _add(document: dict[str, Any], path: Path) -> None:
    """Add an empty part, or begin with as many as make sense."""
    if len(path) == len(WHEN) + 1 or path == ARMS_PATH:
        document.setdefault(str(path[0]), {})
    place = value_at(document, path[:-1])
    if not isinstance(place, dict):
        raise BadForm("the form has lost a part")
    listed = place.setdefault(path[-1], [])
    if path == ARMS_PATH and not listed:
        name = str(document.get("id", ""))
        place.setdefault("id", f"{name}-trial" if name else "")
        listed.append({"id": "control", "percent": 50, "without": True})
        listed.append({"id": "treated", "percent": 50})
    elif path == ARMS_PATH:
        listed.extend([{"id": ""}] * (len(listed) < ARMS_MAX))
    elif len(listed) < CASES_MAX:
        # Two at least make a choice.
        is_choice = not listed and path[-1] != NONE_OF
        listed.extend({} for _ in range(2 if is_choice else 1))


def _take(document: dict[str, Any], path: Path) -> None:
    """Take a part out, and what is empty without it."""
    listed = value_at(document, path[:-1])
    number = path[-1]
    if not isinstance(listed, list) or not isinstance(number, int):
        raise BadForm("the form has lost a part")
    del listed[number : number + 1]
    if not listed:
        value_at(document, path[:-2]).pop(path[-2])
    if not document.get("when", True):
        del document["when"]
    if path[:-1] == ARMS_PATH and not listed:
        del document["experiment"]
