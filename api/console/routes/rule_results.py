"""What rules gave: whom each reached, how often, and what it cost."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.console.doors import Asked, PagesOf, needs
from api.console.filters import chosen_of
from api.console.viewers import READ_ANALYTICS
from api.dependencies import AllPrograms, Now, RuleLog
from loyalty.program import Program
from stores.questions import Answered

router = APIRouter(dependencies=[needs(READ_ANALYTICS)])


@router.get("/rule-results")
async def rule_results(
    *,
    request: Request,
    asked: Asked,
    pages: PagesOf,
    programs: AllPrograms,
    desk: RuleLog,
    now: Now,
) -> HTMLResponse:
    """Rules by the members whom they reached in a span."""
    span = await asked.span(request.query_params, now)
    chosen = chosen_of(request.query_params)
    told = asked.told(span) | chosen.told(asked.program)
    found = await asked.ask(told, "rule_results")
    program = programs.latest
    sections = {one.rule_id: one.section for one in desk.publishing.all_rules()}
    values = {
        "here": "rule_results",
        "span": span,
        "chosen": chosen,
        "offered": asked.offered,
        "failed": asked.failed,
        "results": [_told(row, sections, program) for row in _by_reach(found)],
        "known": sections,
        "payment": program.payment,
    }
    return pages.page(request, "rule_results.html", values)


def _by_reach(found: dict[str, Answered]) -> list[dict[str, Any]]:
    """Rows in the order of their bars: points of two wallets do not compare."""
    return sorted(
        found["rule_results"].records(),
        key=lambda row: (-row["members"], row["rule"], row["wallet"]),
    )


def _told(
    row: dict[str, Any], sections: dict[str, str], program: Program
) -> dict[str, Any]:
    """Row with what things are called, and its points in money, rounded down."""
    names = {wallet.wallet_id: wallet.name for wallet in program.wallets}
    payment, cost = program.payment, None
    if payment is not None and row["wallet"] == payment.wallet:
        cost = row["points"] * payment.minor // payment.points
    return row | {
        "section": sections.get(row["rule"], ""),
        "wallet_name": names.get(row["wallet"], row["wallet"]),
        "cost_minor": cost,
    }
