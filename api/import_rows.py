"""Rows of a file, one at a time, each as the event or command that it asks for."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from typing import IO, Any, Final, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from api.problems import BodyTooLarge, EventRefused
from stores.imports_contract import RowFault

NDJSON: Final = "application/x-ndjson"
CSV: Final = "text/csv"
IMPORT_BYTES_MAX: Final = 32 * 1_048_576
ROW_CHARACTERS_MAX: Final = 1_000_000
DETAIL_LENGTH_MAX: Final = 512
TOO_LONG: Final = f"a row has at most {ROW_CHARACTERS_MAX} characters"
_INTEGER: Final = re.compile(r"-?\d{1,19}", re.ASCII)
# Columns of a CSV file that are numbers; a time may be one.
_NUMBERS: Final = re.compile(r"\w+_minor|occurred_at", re.ASCII)


Made = TypeVar("Made")


class BadRow(Exception):
    """A row that is not taken, and why."""

    def __init__(self, fault: RowFault) -> None:
        """Say where and what."""
        super().__init__(fault.detail)
        self.fault = fault


class Row(NamedTuple):
    """A row as a document, or what keeps it from being one; and its line."""

    number: int
    document: Any
    fault: str = ""


def rows_of(file: IO[bytes], content_type: str) -> Iterator[Row]:
    """Rows of a file, empty lines left out; never raises for what a row holds."""
    text = TextIOWrapper(file, encoding="utf-8", errors="replace", newline="")
    try:
        yield from _csv(text) if content_type == CSV else _lines(text)
    finally:
        # The file is its owner's to close.
        text.detach()


def _lines(text: TextIOWrapper) -> Iterator[Row]:
    number = 0
    while line := text.readline(ROW_CHARACTERS_MAX + 1):
        number += 1
        if len(line) > ROW_CHARACTERS_MAX:
            yield Row(number, None, TOO_LONG)
            while line and not line.endswith("\n"):
                line = text.readline(ROW_CHARACTERS_MAX)
        elif line.strip():
            try:
                yield Row(number, json.loads(line))
            except (ValueError, RecursionError):
                yield Row(number, None, "not a JSON document")


def _csv(text: TextIOWrapper) -> Iterator[Row]:
    """Rows by the names of the first one; a cell that is empty says nothing."""
    reader = csv.reader(text, strict=True)
    names: list[str] | None = None
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(reader.line_num, None, f"not CSV: {error}")
            continue
        if not cells:
            continue
        if names is None:
            names = [name.strip().removeprefix("\ufeff") for name in cells]
        elif len(cells) != len(names):
            detail = f"{len(cells)} cells, {len(names)} columns"
            yield Row(reader.line_num, None, detail)
        else:
            yield _of_cells(reader.line_num, dict(zip(names, cells, strict=True)))


def _of_cells(number: int, cells: dict[str, str]) -> Row:
    document: dict[str, Any] = {}
    for name, cell in cells.items():
        if not cell:
            continue
        document[name] = cell
        if cell[0] in "[{":
            try:
                document[name] = json.loads(cell)
            except (ValueError, RecursionError):
                return Row(number, None, f"{name}: not a JSON document")
        elif _NUMBERS.fullmatch(name) and _INTEGER.fullmatch(cell):
            document[name] = int(cell)
    return Row(number, document)


def checked_row(row: Row, shape: type[BaseModel], check: Callable[[Any], Made]) -> Made:
    """
    What a row asks for, as its check makes it.

    Raises: BadRow.
    """
    if row.fault:
        raise BadRow(RowFault(row.number, "", row.fault))
    try:
        return check(shape.model_validate(row.document))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        pointer = "".join(f"/{part}" for part in first["loc"])
        detail = first["msg"]
    except (EventRefused, BodyTooLarge) as problem:
        pointer, detail = "", problem.detail
        if "reason" in problem.extra:
            detail = f"{problem.extra['reason']}: {detail}"
    short = detail[:DETAIL_LENGTH_MAX]
    raise BadRow(RowFault(row.number, pointer[:DETAIL_LENGTH_MAX], short))
