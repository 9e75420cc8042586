"""What became of a command, told to whoever sent it."""

from typing import NamedTuple

from api.commands import Answer
from api.console.texts import Texts


class Outcome(NamedTuple):
    """A notice: its kind, its icon, its text."""

    kind: str
    icon: str
    text: str


def outcome_of(answer: Answer, texts: Texts) -> Outcome:
    """What a command came to, or that it is not decided yet."""
    found = answer.result
    if found is None:
        return Outcome("warn", "clock", texts("member.pending_command"))
    if found["status"] == "refused":
        detail = (found["result"] or {}).get("detail", found["why"] or "")
        text = texts("member.refused", why=detail)
        return Outcome("fault", "triangle-alert", text)
    return Outcome("done", "info", texts("member.done", why=found["why"]))
