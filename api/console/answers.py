"""Questions of a page, asked together; one that fails leaves the others standing."""

import asyncio
import csv
import io
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from api.console.filters import offered
from api.console.spans import Span, span_of
from loyalty.program import Program
from stores.questions import QUESTIONS, Answered, told_of
from stores.questions_contract import Questions
from stores.unavailable import StoreUnavailable

logger = logging.getLogger(__name__)

ROWS_SHOWN: Final = 200


class Board:
    """The questions of one page: what all are told, and what became of each."""

    def __init__(self, questions: Questions, program: Program) -> None:
        """Ask of a store, about a program."""
        self._questions = questions
        self.program = program
        self.failed: list[str] = []

    @property
    def offered(self) -> dict[str, Any]:
        """What filters of a page may propose."""
        return offered(self.program)

    def told(self, span: Span | None = None) -> dict[str, object]:
        """What questions are told, whichever they are."""
        told = told_of(self.program) | {"limit": ROWS_SHOWN}
        if span is not None:
            told |= {"from_at": span.from_at, "until_at": span.until_at}
        return told

    async def span(self, query: Mapping[str, str], now_ms: int) -> Span:
        """Span of a page; without an answer, up to now."""
        rows = (await self.ask({}, "span"))["span"].records()
        last_at = rows[0]["last_at"] if rows else 0
        return span_of(query, self.program.zone, now_ms=now_ms, last_order_at=last_at)

    async def ask(self, told: Mapping[str, object], *names: str) -> dict[str, Answered]:
        """Answers by name; one that fails has no rows, and its name is in `failed`."""
        found = await asyncio.gather(*(self._ask(name, told) for name in names))
        return dict(zip(names, found, strict=True))

    async def _ask(self, name: str, told: Mapping[str, object]) -> Answered:
        question = QUESTIONS[name]
        try:
            return await self._questions.ask(question, told)
        except StoreUnavailable as error:
            logger.warning(
                "question failed", extra={"question": name, "why": str(error)}
            )
            self.failed.append(name)
            return Answered(question.columns, [])


def csv_of(answer: Answered) -> str:
    """Answer as RFC 4180."""
    return csv_of_rows([column.name for column in answer.columns], answer.rows)


def csv_of_rows(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as RFC 4180; what a spreadsheet would run as a formula becomes text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    for row in rows:
        writer.writerow(_cell(value) for value in row)
    return out.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return "'" + value
    return value
