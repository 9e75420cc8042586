"""What stands in a form's fields, out of a rule's document and back into one."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Final

from api.console.rulebook.entry_values import (
    Entry,
    entry_of_value,
    plain_entry,
    value_of_entry,
)
from api.console.rulebook.fields import FLAG, SOME, Field, Group, Path
from loyalty.conditions import JOINTS

PREFIX: Final = "f."
# Parts that are nothing without one of these; a schedule is one of each condition.
NEEDED: Final[tuple[tuple[Path, frozenset[str]], ...]] = (
    (("caps", 0), frozenset({"points", "times"})),
)
OF_CONDITIONS: Final[tuple[tuple[Path, frozenset[str]], ...]] = (
    (("schedule", "day_parts", 0), frozenset({"days", "from", "to"})),
    (("schedule",), frozenset({"day_parts", "recurrence"})),
)
# Lists whose parts stand though nothing is in them: a button takes them out.
STANDING: Final = frozenset(
    {*JOINTS, "arms", "steps", "exits", "for", "branches", "shares"}
)


def entry_of(field: Field, document: Mapping[str, Any], cents: int = 100) -> Entry:
    """What a field shows; `cents` are the minor units of one of the currency."""
    return entry_of_value(field, value_at(document, field.path), cents)


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
        is_changed = told != plain_entry(field, entry_of(field, before, cents))
        if field.follows:
            parent = field.path[:-1]
            is_new = bool(parent) and value_at(before, parent) is None
            if parent and value_at(document, parent) is None:
                continue
            is_changed = is_changed or is_new
        if is_changed:
            known = value_at(before, field.path)
            _write(document, field, value_of_entry(field, told, known, cents=cents))
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
    return plain_entry(field, form[name]) if name in form else None


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
