"""A value of a rule as a field shows it, and the value that somebody typed."""

import re
from collections.abc import Mapping
from typing import Any, Final

from api.console.rulebook.fields import (
    CHOICE,
    COUNTS,
    FLAG,
    LONG,
    MONEY,
    NAMES,
    NUMBER,
    PAIRS,
    SOME,
    TIME,
    TRUTH,
    Field,
)
from loyalty.time_documents import MINUTES_OF_DAY

YES: Final = "yes"
NO: Final = "no"
LINES: Final = (PAIRS, COUNTS)
BROKEN: Final = (*LINES, LONG)
_WHOLE: Final = re.compile(r"-?\d{1,15}", re.ASCII)
_MONEY: Final = re.compile(r"(\d{1,12})(?:[.,](\d{1,2}))?", re.ASCII)
_BREAKS: Final = re.compile(r"\r\n?")
Entry = str | bool | frozenset[str]


def entry_of_value(field: Field, value: Any, cents: int) -> Entry:
    """What a field shows of a value; `cents` are the minor units of one."""
    if field.kind == FLAG:
        return value is True
    if field.kind == SOME:
        return frozenset(map(str, value)) if isinstance(value, list) else frozenset()
    if value is None:
        return field.choices[0] if field.kind == CHOICE else ""
    if field.kind in LINES and isinstance(value, Mapping):
        return "\n".join(_line(name, one) for name, one in value.items())
    if field.kind == NAMES and isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return (YES if value else NO) if field.kind == TRUTH else str(value)
    return _number(field, value, cents) if isinstance(value, int) else str(value)


def plain_entry(field: Field, entry: Entry) -> Entry:
    """Entry as a browser sends it back: without edges, and breaks where lines are."""
    if not isinstance(entry, str):
        return entry
    text = _BREAKS.sub("\n", entry)
    return (text if field.kind in BROKEN else text.replace("\n", "")).strip()


def value_of_entry(field: Field, told: Entry, known: Any, *, cents: int) -> Any:
    """
    Value of an entry, None for nothing; what makes no sense is left to be judged.

    `known` is the value that was there before.
    """
    if isinstance(told, bool):
        return told or None
    if isinstance(told, frozenset):
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
    if field.kind in LINES:
        return _pairs(field, told, known)
    if field.kind == TRUTH and told in (YES, NO):
        return told == YES
    return told or None


def _number(field: Field, value: int, cents: int) -> str:
    if field.kind == TIME and 0 <= value < MINUTES_OF_DAY:
        # YAML reads 17:00 without quotes as 17 times 60.
        return f"{value // 60:02}:{value % 60:02}"
    if field.kind == MONEY and cents > 1:
        whole, rest = divmod(value, cents)
        return f"{whole}.{rest:02}" if rest else str(whole)
    return str(value)


def _line(name: str, value: Any) -> str:
    return f"{name}: {value}".replace("\r", "").replace("\n", " ").strip()


def _pairs(field: Field, told: str, known: Any) -> Any:
    """Values by name of lines; a line that stayed keeps its value as it was."""
    before = known if isinstance(known, Mapping) else {}
    shown = {_line(name, one): (name, one) for name, one in before.items()}
    found: dict[str, Any] = {}
    for line in filter(None, map(str.strip, told.split("\n"))):
        name, colon, text = (part.strip() for part in line.partition(":"))
        if line in shown:
            name, value = shown[line]
        elif not colon:
            return told
        else:
            is_number = field.kind == COUNTS and _WHOLE.fullmatch(text)
            value = int(text) if is_number else text
        found[name] = value
    return found or None
