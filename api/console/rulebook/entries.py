"""What stands in a form's fields, out of a rule's document and back into one."""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from api.console.rulebook.fields import (
    CHOICE,
    FLAG,
    MONEY,
    NAMES,
    NUMBER,
    SOME,
    Field,
    Group,
    Path,
)
from loyalty.conditions import JOINTS

PREFIX: Final = "f."
_WHOLE: Final = re.compile(r"-?\d{1,15}", re.ASCII)
_MONEY: Final = re.compile(r"(\d{1,12})(?:[.,](\d{1,2}))?", re.ASCII)
# Parts that are nothing without one of these; a schedule is one of each condition.
NEEDED: Final[tuple[tuple[Path, frozenset[str]], ...]] = (
    (("caps", 0), frozenset({"points", "times"})),
)
OF_CONDITIONS: Final[tuple[tuple[Path, frozenset[str]], ...]] = (
    (("schedule", "day_parts", 0), frozenset({"days", "from", "to"})),
    (("schedule",), frozenset({"day_parts", "recurrence"})),
)
# Lists whose parts stand though nothing is in them: a button takes them out.
STANDING: Final = frozenset({*JOINTS, "arms"})
Entry = str | bool | frozenset[str]


def entry_of(field: Field, document: Mapping[str, Any], cents: int = 100) -> Entry:
    """What a field shows; `cents` are the minor units of one of the currency."""
    value = value_at(document, field.path)
    if field.kind == FLAG:
        return value is True
    if field.kind == SOME:
        return frozenset(map(str, value)) if isinstance(value, list) else frozenset()
    if value is None:
        return field.choices[0] if field.kind == CHOICE else ""
    if field.kind == NAMES and isinstance(value, list):
        return ", ".join(map(str, value))
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if field.kind == MONEY and is_whole and cents > 1:
        whole, rest = divmod(value, cents)
        return f"{whole}.{rest:02}" if rest else str(whole)
    return str(value)


def document_of_form(
    groups: tuple[Group, ...],
    form: Mapping[str, str],
    before: Mapping[str, Any],
    *,
    cents: int = 100,
) -> dict[str, Any]:
    """Document with what a form changes; all that it does not show stays as it was."""
    document = copy.deepcopy(dict(before))
    fields = [field for _, group in groups for field in group]
    for field in sorted(fields, key=lambda one: one.follows):
        told = _told(field, form)
        if told is None:
            continue
        is_changed = told != entry_of(field, before, cents)
        if field.follows:
            parent = field.path[:-1]
            is_new = bool(parent) and value_at(before, parent) is None
            if parent and value_at(document, parent) is None:
                continue
            is_changed = is_changed or is_new
        if is_changed:
            _write(document, field, _value(field, told, before, cents=cents))
    schedules = {
        field.path[: field.path.index("schedule")]: None
        for field in fields
        if "schedule" in field.path
    }
    of_conditions = [
        ((*at, *path), needed) for at in schedules for path, needed in OF_CONDITIONS
    ]
    for path, needed in (*NEEDED, *of_conditions):
        part = value_at(document, path)
        is_touched = part != value_at(before, path)
        if is_touched and isinstance(part, dict) and not needed & part.keys():
            _remove(document, path)
    return document


def value_at(document: Any, path: Path) -> Any:
    """Value at a path, None if there is none."""
    for part in path:
        if isinstance(part, int):
            is_there = isinstance(document, list) and len(document) > part
        else:
            is_there = isinstance(document, Mapping) and part in document
        if not is_there:
            return None
        document = document[part]
    return document


def _told(field: Field, form: Mapping[str, str]) -> Entry | None:
    name = PREFIX + field.name
    if field.kind == SOME:
        # Boxes that are not ticked say nothing, so another field speaks for them.
        if name not in form:
            return None
        return frozenset(c for c in field.choices if f"{name}.{c}" in form)
    if field.kind == FLAG:
        return f"{name}.yes" in form if name in form else None
    return form[name].strip() if name in form else None


def _value(field: Field, told: Entry, before: Mapping[str, Any], *, cents: int) -> Any:
    """Value of an entry, None for nothing; what makes no sense is left to be judged."""
    if isinstance(told, bool):
        return told or None
    if isinstance(told, frozenset):
        known = value_at(before, field.path)
        listed = known if isinstance(known, list) else []
        others = [c for c in listed if c not in field.choices]
        return [c for c in field.choices if c in told] + others or None
    if field.kind == NUMBER and _WHOLE.fullmatch(told):
        return int(told)
    if field.kind == MONEY and (found := _MONEY.fullmatch(told)):
        whole, rest = found.groups(default="")
        if cents > 1 or not rest:
            return int(whole) * cents + int((rest or "0").ljust(2, "0"))
    if field.kind == NAMES:
        return [name.strip() for name in told.split(",") if name.strip()] or None
    return told or None


def _write(document: dict[str, Any], field: Field, value: Any) -> None:
    if value is None:
        _remove(document, field.path)
        return
    place: Any = document
    for part, following in zip(field.path, field.path[1:], strict=False):
        wanted = list if isinstance(following, int) else dict
        inner = value_at(place, (part,))
        if not isinstance(inner, wanted):
            inner = wanted()
            _put(place, part, inner)
        place = inner
    _put(place, field.path[-1], value)


def _put(place: Any, part: str | int, value: Any) -> None:
    if isinstance(part, int) and len(place) <= part:
        place.append(value)
    else:
        place[part] = value


def _remove(document: dict[str, Any], path: Path) -> None:
    """Take a value out, and what is empty without it."""
    for length in _lengths(path):
        place = value_at(document, path[: length - 1])
        if value_at(place, path[length - 1 : length]) is None:
            return
        del place[path[length - 1]]
        if place:
            return


def _lengths(path: Path) -> Iterator[int]:
    standing = [n for n, one in enumerate(path) if one in STANDING]
    # The part itself, by its number, stays.
    yield from range(len(path), standing[-1] + 2 if standing else 0, -1)
