"""Journeys: how far members come."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.console.doors import Asked, PagesOf, needs
from api.console.journeys import funnels_of
from api.console.viewers import READ_ANALYTICS
from api.dependencies import AllPrograms, Now

router = APIRouter(dependencies=[needs(READ_ANALYTICS)])


@router.get("/journeys")
async def journeys(
    *,
    request: Request,
    asked: Asked,
    pages: PagesOf,
    programs: AllPrograms,
    now: Now,
) -> HTMLResponse:
    """How far members come in each journey, step by step."""
    span = await asked.span(request.query_params, now)
    found = await asked.ask(asked.told(span), "journey_steps")
    program = programs.latest
    values = {
        "here": "journeys",
        "span": span,
        "failed": asked.failed,
        "funnels": funnels_of(found["journey_steps"].records(), program),
        "names": {one.journey_id: one.name for one in program.journeys},
    }
    return pages.page(request, "journeys.html", values)
