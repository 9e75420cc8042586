"""What stands in a rule and in no field of its form: it is kept, and told."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from api.console.rulebook.entries import value_at
from api.console.rulebook.fields import SOME, Group, Path

# The page itself says these.
SAID: Final[tuple[Path, ...]] = (("id",), ("kind",))
TOLD_MAX: Final = 12
INSIDE: Final = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "


def unshown_of(document: Mapping[str, Any], groups: tuple[Group, ...]) -> list[str]:
    """Places of a rule that no field shows, as people read them; the first few."""
    fields = [field for _, group in groups for field in group]
    shown = {field.path for field in fields} | set(SAID)
    found: dict[str, None] = {}
    for path in _leaves(document, ()):
        if not any(path[:length] in shown for length in range(1, len(path) + 1)):
            found[place_name(path)] = None
    for field in fields:
        value = value_at(document, field.path)
        if field.kind == SOME and isinstance(value, list):
            others = [str(one) for one in value if one not in field.choices]
            if others:
                found[f"{place_name(field.path)}: {', '.join(others)}"] = None
    return list(found)[:TOLD_MAX]


def place_name(path: Sequence[str | int]) -> str:
    """Place as people read it: a list counts from 1."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f" {part + 1}"
        else:
            text += f"{INSIDE if text else ''}{part}"
    return text


def _leaves(value: Any, path: Path) -> Iterator[Path]:
    """Where each value stands that is no object, and no list of objects."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _leaves(one, (*path, str(name)))
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        for number, one in enumerate(value):
            yield from _leaves(one, (*path, number))
    else:
        yield path
