"""The rows behind a number, as a page and as CSV."""

from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from starlette.datastructures import QueryParams
from starlette.responses import HTMLResponse, Response

from api.console.answers import ROWS_SHOWN, Board, csv_of
from api.console.doors import Asked, PagesOf, needs
from api.console.filters import FILTERS, chosen_of
from api.console.viewers import READ_ANALYTICS
from api.dependencies import Now
from api.problems import InvalidRequest, QuestionNotFound
from loyalty.limits import ID_LENGTH_MAX
from stores.questions import QUESTIONS

# Those that have a page; every question has its CSV.
SHOWN: Final = {
    "order_rows": "stores",
    "segment_members": "segments",
    "cohort_members": "retention",
    "expiring_members": "liability",
    "offer_members": "offers",
    "journey_members": "journeys",
    "tier_change_rows": "tiers",
}
# What an address may tell of which rows are meant.
NAMED: Final = (
    *FILTERS,
    "segment",
    "offer",
    "journey",
    "step",
    "tier_before",
    "tier_after",
    "day",
)

# What filters read themselves.
OWN: Final = tuple(name for name in NAMED if name not in FILTERS)

router = APIRouter(dependencies=[needs(READ_ANALYTICS)])
Name = Annotated[str, Path(max_length=ID_LENGTH_MAX)]


@router.get("/rows/{question}.csv")
async def rows_as_csv(
    question: Name, request: Request, asked: Asked, now: Now
) -> Response:
    """Answer of any question, to be worked on elsewhere."""
    told = await _told(question, request.query_params, asked, now=now)
    answer = (await asked.ask(told, question))[question]
    headers = {"Content-Disposition": f'attachment; filename="{question}.csv"'}
    return Response(csv_of(answer), media_type="text/csv", headers=headers)


@router.get("/rows/{question}")
async def rows(
    *, question: Name, request: Request, asked: Asked, pages: PagesOf, now: Now
) -> HTMLResponse:
    """Rows that lead on to members."""
    if question not in SHOWN:
        raise QuestionNotFound(f"there are no rows called {question!r}")
    told = await _told(question, request.query_params, asked, now=now)
    answer = (await asked.ask(told, question))[question]
    values = {
        "here": SHOWN[question],
        "title": pages.texts.of("rows", question),
        "question": question,
        "limit": ROWS_SHOWN,
        "answer": answer,
        "failed": asked.failed,
        "about": [request.query_params[n] for n in NAMED if n in request.query_params],
    }
    return pages.page(request, "rows.html", values)


async def _told(
    question: str, query: QueryParams, asked: Board, *, now: int
) -> dict[str, Any]:
    if question not in QUESTIONS:
        raise QuestionNotFound(f"there is no question called {question!r}")
    told = asked.told(await asked.span(query, now))
    chosen = chosen_of(query)
    told |= chosen.told(asked.program, as_one=bool(query.get("as_one")))
    told |= {name: query[name][:ID_LENGTH_MAX] for name in OWN if name in query}
    missing = [name for name in QUESTIONS[question].parameters if name not in told]
    if missing:
        raise InvalidRequest(f"name {', '.join(missing)}")
    if "day" in QUESTIONS[question].parameters:
        told["day"] = _day(str(told["day"]))
    return told


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise InvalidRequest(f"{text!r} is not a day") from error
