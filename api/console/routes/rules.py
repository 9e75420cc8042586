"""Rules: what the programme in force does, told in words."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.console.doors import PagesOf, needs
from api.console.told_rules import told_rules
from api.console.viewers import READ_RULES
from api.dependencies import AllPrograms

router = APIRouter(dependencies=[needs(READ_RULES)])


@router.get("/rules")
async def rules(
    request: Request, pages: PagesOf, programs: AllPrograms
) -> HTMLResponse:
    """Every rule of the programme in force."""
    program = programs.latest
    values = {
        "here": "rules",
        "program": program,
        "groups": told_rules(program, pages.shown),
    }
    return pages.page(request, "rules.html", values)
