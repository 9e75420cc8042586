"""Writing rules: as fields or as text, with the sentence and the faults beside it."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from api.console.doors import Form, PagesOf, needs
from api.console.pages import Pages
from api.console.routes.rules import to_rule, told_problem
from api.console.rulebook.asks import asking_of, why_of
from api.console.rulebook.entries import entry_of
from api.console.rulebook.fields import FORMS, ID, field_at, started
from api.console.rulebook.growing import changed
from api.console.rulebook.known import known_of
from api.console.rulebook.listing import document_of
from api.console.rulebook.lives import actions_of
from api.console.rulebook.parts import arms_of, cases_of
from api.console.rulebook.sheets import (
    AS_FIELDS,
    AS_TEXT,
    Judged,
    Said,
    Sheet,
    checked,
    faults_of,
    judged,
    kept,
    sheet_of_form,
    sheet_of_rule,
    text_of,
)
from api.console.viewers import WRITE_RULES
from api.dependencies import NamedId, Now, RuleLog
from api.problems import Problem
from api.rule_problems import RevisionStale, RuleNotNow
from api.rule_steps import RuleDesk
from loyalty.limits import ARMS_MAX
from loyalty.publishing.changes import DRAFTED, SECTIONS
from loyalty.publishing.rule import Rule

router = APIRouter(dependencies=[needs(WRITE_RULES)])
Word = Annotated[str, Query(max_length=20)]
TEXT_STARTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "gifts": {"kind": "birthday", "points": 100},
    "auto_redeem": {"every": 10, "amount": 1},
    "templates": {
        "purpose": "marketing",
        "texts": {"inbox": {"title": "", "body": "Hello"}},
    },
}


@router.get("/new-rule")
async def new_rule(
    *,
    request: Request,
    pages: PagesOf,
    desk: RuleLog,
    section: Word = "",
    kind: Word = "",
) -> HTMLResponse:
    """Choose what kind of rule to write, then write it."""
    if section not in SECTIONS:
        values = {"here": "rules", "kinds": list(FORMS), "sections": SECTIONS}
        return pages.page(request, "new_rule.html", values)
    if (section, kind) in FORMS:
        sheet = sheet_of_rule(section, started(section, kind))
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
        document = changed(sheet.document, asked)
        sheet = sheet._replace(document=document, text=text_of(document))
    return await _shown(request, pages, desk, sheet=sheet, focus=form.get("do", ""))


@router.post("/rule-preview")
async def preview(
    *, request: Request, form: Form, pages: PagesOf, desk: RuleLog
) -> HTMLResponse:
    """What a rule says and what is said of it, while somebody types."""
    sheet = sheet_of_form(form, cents=_cents(pages))
    found = await asyncio.to_thread(judged, desk, sheet)
    values = _values(desk, sheet, found, cents=_cents(pages))
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
    values = _values(desk, sheet, found, cents=_cents(pages))
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


def _values(
    desk: RuleDesk, sheet: Sheet, found: Judged, *, cents: int
) -> dict[str, Any]:
    """What the form and the part beside it show."""
    document: Mapping[str, Any] = sheet.document or {}
    groups = (sheet.groups or ()) if sheet.mode == AS_FIELDS else ()
    said: dict[str, list[Said]] = {}
    for one in found.said:
        name = field_at(groups, one.pointer) if groups else ""
        said.setdefault(name, []).append(one)
    names = [field.name for _, group in groups for field in group]
    return {
        "here": "rules",
        "sheet": sheet,
        "kind": document.get("kind", ""),
        "groups": groups,
        "entries": {
            field.name: entry_of(field, document, cents)
            for _, group in groups
            for field in group
        }
        | {"id": str(document.get("id", ""))},
        "said": said,
        "general": said.get("", []),
        "names": [*([] if sheet.rule_id else [ID.name]), *names],
        "found": found,
        "before": kept(document),
        "known": known_of(desk.publishing.latest_document),
        "can_be_fields": sheet.groups is not None,
        "cases": cases_of(document),
        "arms": [(path, "/".join(map(str, path))) for path in arms_of(document)],
        "arms_max": ARMS_MAX,
    }


def _cents(pages: Pages) -> int:
    """Minor units of one of the programme's currency."""
    return 1 if pages.shown.is_whole else 100
