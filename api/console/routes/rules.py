"""Rules: what there is, one rule's page, and the steps of its life."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.console.doors import Filter, Form, NotYours, PagesOf, needs
from api.console.pages import Pages
from api.console.places import PREFIX
from api.console.rulebook.asks import asking_of, local_time, why_of
from api.console.rulebook.calendar import month_named, month_of
from api.console.rulebook.fields import CHANNELS
from api.console.rulebook.listing import (
    ROWS_MAX,
    STATES,
    coming_of,
    rows_of,
    waiting_of,
)
from api.console.rulebook.lives import actions_of, page_of
from api.console.rulebook.trials import DAYS_DEFAULT, LINES_SHOWN, Line
from api.console.viewers import APPROVE_RULES, READ_RULES, WRITE_RULES, Viewer
from api.dependencies import AllPrograms, NamedId, Now, RuleLog
from api.problems import InvalidRequest, Problem
from api.rule_problems import RevisionStale, RuleNotNow
from api.rule_steps import RuleDesk
from loyalty.publishing.changes import (
    APPROVED,
    ENDED,
    PAUSED,
    PUBLISHED,
    REJECTED,
    RESUMED,
    SECTIONS,
    SUBMITTED,
)
from loyalty.publishing.rule import Rule
from stores.backtest_requests import SOURCES

logger = logging.getLogger(__name__)
router = APIRouter(dependencies=[needs(READ_RULES)])
# Steps by their address, and who may take them.
KINDS: Final = {
    "submit": (SUBMITTED, (WRITE_RULES,)),
    "approve": (APPROVED, (APPROVE_RULES,)),
    "reject": (REJECTED, (APPROVE_RULES,)),
    "publish": (PUBLISHED, (WRITE_RULES, APPROVE_RULES)),
    "pause": (PAUSED, (WRITE_RULES, APPROVE_RULES)),
    "resume": (RESUMED, (WRITE_RULES, APPROVE_RULES)),
    "end": (ENDED, (WRITE_RULES, APPROVE_RULES)),
}
# Steps that say which version they are about.
OF_VERSION: Final = ("submit", "approve", "reject", "publish")
TIMED: Final = ("publish", "pause", "resume", "end")
# What guests notice at once asks for the rule's name first.
TYPED: Final = ("pause", "end")


@router.get("/rules")
async def rules(
    *,
    request: Request,
    pages: PagesOf,
    programs: AllPrograms,
    desk: RuleLog,
    now: Now,
    state: Filter = "",
    section: Filter = "",
) -> HTMLResponse:
    """Every rule, what waits, what comes, and the rest of the programme."""
    program, viewer = programs.latest, request.state.viewer
    rows = rows_of(desk, now, section=section, state=state)
    mine, others = waiting_of(desk, viewer)
    values = {
        "here": "rules",
        "program": program,
        "rows": rows[:ROWS_MAX],
        "left_out": max(len(rows) - ROWS_MAX, 0),
        "states": STATES,
        "sections": SECTIONS,
        "state": state,
        "section": section,
        # They come by themselves: the list does not wait for them.
        "figures": None,
        "failed": [],
        "span": None,
        "mine": mine,
        "others": others,
        "coming": coming_of(desk, program, now),
    }
    return pages.page(request, "rules.html", values)


@router.get("/rule-calendar")
async def rule_calendar(
    *,
    request: Request,
    pages: PagesOf,
    programs: AllPrograms,
    now: Now,
    month: Filter = "",
) -> HTMLResponse:
    """What runs on each day of a month."""
    zone = pages.shown.zone
    today = pages.shown.local(now).date()
    first = month_named(month, today)
    found = await asyncio.to_thread(month_of, programs, zone, first)
    values = {"here": "rules", "month": found, "today": today}
    return pages.page(request, "calendar.html", values)


@router.get("/rules/{rule_id}")
async def rule_page(
    *,
    request: Request,
    rule_id: NamedId,
    pages: PagesOf,
    desk: RuleLog,
    now: Now,
    done: Filter = "",
) -> HTMLResponse:
    """One rule: how it stands and what may be done."""
    told = pages.texts.of("rule.done", done) if done in ("drafted", *KINDS) else ""
    return await shown_rule(
        request, pages, desk, rule=desk.rule(rule_id), now=now, done=told
    )


@router.post("/rules/{rule_id}/steps/{step}")
async def take_step(
    *,
    request: Request,
    rule_id: NamedId,
    step: str,
    form: Form,
    pages: PagesOf,
    desk: RuleLog,
    now: Now,
) -> Response:
    """Take a step in the viewer's name, or say why it was not taken."""
    if step not in KINDS:
        raise RuleNotNow(f"there is no step {step!r}")
    kind, scopes = KINDS[step]
    viewer: Viewer = request.state.viewer
    if not any(viewer.may(scope) for scope in scopes):
        raise NotYours(scopes[0])
    asking = asking_of(request, desk, now=now, revision=form.get("revision", ""))
    try:
        rule = asking.seen(rule_id)
        said = _said(form, step, rule, pages=pages)
        await asking.step(rule, kind, **said)
    except Problem as problem:
        logger.info("rule step refused", extra={"rule_id": rule_id, "step": step})
        rule, why = desk.rule(rule_id), told_problem(problem, pages)
        return await shown_rule(
            request, pages, desk, rule=rule, now=now, fault=why, status=problem.status
        )
    return to_rule(rule_id, f"?done={step}")


async def shown_rule(
    request: Request,
    pages: Pages,
    desk: RuleDesk,
    *,
    rule: Rule,
    now: int,
    done: str = "",
    fault: str = "",
    status: int = HTTPStatus.OK,
) -> HTMLResponse:
    """A rule's page, with what was done or why it was not."""
    viewer: Viewer = request.state.viewer
    # A programme of a thousand rules takes a while: others need not wait.
    values: dict[str, Any] = await asyncio.to_thread(
        page_of, desk, rule, viewer, now=now
    )
    steps = [one for one in actions_of(rule, viewer) if one != "edit"]
    values |= {
        "done": done,
        "fault": fault,
        "step_names": steps,
        "timed": TIMED,
        "typed": TYPED,
        "zone_name": desk.publishing.latest_document.get("time_zone", "UTC"),
        "now": now,
        **trial_values(pages, now),
    }
    return pages.page(request, "rule.html", values, status=status)


def trial_values(pages: Pages, now: int) -> dict[str, Any]:
    """What the forms begin with that try a rule out."""
    today = pages.shown.local(now).date()
    return {
        "form": {},
        "lines": [Line(), *[Line(quantity="")] * (LINES_SHOWN - 1)],
        "channels": CHANNELS,
        "sources": SOURCES,
        "past_from": (today - timedelta(days=DAYS_DEFAULT)).isoformat(),
        "past_until": (today - timedelta(days=1)).isoformat(),
    }


def to_rule(rule_id: str, more: str = "") -> RedirectResponse:
    """Lead to a rule's page."""
    address = f"{PREFIX}/rules/{quote(rule_id, safe='')}{more}"
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def told_problem(problem: Problem, pages: Pages) -> str:
    """Problem in words for people; faults of a document with their places."""
    if isinstance(problem, RevisionStale):
        return pages.texts("rule.stale")
    faults = [
        f"{one['pointer']}: {one['detail']}" for one in problem.extra.get("errors", ())
    ]
    return "; ".join(faults) or problem.detail or problem.title


def _said(
    form: Mapping[str, str], step: str, rule: Rule, *, pages: Pages
) -> dict[str, Any]:
    """What a form says of a step; raises InvalidRequest."""
    texts = pages.texts
    needed = texts("rule.why_needed") if step in ("reject", *TYPED) else ""
    said: dict[str, Any] = {"why": why_of(form, needed=needed)}
    if step in TYPED and form.get("typed", "").strip() != rule.rule_id:
        raise InvalidRequest(texts("rule.typed_wrong", rule=rule.rule_id))
    if step in OF_VERSION:
        version = form.get("version", "")
        if not version.isdecimal() or len(version) > 4:  # noqa: PLR2004 - a rule has a thousand at most
            raise InvalidRequest(texts("rule.version_wrong"))
        said["version"] = int(version)
    if step in TIMED:
        zone = pages.shown.zone
        fault = texts("rule.time_wrong")
        said["effective_from"] = local_time(form.get("from", ""), zone, fault)
    return said
