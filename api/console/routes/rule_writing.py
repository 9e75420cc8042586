"""Writing rules: as fields or as text, with the sentence and the faults beside it."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from api.console.doors import Filter, Form, PagesOf, needs
from api.console.pages import Pages
from api.console.routes.rules import to_rule, told_problem
from api.console.rulebook.asks import asking_of, why_of
from api.console.rulebook.fields import FORMS
from api.console.rulebook.form_values import form_values
from api.console.rulebook.growing import changed
from api.console.rulebook.listing import document_of
from api.console.rulebook.lives import actions_of
from api.console.rulebook.parts import started_form
from api.console.rulebook.sheets import (
    AS_FIELDS,
    AS_TEXT,
    Judged,
    Sheet,
    checked,
    faults_of,
    judged,
    sheet_of_form,
    sheet_of_rule,
    text_of,
)
from api.console.rulebook.stepping import stepped
from api.console.rulebook.trigger_fields import TRIGGER_STARTS
from api.console.viewers import WRITE_RULES
from api.dependencies import NamedId, Now, RuleLog
from api.problems import Problem
from api.rule_problems import RevisionStale, RuleNotNow
from api.rule_steps import RuleDesk
from loyalty.publishing.changes import DRAFTED, SECTIONS
from loyalty.publishing.rule import Rule

router = APIRouter(dependencies=[needs(WRITE_RULES)])
TEXT_STARTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "gifts": {"kind": "birthday", "points": 100},
    "auto_redeem": {"every": 10, "amount": 1},
}
# What a new rule may be, by what people want; triggers have a page of their own.
KINDS: Final = (*FORMS, ("triggers", ""), ("journeys", ""))
TRIGGERS: Final = tuple(("triggers", name) for name in TRIGGER_STARTS)


@router.get("/new-rule")
async def new_rule(
    *,
    request: Request,
    pages: PagesOf,
    desk: RuleLog,
    section: Filter = "",
    kind: Filter = "",
) -> HTMLResponse:
    """Choose what kind of rule to write, then write it."""
    is_of_triggers = section == "triggers" and not kind
    if section not in SECTIONS or is_of_triggers:
        starts = TRIGGERS if is_of_triggers else KINDS
        values = {
            "here": "rules",
            "kinds": starts,
            "sections": SECTIONS,
            "is_of_triggers": is_of_triggers,
        }
        return pages.page(request, "new_rule.html", values)
    begun = started_form(section, kind)
    if begun is not None:
        sheet = sheet_of_rule(section, begun)
    else:
        start = {"id": "", **TEXT_STARTS.get(section, {})}
        sheet = Sheet(section, AS_TEXT, start, text_of(start))
    return await _shown(request, pages, desk, sheet=sheet, is_begun=False)


@router.post("/new-rule")
async def write_rule(
    *, request: Request, form: Form, pages: PagesOf, desk: RuleLog, now: Now
) -> Response:
    """Save a new rule as a draft."""
    sheet = sheet_of_form(form, cents=_cents(pages))
    try:
        document = await asyncio.to_thread(checked, desk, sheet)
        rule = Rule(str(document["id"]), sheet.section)
        asking = asking_of(request, desk, now=now)
        await asking.step(rule, DRAFTED, document=document, why=why_of(form))
    except Problem as problem:
        return await _refused(request, pages, desk, sheet=sheet, problem=problem)
    return to_rule(rule.rule_id, "?done=drafted")


@router.get("/rules/{rule_id}/edit")
async def edit_rule(
    *, request: Request, rule_id: NamedId, pages: PagesOf, desk: RuleLog
) -> HTMLResponse:
    """Go on from a rule's newest version."""
    rule = desk.rule(rule_id)
    if "edit" not in actions_of(rule, request.state.viewer):
        raise RuleNotNow(pages.texts("writing.not_now"))
    document = rule.newest.document if rule.newest else document_of(desk, rule)
    sheet = sheet_of_rule(
        rule.section, document, rule_id=rule_id, revision=rule.revision
    )
    return await _shown(request, pages, desk, sheet=sheet)


@router.post("/rules/{rule_id}/edit")
async def write_version(
    *,
    request: Request,
    rule_id: NamedId,
    form: Form,
    pages: PagesOf,
    desk: RuleLog,
    now: Now,
) -> Response:
    """Save another version as a draft."""
    rule = desk.rule(rule_id)
    sheet = sheet_of_form(form, cents=_cents(pages))
    sheet = sheet._replace(rule_id=rule_id, section=rule.section)
    asking = asking_of(request, desk, now=now, revision=sheet.revision)
    try:
        seen = asking.seen(rule_id, required=True)
        document = await asyncio.to_thread(checked, desk, sheet)
        await asking.step(seen, DRAFTED, document=document, why=why_of(form))
    except RevisionStale as stale:
        # Whoever has seen how it stands now may save on top of it.
        sheet = sheet._replace(revision=str(desk.rule(rule_id).revision))
        return await _refused(request, pages, desk, sheet=sheet, problem=stale)
    except Problem as problem:
        return await _refused(request, pages, desk, sheet=sheet, problem=problem)
    return to_rule(rule_id, "?done=drafted")


@router.post("/rule-form")
async def other_form(
    *, request: Request, form: Form, pages: PagesOf, desk: RuleLog
) -> HTMLResponse:
    """The same rule as fields or as text, or with a part more or fewer; not saved."""
    sheet = sheet_of_form(form, cents=_cents(pages))
    if form.get("to") == AS_FIELDS and sheet.groups is not None:
        sheet = sheet._replace(mode=AS_FIELDS)
    elif form.get("to") == AS_TEXT:
        sheet = sheet._replace(mode=AS_TEXT)
    elif (asked := form.get("do")) and sheet.document is not None:
        found = stepped(sheet.document, asked, sheet.is_open)
        document = found.document if found else changed(sheet.document, asked)
        is_open = found.is_open if found else sheet.is_open
        sheet = sheet._replace(
            document=document, text=text_of(document), is_open=is_open
        )
    return await _shown(request, pages, desk, sheet=sheet, focus=form.get("do", ""))


@router.post("/rule-preview")
async def preview(
    *, request: Request, form: Form, pages: PagesOf, desk: RuleLog
) -> HTMLResponse:
    """What a rule says and what is said of it, while somebody types."""
    sheet = sheet_of_form(form, cents=_cents(pages))
    found = await asyncio.to_thread(judged, desk, sheet)
    values = form_values(desk, sheet, found, cents=_cents(pages))
    return pages.page(request, "rule_preview.html", values)


async def _shown(
    request: Request,
    pages: Pages,
    desk: RuleDesk,
    *,
    sheet: Sheet,
    is_begun: bool = True,
    fault: str = "",
    focus: str = "",
    status: int = HTTPStatus.OK,
) -> HTMLResponse:
    found = await asyncio.to_thread(judged, desk, sheet)
    if not is_begun:
        # Nobody needs to be told what they have not written yet.
        found = Judged("", [one for one in found.said if not one.is_fault])
    values = form_values(desk, sheet, found, cents=_cents(pages))
    values |= {"fault": fault, "is_begun": is_begun, "focus": focus}
    return pages.page(request, "rule_form.html", values, status=status)


async def _refused(
    request: Request, pages: Pages, desk: RuleDesk, *, sheet: Sheet, problem: Problem
) -> HTMLResponse:
    texts = pages.texts
    if isinstance(problem, RevisionStale):
        fault = texts("writing.stale")
    elif problem.extra.get("errors"):
        fault = texts("writing.faults", count=len(faults_of(problem)))
    else:
        fault = texts("rule.refused", why=told_problem(problem, pages))
    return await _shown(
        request, pages, desk, sheet=sheet, fault=fault, status=problem.status
    )


def _cents(pages: Pages) -> int:
    """Minor units of one of the programme's currency."""
    return 1 if pages.shown.is_whole else 100
