"""The one owner of the ClickHouse engine: a few handles that threads share."""

import json
import queue
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import chdb

from local.clickhouse_http import Insert, Request

HANDLES: Final = 4
WAIT_SECONDS_MAX: Final = 300.0

_CODE: Final = re.compile(r"Code: (\d+)")


class EngineError(Exception):
    """The engine refused a statement: its own code and words."""

    def __init__(self, text: str) -> None:
        """Find the code in the engine's words."""
        begin = text.find("Code: ")
        self.text = text[begin:].strip() if begin >= 0 else text.strip()
        found = _CODE.search(self.text)
        self.code = int(found[1]) if found else 0
        super().__init__(self.text)


class Answer(NamedTuple):
    """What a statement gave: bytes in a format, and how much was read or written."""

    body: bytes
    format: str
    summary: dict[str, str]


class Engine:
    """Runs statements; any thread may call, as many run as there are handles."""

    def __init__(self, path: Path) -> None:
        """Open the engine over a folder; one process at a time may do so."""
        self._path = path
        self._scratch = path.parent / "clickhouse-inserts"
        self._scratch.mkdir(parents=True, exist_ok=True)
        for leftover in self._scratch.iterdir():
            leftover.unlink()
        self._handles: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for _ in range(HANDLES):
            self._handles.put(chdb.connect(str(path)))
        self.timezone = self._text("SELECT timezone()")
        self.version = self._text("SELECT version()")

    def run(self, request: Request) -> Answer:
        """
        Run one request.

        Raises: EngineError.
        """
        # Settings and the database would outlive a request on a shared handle;
        # and a handle that was made read-only cannot be made anything else.
        if "readonly" in request.settings:
            handle = chdb.connect(str(self._path))
            try:
                return self._run(handle, request)
            finally:
                handle.close()
        with self._handle() as handle:
            return self._run(handle, request)

    def _run(self, handle: Any, request: Request) -> Answer:
        settings = dict(request.settings)
        read_only = settings.pop("readonly", None)
        try:
            _ask(handle, f"USE {_quoted_name(request.database or 'default')}")
            for name, value in settings.items():
                _ask(handle, f"SET {name} = {_quoted(value)}")
            if read_only is not None:
                _ask(handle, f"SET readonly = {_quoted(read_only)}")
            if isinstance(request.action, Insert):
                return self._insert(handle, request.action)
            return _query(handle, request)
        finally:
            if read_only is None:
                for name in settings:
                    _restore(handle, name)

    def _insert(self, handle: Any, insert: Insert) -> Answer:
        # A file is the way of inserting that takes any number of blocks whole.
        with tempfile.NamedTemporaryFile(dir=self._scratch, suffix=".data") as file:
            file.write(insert.data)
            file.flush()
            result = _ask(
                handle,
                f"{insert.statement} FROM INFILE {_quoted(file.name)} "
                f"COMPRESSION 'none' FORMAT {insert.format}",
            )
        # Such an insert reads exactly the rows that it writes.
        summary = {
            "written_rows": str(result.rows_read()),
            "written_bytes": str(result.bytes_read()),
        }
        return Answer(b"", "", summary)

    @contextmanager
    def _handle(self) -> Iterator[Any]:
        try:
            handle = self._handles.get(timeout=WAIT_SECONDS_MAX)
        except queue.Empty:
            raise EngineError("Code: 202. DB::Exception: too many queries") from None
        try:
            yield handle
        finally:
            self._handles.put(handle)

    def _text(self, statement: str) -> str:
        with self._handle() as handle:
            return bytes(_ask(handle, statement).bytes()).decode().strip()


def summary_header(answer: Answer) -> str:
    """Value of X-ClickHouse-Summary."""
    return json.dumps(answer.summary)


def _query(handle: Any, request: Request) -> Answer:
    assert not isinstance(request.action, Insert)
    wanted = request.action.format
    result = _ask(
        handle, request.action.statement, format=wanted, parameters=request.parameters
    )
    summary = {
        "read_rows": str(result.rows_read()),
        "read_bytes": str(result.bytes_read()),
        "elapsed_ns": str(int(result.elapsed() * 1_000_000_000)),
    }
    return Answer(bytes(result.bytes() or b""), wanted, summary)


def _ask(
    handle: Any,
    statement: str,
    *,
    format: str = "TabSeparated",  # noqa: A002 - ClickHouse's own word
    parameters: dict[str, str] | None = None,
) -> Any:
    try:
        return handle.query(statement, format, params=parameters or {})
    except Exception as error:
        raise EngineError(str(error)) from error


def _restore(handle: Any, name: str) -> None:
    try:
        _ask(handle, f"SET {name} = DEFAULT")
    except EngineError:
        # It was refused when it was set, so there is nothing to restore.
        return


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _quoted_name(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("`", "\\`")
    return f"`{escaped}`"
