"""What the analysis of a rule says: a stable code, how grave it is, and where."""

from typing import Final, NamedTuple

ERROR: Final = "error"
WARNING: Final = "warning"


class Finding(NamedTuple):
    """One thing to look at; `pointer` is a JSON pointer into the rule."""

    code: str
    severity: str
    pointer: str
    detail: str


def warning(code: str, pointer: str, detail: str) -> Finding:
    """Something doubtful in a rule; `pointer` is from the rule on."""
    return Finding(code, WARNING, f"/rule{pointer}", detail)
