"""Rules: what each does in a sentence, and its life from draft to end."""

import asyncio
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import yaml
from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from api.console.doors import BadForm, Form, NotYours, PagesOf, needs
from api.console.pages import Pages
from api.console.places import PREFIX
from api.console.told_rules import CONFIRMED, STEPS, TONES, actions, listed
from api.console.viewers import READ_RULES, WRITE_RULES, Viewer
from api.dependencies import AllPrograms, NamedId, Now, RuleLog
from api.principals import Principal
from api.problems import InvalidRequest, Problem
from api.rule_asking import Asking
from api.rule_problems import RuleExists
from api.rule_responses import rule_out, step_out, version_out
from api.rule_steps import RuleDesk, checked_rule_id, rule_id_of
from loyalty.limits import TEXT_LENGTH_MAX
from loyalty.publishing.changes import DRAFTED, SECTIONS
from loyalty.publishing.rule import Rule

CLIENT: Final = "console"
EXAMPLE: Final = """\
id: quiet-monday
kind: multiply
factor: "2"
when:
  schedule:
    clock: program
    day_parts:
      - {days: [mon], from: "14:00", to: "17:00"}
"""

router = APIRouter(dependencies=[needs(READ_RULES)])


@router.get("/rules")
async def rules(
    *, request: Request, pages: PagesOf, desk: RuleLog, now: Now, programs: AllPrograms
) -> HTMLResponse:
    """Every rule, also what is not published yet."""
    values = {
        "here": "rules",
        "program": programs.latest,
        "groups": listed(desk, now),
        "tones": TONES,
    }
    return pages.page(request, "rules.html", values)


@router.get("/rules/new", dependencies=[needs(WRITE_RULES)])
async def new_rule(request: Request, pages: PagesOf) -> HTMLResponse:
    """A sheet to write a rule on."""
    return _sheet(request, pages, {"section": "bonuses", "text": EXAMPLE})


@router.post("/rules/new", dependencies=[needs(WRITE_RULES)])
async def write_new(
    *, request: Request, form: Form, pages: PagesOf, desk: RuleLog, now: Now
) -> Response:
    """A draft, or the sheet with what is wrong with it."""
    section, text = form.get("section", ""), form.get("document", "")
    try:
        if section not in SECTIONS:
            raise InvalidRequest(f"there is no section {section!r}")
        document = _document(text)
        rule_id = rule_id_of(document)
        if desk.publishing.rule(rule_id) is not None:
            raise RuleExists(f"there is a rule {rule_id!r}")
        asking = _asking(request, desk, now)
        await asking.check(section, document)
        rule = Rule(rule_id, section)
        said = {"document": document, "why": form.get("why", "")[:TEXT_LENGTH_MAX]}
        await asking.step(rule, DRAFTED, **said)
    except Problem as problem:
        told = {"section": section, "text": text, "problem": problem}
        return _sheet(request, pages, told, status=int(problem.status))
    return _to_rule(rule_id)


@router.get("/rules/{rule_id}")
async def rule(
    *, request: Request, rule_id: NamedId, pages: PagesOf, desk: RuleLog, now: Now
) -> HTMLResponse:
    """A rule with its doubts, its versions and everything that was done to it."""
    return await _rule_page(request, pages, desk, seen=(desk.rule(rule_id), now))


@router.get("/rules/{rule_id}/edit", dependencies=[needs(WRITE_RULES)])
async def edit_rule(
    *, request: Request, rule_id: NamedId, pages: PagesOf, desk: RuleLog, now: Now
) -> HTMLResponse:
    """The sheet with a rule's newest version."""
    found = desk.rule(rule_id)
    document = rule_out(found, desk.publishing, now).rule
    told = {"section": found.section, "text": _yaml(document), "rule": found}
    return _sheet(request, pages, told)


@router.post("/rules/{rule_id}/edit", dependencies=[needs(WRITE_RULES)])
async def write_version(
    *,
    request: Request,
    rule_id: NamedId,
    form: Form,
    pages: PagesOf,
    desk: RuleLog,
    now: Now,
) -> Response:
    """Another version: a draft, or the sheet with what is wrong with it."""
    found, text = desk.rule(rule_id), form.get("document", "")
    try:
        document = _document(text)
        checked_rule_id(document, rule_id)
        asking = _asking(request, desk, now, form=form)
        await asking.check(found.section, document)
        seen = asking.seen(rule_id, required=True)
        said = {"document": document, "why": form.get("why", "")[:TEXT_LENGTH_MAX]}
        await asking.step(seen, DRAFTED, **said)
    except Problem as problem:
        told = {
            "section": found.section,
            "text": text,
            "rule": found,
            "problem": problem,
        }
        return _sheet(request, pages, told, status=int(problem.status))
    return _to_rule(rule_id)


@router.post("/rules/{rule_id}/{step}")
async def take_step(
    *,
    request: Request,
    rule_id: NamedId,
    step: NamedId,
    form: Form,
    pages: PagesOf,
    desk: RuleLog,
    now: Now,
) -> Response:
    """A step of a rule's life, or its page with why not."""
    if step not in STEPS:
        raise BadForm(f"there is no step {step!r}")
    kind, scopes = STEPS[step]
    viewer: Viewer = request.state.viewer
    if not any(map(viewer.may, scopes)):
        raise NotYours(scopes[0])
    try:
        if step in CONFIRMED and form.get("confirmed", "").strip() != rule_id:
            raise InvalidRequest(pages.texts("rules.unconfirmed", rule=rule_id))
        asking = _asking(request, desk, now, form=form)
        found = asking.seen(rule_id, required=True)
        said: dict[str, Any] = {"why": form.get("why", "")[:TEXT_LENGTH_MAX]}
        if step == "publish":
            said["version"] = found.newest_approved or 0
        await asking.step(found, kind, **said)
    except Problem as problem:
        return await _rule_page(
            request, pages, desk, seen=(desk.rule(rule_id), now), problem=problem
        )
    return _to_rule(rule_id)


def _asking(
    request: Request, desk: RuleDesk, now: int, *, form: dict[str, str] | None = None
) -> Asking:
    """A request about a rule in the viewer's name, of the revision they had seen."""
    viewer: Viewer = request.state.viewer
    return Asking(
        response=Response(),
        desk=desk,
        caller=Principal(viewer.subject, CLIENT, viewer.scopes),
        now=now,
        if_match=f'"{form.get("revision", "")}"' if form is not None else None,
    )


async def _rule_page(
    request: Request,
    pages: Pages,
    desk: RuleDesk,
    *,
    seen: tuple[Rule, int],
    problem: Problem | None = None,
) -> HTMLResponse:
    found, now = seen
    # A program of a thousand rules takes a while: others need not wait.
    findings = await asyncio.to_thread(desk.findings, found)
    told = rule_out(found, desk.publishing, now, findings=findings)
    values = {
        "here": "rules",
        "rule": told,
        "text": _yaml(told.rule),
        "tones": TONES,
        "actions": actions(told, request.state.viewer),
        "versions": [
            version_out(one, found.section, desk.currency)
            for one in reversed(found.versions)
        ],
        "steps": [step_out(one) for one in reversed(found.steps)],
        "at": {one.revision: one.at for one in found.steps},
        "problem": problem,
    }
    status = int(problem.status) if problem else HTTPStatus.OK
    return pages.page(request, "rule.html", values, status=status)


def _sheet(
    request: Request, pages: Pages, told: dict[str, Any], *, status: int = 200
) -> HTMLResponse:
    empty = {"here": "rules", "rule": None, "problem": None, "sections": SECTIONS}
    return pages.page(request, "rule_sheet.html", empty | told, status=status)


def _document(text: str) -> dict[str, Any]:
    """Document that somebody wrote; raises InvalidRequest for none."""
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidRequest(f"this is not YAML: {error}"[:500]) from error
    if not isinstance(found, dict):
        raise InvalidRequest("a rule has names and values, e.g. id: quiet-monday")
    return found


def _yaml(document: dict[str, Any]) -> str:
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=88)


def _to_rule(rule_id: str) -> RedirectResponse:
    address = f"{PREFIX}/rules/{quote(rule_id, safe='')}"
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)
