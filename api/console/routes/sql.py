"""A page for analysts: one statement that reads, and what it comes to."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from api.console.answers import csv_of_rows
from api.console.boards import grouped
from api.console.doors import Form, PagesOf, needs
from api.console.sessions import new_token
from api.console.viewers import QUERY_ANALYTICS, Viewer
from api.dependencies import AllQuestions
from stores.questions_contract import (
    STATEMENT_ROWS_MAX,
    STATEMENT_SECONDS_MAX,
    Answer,
    Questions,
    StatementRefused,
)
from stores.unavailable import StoreUnavailable

EXAMPLE: Final = """\
SELECT category, count() AS lines, sum(quantity) AS units
FROM order_lines
GROUP BY category
ORDER BY lines DESC
LIMIT 20"""

router = APIRouter(dependencies=[needs(QUERY_ANALYTICS)])


@router.get("/sql")
async def ask(
    request: Request, questions: AllQuestions, pages: PagesOf
) -> HTMLResponse:
    """The page, with something to begin with."""
    values = await _values(questions, EXAMPLE)
    return pages.page(request, "sql.html", values)


@router.post("/sql")
async def run(
    request: Request, form: Form, questions: AllQuestions, pages: PagesOf
) -> Response:
    """The page with an answer, or with the store's own words why not."""
    statement = form.get("statement", "").strip().rstrip(";")
    values = await _values(questions, statement)
    try:
        answer = await questions.run(statement, _mark(request, form))
    except StatementRefused as error:
        values["fault"] = str(error)
        return pages.page(request, "sql.html", values, status=422)
    if form.get("as") == "csv":
        return _csv(answer)
    return pages.page(request, "sql.html", values | {"answer": answer})


@router.post("/sql/stop")
async def stop(
    request: Request, form: Form, questions: AllQuestions, pages: PagesOf
) -> Response:
    """Stop the viewer's own statement, which a page still waits for."""
    count = await questions.stop(_mark(request, form))
    values = await _values(questions, form.get("statement", "").strip())
    texts = pages.texts
    text = texts("sql.stopped") if count else texts("sql.nothing_to_stop")
    return pages.page(request, "sql.html", values | {"told": text})


def _mark(request: Request, form: Mapping[str, str]) -> str:
    """Mark of the page's statement; nobody can name one of another session."""
    viewer: Viewer = request.state.viewer
    text = f"{viewer.csrf}/{form.get('mark', '')}"
    return sha256(text.encode()).hexdigest()


async def _values(questions: Questions, statement: str) -> dict[str, Any]:
    try:
        columns = [one._asdict() for one in await questions.tables()]
    except StoreUnavailable:
        columns = []
    return {
        "here": "sql",
        "statement": statement,
        "tables": grouped(columns, "table"),
        "rows_max": STATEMENT_ROWS_MAX,
        "seconds_max": STATEMENT_SECONDS_MAX,
        "answer": None,
        "fault": "",
        "told": "",
        "mark": new_token(),
    }


def _csv(answer: Answer) -> Response:
    text = csv_of_rows([name for name, _ in answer.columns], answer.rows)
    headers = {"Content-Disposition": 'attachment; filename="answer.csv"'}
    return Response(text, media_type="text/csv", headers=headers)
