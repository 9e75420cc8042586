"""What whoever asks questions may rely on, whichever store answers."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Protocol

from stores.questions import Answered, Question

STATEMENT_LENGTH_MAX: Final = 20_000
STATEMENT_ROWS_MAX: Final = 1_000
STATEMENT_SECONDS_MAX: Final = 10
MARK: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


class StatementRefused(ValueError):
    """A statement that the store does not understand, or may not run."""


class TableColumn(NamedTuple):
    """A column that analysts can ask for."""

    table: str
    column: str
    type: str
    meaning: str


class Answer(NamedTuple):
    """What an analyst's statement came to: `columns` are (name, type)."""

    columns: list[tuple[str, str]]
    rows: list[tuple[Any, ...]]
    is_cut: bool
    milliseconds: int


class Questions(Protocol):
    """Asked by dashboards and analysts; raises StoreUnavailable when it cannot be."""

    async def ask(self, question: Question, values: Mapping[str, object]) -> Answered:
        """
        Answer a named question, with at most ROWS_MAX rows.

        Raises: ParameterMissing.
        """

    async def run(self, statement: str, mark: str = "") -> Answer:
        """
        Answer a statement that only reads, within STATEMENT_ROWS_MAX and _SECONDS_MAX.

        `mark` is what `stop` finds it by: letters, digits, `-` and `_`. Raises:
        StatementRefused with the store's own words.
        """

    async def stop(self, mark: str) -> int:
        """Stop the statements of a mark that run now; return how many there were."""

    async def tables(self) -> list[TableColumn]:
        """Every column that there is, by table, in the table's order."""

    async def close(self) -> None:
        """Let go of all connections."""
