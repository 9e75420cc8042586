"""Trying a rule before it runs: a basket, or the history, by it and without it."""

from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.backtest_responses import BacktestOut
from api.console.doors import Form, PagesOf, needs
from api.console.places import PREFIX
from api.console.routes.rules import shown_rule, told_problem, trial_values
from api.console.rulebook.asks import CLIENT
from api.console.rulebook.listing import document_of
from api.console.rulebook.trials import (
    backtest_of,
    candidate_with,
    days_of,
    is_of_rule,
    lines_of,
    rules_of,
    simulation_of,
    weeks_of,
)
from api.console.showing import Shown
from api.console.viewers import READ_RULES, WRITE_RULES, Viewer
from api.dependencies import (
    AllPrograms,
    BacktestQueue,
    Estimates,
    NamedId,
    Now,
    ProgramDocument,
    RuleLog,
    States,
    Views,
)
from api.principals import Principal
from api.problems import Problem
from api.routes.backtests import (
    BacktestId,
    cancel_backtest,
    read_backtest,
    start_backtest,
)
from api.routes.simulations import simulate_order
from api.rule_steps import RuleDesk
from loyalty.publishing.changes import Document
from loyalty.publishing.rule import Rule

BACKTESTS_SEEN: Final = 100
BACKTESTS_SHOWN: Final = 20
OVER: Final = ("finished", "failed", "cancelled")
router = APIRouter(dependencies=[needs(READ_RULES)])


@router.post("/rules/{rule_id}/try")
async def try_basket(
    *,
    request: Request,
    rule_id: NamedId,
    form: Form,
    pages: PagesOf,
    desk: RuleLog,
    views: Views,
    states: States,
    estimates: Estimates,
    programs: AllPrograms,
    document: ProgramDocument,
    now: Now,
) -> HTMLResponse:
    """A basket by the programme that runs, and with this rule's newest version."""
    rule = desk.rule(rule_id)
    values: dict[str, Any] = {"rule": rule, "tried": None, "fault": ""}
    try:
        candidate = _candidate(desk, rule, document)
        body = simulation_of(form, candidate, shown=pages.shown, now=now)
        values["tried"] = await simulate_order(
            body=body,
            views=views,
            states=states,
            estimates=estimates,
            programs=programs,
            document=document,
            now=now,
        )
    except Problem as problem:
        values["fault"] = told_problem(problem, pages)
    if "hx-request" in request.headers:
        return pages.page(request, "rule_tried.html", values)
    values |= trial_values(pages, now)
    values |= {"here": "rules", "lines": lines_of(form), "form": form}
    return pages.page(request, "rule_try.html", values)


@router.post("/rules/{rule_id}/backtests", dependencies=[needs(WRITE_RULES)])
async def begin_backtest(
    *,
    request: Request,
    rule_id: NamedId,
    form: Form,
    pages: PagesOf,
    desk: RuleLog,
    queue: BacktestQueue,
    document: ProgramDocument,
    now: Now,
) -> Response:
    """Ask for a backtest of this rule's newest version."""
    rule, viewer = desk.rule(rule_id), request.state.viewer
    try:
        candidate = _candidate(desk, rule, document)
        body = backtest_of(form, candidate, zone=pages.shown.zone)
        caller = _caller(viewer)
        out = await start_backtest(
            body=body,
            caller=caller,
            queue=queue,
            running=document,
            now=now,
            response=Response(),
        )
    except Problem as problem:
        why = told_problem(problem, pages)
        return await shown_rule(
            request, pages, desk, rule=rule, now=now, fault=why, status=problem.status
        )
    return _to_backtest(rule_id, out.backtest_id)


@router.get("/rules/{rule_id}/backtests")
async def backtests(
    *,
    request: Request,
    rule_id: NamedId,
    pages: PagesOf,
    desk: RuleLog,
    queue: BacktestQueue,
) -> HTMLResponse:
    """The latest backtests in which a version of this rule took part."""
    rule = desk.rule(rule_id)
    rows = await queue.page(before=None, limit=BACKTESTS_SEEN)
    found = [one for one in rows if is_of_rule(one.request.candidate, rule)]
    values = {"here": "rules", "rule": rule, "rows": found[:BACKTESTS_SHOWN]}
    return pages.page(request, "backtests.html", values)


@router.get("/rules/{rule_id}/backtests/{backtest_id}")
async def backtest(
    *,
    request: Request,
    rule_id: NamedId,
    backtest_id: BacktestId,
    pages: PagesOf,
    desk: RuleLog,
    queue: BacktestQueue,
) -> HTMLResponse:
    """How far a backtest is, and what it found."""
    out = await read_backtest(backtest_id=backtest_id, queue=queue)
    rule = desk.rule(rule_id)
    values = _values(rule, out, pages.shown) | {"here": "rules"}
    return pages.page(request, "backtest.html", values)


@router.get("/rules/{rule_id}/backtests/{backtest_id}/progress")
async def progress(
    *,
    request: Request,
    rule_id: NamedId,
    backtest_id: BacktestId,
    pages: PagesOf,
    desk: RuleLog,
    queue: BacktestQueue,
) -> HTMLResponse:
    """The part of the page that changes while it goes on."""
    out = await read_backtest(backtest_id=backtest_id, queue=queue)
    values = _values(desk.rule(rule_id), out, pages.shown)
    return pages.page(request, "backtest_part.html", values)


@router.post(
    "/rules/{rule_id}/backtests/{backtest_id}/cancel",
    dependencies=[needs(WRITE_RULES)],
)
async def stop_backtest(
    *,
    rule_id: NamedId,
    backtest_id: BacktestId,
    form: Form,
    queue: BacktestQueue,
    now: Now,
) -> RedirectResponse:
    """Cancel a backtest that is not over."""
    del form
    await cancel_backtest(backtest_id=backtest_id, queue=queue, now=now)
    return _to_backtest(rule_id, backtest_id)


def _candidate(desk: RuleDesk, rule: Rule, document: Document) -> dict[str, Any]:
    newest = rule.newest.document if rule.newest else document_of(desk, rule)
    return candidate_with(document, section=rule.section, rule=newest)


def _caller(viewer: Viewer) -> Principal:
    return Principal(viewer.subject, CLIENT, viewer.scopes)


def _values(rule: Rule, out: BacktestOut, shown: Shown) -> dict[str, Any]:
    first, last = days_of(out, shown)
    return {
        "first": first,
        "last": last,
        "rule": rule,
        "out": out,
        "is_over": out.status in OVER,
        "weeks": weeks_of(out),
        "by_rule": rules_of(out),
    }


def _to_backtest(rule_id: str, backtest_id: str) -> RedirectResponse:
    address = f"{PREFIX}/rules/{quote(rule_id, safe='')}/backtests/{quote(backtest_id)}"
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)
