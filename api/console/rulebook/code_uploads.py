"""A list of codes as people have it, a line each, and what is wrong with its lines."""

import re
from typing import Final, NamedTuple

from api.code_requests import CODE_LENGTH_MAX, CODE_PATTERN
from loyalty.code_steps import plain
from stores.code_lists_contract import CODES_AT_ONCE_MAX

# What spreadsheets write over a column.
HEADS: Final = frozenset({"code", "codes"})
FAULTS_SHOWN_MAX: Final = 50
_CODE: Final = re.compile(CODE_PATTERN)


class LineFault(NamedTuple):
    """
    What is wrong with a line, from 1 on, as the catalogue of texts calls it.

    `other` is the line, or the number, that it collides with; `pool` that one's.
    """

    line: int
    code: str
    kind: str
    other: int = 0
    pool: str = ""


class CodeLines(NamedTuple):
    """Codes of a text, the line of each, and faults in the order of lines."""

    codes: list[str]
    lines: list[int]
    faults: list[LineFault]

    @property
    def is_too_long(self) -> bool:
        """Whether there are more codes than are taken at once."""
        return len(self.codes) > CODES_AT_ONCE_MAX


def code_lines(text: str) -> CodeLines:
    """Read a text: a code a line; empty lines, quotes and a head are left out."""
    codes: list[str] = []
    lines: list[int] = []
    faults: list[LineFault] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        code = line.strip().strip('"').strip()
        if not code or (not codes and not faults and code.casefold() in HEADS):
            continue
        first = seen.setdefault(plain(code), number)
        if len(code) > CODE_LENGTH_MAX:
            faults.append(LineFault(number, code[:CODE_LENGTH_MAX], "long"))
        elif not _CODE.fullmatch(code):
            faults.append(LineFault(number, code, "letters"))
        elif first != number:
            faults.append(LineFault(number, code, "double", first))
        codes.append(code)
        lines.append(number)
    return CodeLines(codes, lines, faults)
