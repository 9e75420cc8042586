"""What the messages of a rule are: of which purpose, written for which channels."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from loyalty.messages import CHANNELS, PURPOSES
from loyalty.publishing.changes import Document


class ToldTemplate(NamedTuple):
    """A template that a rule sends: its purpose, and channels that it has texts for."""

    template_id: str
    purpose: str
    channels: tuple[str, ...]


class Quiet(NamedTuple):
    """Hours of the member's clock at which nothing is sent, as the programme says."""

    since: str
    until: str


def templates_of(rule: Document, program: Document) -> list[ToldTemplate]:
    """Templates that a rule names and the programme has, each once."""
    known = {str(one.get("id", "")): one for one in program.get("templates") or ()}
    names = dict.fromkeys(_named_in(rule))
    return [
        ToldTemplate(
            name,
            str(known[name].get("purpose", PURPOSES[0])),
            tuple(c for c in CHANNELS if c in (known[name].get("texts") or {})),
        )
        for name in names
        if name in known
    ]


def quiet_of(program: Document) -> Quiet | None:
    """Quiet hours of a programme, None where it has none."""
    hours = (program.get("engagement") or {}).get("quiet_hours")
    if not isinstance(hours, Mapping):
        return None
    return Quiet(_clock(hours.get("from", "")), _clock(hours.get("to", "")))


def _named_in(rule: Document) -> Iterator[str]:
    steps = rule.get("steps")
    for step in (rule, *(steps if isinstance(steps, list) else ())):
        if isinstance(step, Mapping):
            message = step.get("message")
            for part in (step, message if isinstance(message, Mapping) else {}):
                if isinstance(part.get("template"), str) and part["template"]:
                    yield part["template"]


def _clock(value: Any) -> str:
    if isinstance(value, int):
        return f"{value // 60:02}:{value % 60:02}"
    return str(value)
