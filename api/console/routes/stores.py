"""Stores: all of them beside each other, and some that were chosen over time."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.console.answers import Board
from api.console.comparing import (
    MEASURES,
    measure_of,
    rows_of_places,
    side_by_side,
)
from api.console.doors import Asked, PagesOf, needs
from api.console.filters import PLACES_MAX, Chosen, chosen_of
from api.console.spans import Span
from api.console.viewers import READ_ANALYTICS
from api.dependencies import Now

router = APIRouter(dependencies=[needs(READ_ANALYTICS)])


@router.get("/stores")
async def stores(
    request: Request, asked: Asked, pages: PagesOf, now: Now
) -> HTMLResponse:
    """Stores by what they sold; those that the address names over time as well."""
    query = request.query_params
    span = await asked.span(query, now)
    chosen = chosen_of(query)
    found = await asked.ask(asked.told(span) | {"channel": chosen.channel}, "stores")
    measure = measure_of(query.get("show", ""))
    values = await _compared(asked, span, chosen, measure=measure)
    values |= {
        "here": "stores",
        "span": span,
        "chosen": chosen,
        "offered": asked.offered,
        "most": PLACES_MAX,
        "measure": measure,
        "measures": MEASURES,
        "failed": asked.failed,
        "stores": found["stores"].records(),
    }
    return pages.page(request, "stores.html", values)


async def _compared(
    asked: Board, span: Span, chosen: Chosen, *, measure: str
) -> dict[str, Any]:
    """Chosen places beside each other; nothing when none is."""
    if not chosen.places:
        return {"compared": [], "drawn": None}
    told = asked.told(span) | chosen.told(asked.program)
    found = await asked.ask(told, "places", "place_days")
    return {
        "compared": rows_of_places(found["places"], chosen.places),
        "drawn": side_by_side(
            found["place_days"], chosen.places, measure=measure, days=span.each
        ),
    }
