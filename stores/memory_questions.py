"""The twin of ClickHouse's questions in memory: it answers what it was given."""

from collections.abc import Mapping
from typing import Any

from stores.questions import Answered, Question
from stores.questions_contract import Answer, StatementRefused, TableColumn
from stores.unavailable import StoreUnavailable


class MemoryQuestions:
    """
    Holds answers by the question's name, and nothing for the others.

    SQL is what questions are made of, and memory has none: what they answer is
    shown on the real ClickHouse. This is for what is around them.
    """

    def __init__(self) -> None:
        """Hold no answer."""
        self.is_available = True
        self.marks: list[str] = []
        self.rows: dict[str, list[tuple[Any, ...]]] = {}
        self.asked: list[tuple[str, dict[str, object]]] = []

    async def ask(self, question: Question, values: Mapping[str, object]) -> Answered:
        """Answer a named question with the rows given for it."""
        self._check()
        question.check(values)
        self.asked.append((question.name, dict(values)))
        return Answered(question.columns, self.rows.get(question.name, []))

    async def run(self, statement: str, mark: str = "") -> Answer:
        """Refuse: memory has no SQL."""
        self._check()
        self.marks.append(mark)
        raise StatementRefused(f"memory has no SQL: {statement[:40]}")

    async def stop(self, mark: str) -> int:
        """Say how many statements a mark had: nothing runs here."""
        self._check()
        return self.marks.count(mark)

    async def tables(self) -> list[TableColumn]:
        """None: memory has no tables."""
        self._check()
        return []

    async def close(self) -> None:
        """Nothing to let go of."""

    def _check(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("clickhouse", "switched off by a test")
