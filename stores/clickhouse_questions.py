"""Questions to ClickHouse: on threads of their own, so that no desk waits for them."""

import asyncio
import re
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from typing import Any, Final

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import (
    ClickHouseError,
    DatabaseError,
    ProgrammingError,
)

from stores.clickhouse import connect, not_done
from stores.closed_days import LATEST, LAYOUT, Closed, asked_of, rows_of
from stores.questions import ROWS_MAX, Answered, Question
from stores.questions_contract import (
    MARK,
    STATEMENT_LENGTH_MAX,
    STATEMENT_ROWS_MAX,
    STATEMENT_SECONDS_MAX,
    Answer,
    StatementRefused,
    TableColumn,
)

THREADS: Final = 3
QUESTION_SECONDS_MAX: Final = 15
STOP_SECONDS_MAX: Final = 5
# Of two runs whose days are closed the older one stays until the next.
CLOSED_SECONDS_KEPT: Final = 30
# A mark holds nothing that could end the text.
STOP: Final = "KILL QUERY WHERE Settings['log_comment'] = '{}' ASYNC"
# What is over the limit is cut off, and whoever asked is told.
CUT: Final = {"result_overflow_mode": "break"}
READ_ONLY: Final = {
    **CUT,
    "max_result_rows": STATEMENT_ROWS_MAX + 1,
    "max_execution_time": STATEMENT_SECONDS_MAX,
    "max_memory_usage": 2_000_000_000,
    # Last: nothing can be set any more.
    "readonly": 1,
}
# ClickHouse's own parser writes a statement anew: clauses at the start of a line,
# comments gone, line ends within texts escaped.
_FORMATTED: Final = "SELECT formatQuery({statement:String})"
# Servers refuse it over HTTP; the engine alone would write a file.
_WRITES_FILE: Final = re.compile(r"^\s*INTO OUTFILE\b", re.MULTILINE)
_TABLES: Final = (Path(__file__).parent / "queries" / "tables.sql").read_text()
_MESSAGE: Final = re.compile(
    r"DB::Exception: (.*?)(?:\(version |\(for url |\s*$)", re.DOTALL
)


class ClickHouseQuestions:
    """Asks ClickHouse by its HTTP interface, a client for each thread."""

    def __init__(self, url: str, database: str) -> None:
        """Connect when first asked."""
        self._url = url
        self._database = database
        self._threads = ThreadPoolExecutor(THREADS, "questions")
        self._stopping = ThreadPoolExecutor(1, "stops")
        self._local = local()
        self._closed: Closed | None = None
        self._closed_until = 0.0

    async def ask(self, question: Question, values: Mapping[str, object]) -> Answered:
        """Answer a named question, with at most ROWS_MAX rows."""
        question.check(values)
        settings = {
            **CUT,
            "max_result_rows": ROWS_MAX + 1,
            "max_execution_time": QUESTION_SECONDS_MAX,
        }
        try:
            closed = await self._last_closed()
            now_ms = int(time.time() * 1_000)
            asked = asked_of(question, values, closed, now_ms=now_ms)
            result = await self._run(asked.statement, asked.parameters, settings)
        except DatabaseError as error:
            raise not_done(error) from error
        rows = [tuple(row) for row in result.result_rows]
        if asked.is_kept:
            rows = rows_of([row[0] for row in rows], question.columns)
        return Answered(question.columns, rows[:ROWS_MAX], len(rows) > ROWS_MAX)

    async def _last_closed(self) -> Closed | None:
        """The last run of `close-days`, asked for once in a while."""
        now = time.monotonic()
        if now >= self._closed_until:
            found = (await self._run(LATEST, {"layout": LAYOUT}, {})).result_rows
            self._closed = Closed(*found[0]) if found else None
            self._closed_until = now + CLOSED_SECONDS_KEPT
        return self._closed

    async def run(self, statement: str, mark: str = "") -> Answer:
        """Answer a statement that only reads."""
        if len(statement) > STATEMENT_LENGTH_MAX:
            raise StatementRefused(f"over {STATEMENT_LENGTH_MAX} characters")
        started = time.monotonic()
        try:
            told: dict[str, object] = {"statement": statement}
            formatted = await self._run(_FORMATTED, told, READ_ONLY)
            if _WRITES_FILE.search(formatted.result_rows[0][0]):
                raise StatementRefused("INTO OUTFILE is not allowed")
            settings = {"log_comment": mark, **READ_ONLY} if mark else READ_ONLY
            result = await self._run(statement, {}, settings)
        except (DatabaseError, ProgrammingError) as error:
            raise StatementRefused(_words(error)) from error
        milliseconds = int((time.monotonic() - started) * 1_000)
        rows = [tuple(row) for row in result.result_rows]
        names = [one.name for one in result.column_types]
        return Answer(
            list(zip(result.column_names, names, strict=True)),
            rows[:STATEMENT_ROWS_MAX],
            len(rows) > STATEMENT_ROWS_MAX,
            milliseconds,
        )

    async def stop(self, mark: str) -> int:
        """Stop the statements of a mark that run now; return how many there were."""
        if MARK.fullmatch(mark) is None:
            return 0
        loop = asyncio.get_running_loop()
        # On a thread of its own: those of questions may all wait for what is stopped.
        asked = loop.run_in_executor(self._stopping, self._stop, mark)
        try:
            return await asyncio.wait_for(asked, STOP_SECONDS_MAX)
        except (ClickHouseError, OSError) as error:
            raise not_done(error) from error

    async def tables(self) -> list[TableColumn]:
        """Every column that there is, by table, in the table's order."""
        try:
            result = await self._run(_TABLES, {"database": self._database}, {})
        except DatabaseError as error:
            raise not_done(error) from error
        return [TableColumn(*row) for row in result.result_rows]

    async def close(self) -> None:
        """Let go of all connections."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._stopping.shutdown(wait=False, cancel_futures=True)

    async def _run(
        self, statement: str, parameters: dict[str, object], settings: dict[str, Any]
    ) -> Any:
        """Result of a statement; what the store refuses stays a DatabaseError."""
        loop = asyncio.get_running_loop()
        answer = loop.run_in_executor(
            self._threads, self._query, statement, parameters, settings
        )
        try:
            return await asyncio.wait_for(answer, QUESTION_SECONDS_MAX + 5)
        except (DatabaseError, ProgrammingError):
            raise
        except (ClickHouseError, OSError) as error:
            raise not_done(error) from error

    def _query(
        self, statement: str, parameters: dict[str, object], settings: dict[str, Any]
    ) -> Any:
        return self._client().query(
            statement, parameters=parameters or None, settings=settings
        )

    def _stop(self, mark: str) -> int:
        # The driver takes what it does not know for a command without rows.
        told = self._client().raw_query(STOP.format(mark), fmt="TabSeparated")
        return len(told.splitlines())

    def _client(self) -> Client:
        client: Client | None = getattr(self._local, "client", None)
        if client is None:
            client = connect(self._url, self._database)
            self._local.client = client
        return client


def _words(error: Exception) -> str:
    """The store's own words, without the driver's."""
    text = str(error)
    found = _MESSAGE.search(text)
    return (found[1] if found else text).strip()[:1_000]
