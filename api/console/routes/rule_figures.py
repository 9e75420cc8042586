"""Figures beside the list of rules, which comes without waiting for them."""

import asyncio
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.console.answers import Board
from api.console.doors import Asked, Filter, PagesOf, needs
from api.console.rulebook.figures import (
    NO_FIGURES,
    BudgetLeft,
    drawers_of,
    figures_of,
    left_of,
)
from api.console.rulebook.listing import ROWS_MAX, rows_of
from api.console.viewers import READ_ANALYTICS, READ_RULES
from api.dependencies import AllPrograms, Now, RuleLog
from api.rule_steps import RuleDesk
from loyalty.program import Program
from stores.questions import ROWS_MAX as ANSWER_ROWS_MAX

router = APIRouter(dependencies=[needs(READ_ANALYTICS), needs(READ_RULES)])
RESULTS: Final = "rule_results"
USES: Final = "budget_uses"


@router.get("/rule-figures")
async def rule_figures(
    *,
    request: Request,
    asked: Asked,
    pages: PagesOf,
    programs: AllPrograms,
    desk: RuleLog,
    now: Now,
    state: Filter = "",
    section: Filter = "",
) -> HTMLResponse:
    """The list of rules once more, with reach, cost and what budgets have left."""
    program = programs.latest
    span = await asked.span({}, now)
    told = asked.told(span) | {"limit": ANSWER_ROWS_MAX}
    found, budgets = await asyncio.gather(
        asked.ask(told, RESULTS), _budgets(asked, desk, program, now=now)
    )
    rows = rows_of(desk, now, section=section, state=state)[:ROWS_MAX]
    figures = figures_of(found[RESULTS].records(), program)
    values = {
        "rows": rows,
        "state": state,
        "section": section,
        "figures": {
            row.rule_id: figures.get(row.rule_id, NO_FIGURES)._replace(
                budget=budgets.get(row.budget_id)
            )
            for row in rows
        },
        "span": span,
        # Each is told once, however often it was asked.
        "failed": sorted(set(asked.failed)),
    }
    return pages.page(request, "rules_table.html", values)


async def _budgets(
    asked: Board, desk: RuleDesk, program: Program, *, now: int
) -> dict[str, BudgetLeft]:
    """Budgets that rules give from; none where nobody can say what they gave."""
    drawers = drawers_of(desk, program, now)
    told = [
        {
            "since": since,
            "rules": [r for one in drawers if one.since == since for r in one.rules],
        }
        for since in sorted({one.since for one in drawers})
    ]
    answers = await asyncio.gather(*(asked.ask(one, USES) for one in told))
    if USES in asked.failed:
        return {}
    used = {
        row["rule"]: row["points"]
        for answer in answers
        for row in answer[USES].records()
    }
    return left_of(drawers, used)
