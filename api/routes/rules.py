"""The life of rules: written, submitted, approved by another, published, stopped."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from api.dependencies import JsonIfAny, JsonOnly, NamedId
from api.errors import problem_responses
from api.gate import requires
from api.problems import (
    BodyTooLarge,
    InvalidRequest,
    Problem,
    Unavailable,
    UnsupportedMediaType,
)
from api.rule_asking import STEP, RuleAsked
from api.rule_problems import (
    RevisionRequired,
    RevisionStale,
    RuleExists,
    RuleInvalid,
    RuleNotFound,
    RuleNotNow,
    SelfApproval,
)
from api.rule_requests import (
    NewRuleIn,
    PublicationIn,
    RejectionIn,
    RuleVersionIn,
    Section,
    StepIn,
    StopIn,
)
from api.rule_responses import RuleLifeOut, RulesOut, rule_out
from api.rule_steps import checked_rule_id, rule_id_of
from loyalty.publishing.changes import (
    APPROVED,
    DRAFTED,
    ENDED,
    PAUSED,
    PUBLISHED,
    REJECTED,
    RESUMED,
    SUBMITTED,
)
from loyalty.publishing.rule import Rule
from schemas.json_values import Id

RULES_PAGE_MAX: Final = 200
READ = requires("rules:read", for_members=False)
WRITE = requires("rules:write", for_members=False)
APPROVE = requires("rules:approve", for_members=False)
RUN = requires("rules:write", "rules:approve", for_members=False)
router = APIRouter(
    prefix="/v1/rules",
    tags=["rules"],
    responses=problem_responses(InvalidRequest, Unavailable, Problem),
)
NEW: Final = problem_responses(
    RuleExists, RuleInvalid, BodyTooLarge, UnsupportedMediaType
)


@router.get("", dependencies=[READ])
async def list_rules(
    *,
    asked: RuleAsked,
    section: Annotated[Section | None, Query()] = None,
    state: Annotated[Id | None, Query()] = None,
    cursor: Annotated[Id | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=RULES_PAGE_MAX)] = 50,
) -> RulesOut:
    """Every rule by id, also those that stand in the program's file only."""
    desk, now = asked.desk, asked.now
    found = [
        rule
        for rule in desk.publishing.all_rules()
        if (cursor is None or rule.rule_id > cursor)
        and section in (None, rule.section)
        and state in (None, rule.state_at(now))
    ]
    page = [rule_out(rule, desk.publishing, now) for rule in found[:limit]]
    more = len(found) > limit
    return RulesOut(items=page, next_cursor=page[-1].id if more else None)


@router.post("", status_code=201, dependencies=[WRITE, JsonOnly], responses=NEW)
async def create_rule(body: NewRuleIn, asked: RuleAsked) -> RuleLifeOut:
    """Write a rule: a draft that judges nobody yet; `findings` are doubts about it."""
    rule_id = rule_id_of(body.rule)
    if asked.desk.publishing.rule(rule_id) is not None:
        raise RuleExists(f"there is a rule {rule_id!r}")
    await asked.check(body.section, body.rule)
    rule = Rule(rule_id, body.section)
    try:
        out = await asked.step(rule, DRAFTED, document=body.rule, why=body.why)
    except RevisionStale as stale:
        # Somebody was faster by a moment.
        raise RuleExists(f"there is a rule {rule_id!r}") from stale
    return asked.created(out)


@router.get(
    "/{rule_id}", dependencies=[READ], responses=problem_responses(RuleNotFound)
)
async def get_rule(rule_id: NamedId, asked: RuleAsked) -> RuleLifeOut:
    """A rule as it stands, with its newest version; `ETag` is its revision."""
    return await asked.answer(asked.desk.rule(rule_id))


@router.put(
    "/{rule_id}",
    dependencies=[WRITE, JsonOnly],
    responses=STEP | problem_responses(RuleInvalid, RevisionRequired),
)
async def write_version(
    rule_id: NamedId, body: RuleVersionIn, asked: RuleAsked
) -> RuleLifeOut:
    """Write another version: a new draft; what runs goes on until it is published."""
    rule = asked.seen(rule_id, required=True)
    checked_rule_id(body.rule, rule_id)
    await asked.check(rule.section, body.rule)
    return await asked.step(rule, DRAFTED, document=body.rule, **_said(body))


@router.post("/{rule_id}/submit", dependencies=[WRITE, JsonIfAny], responses=STEP)
async def submit_version(
    rule_id: NamedId, asked: RuleAsked, body: StepIn | None = None
) -> RuleLifeOut:
    """Ask another person to approve the newest draft."""
    return await asked.step(asked.seen(rule_id), SUBMITTED, **_said(body or StepIn()))


@router.post(
    "/{rule_id}/approve",
    dependencies=[APPROVE, JsonIfAny],
    responses=STEP | problem_responses(SelfApproval),
)
async def approve_version(
    rule_id: NamedId, asked: RuleAsked, body: StepIn | None = None
) -> RuleLifeOut:
    """Approve what somebody else wrote and submitted; nothing runs by it yet."""
    return await asked.step(asked.seen(rule_id), APPROVED, **_said(body or StepIn()))


@router.post("/{rule_id}/reject", dependencies=[APPROVE, JsonOnly], responses=STEP)
async def reject_version(
    rule_id: NamedId, body: RejectionIn, asked: RuleAsked
) -> RuleLifeOut:
    """Make a draft again of what was submitted, and say why."""
    return await asked.step(asked.seen(rule_id), REJECTED, **_said(body))


@router.post(
    "/{rule_id}/publish",
    dependencies=[RUN, JsonIfAny],
    responses=STEP | problem_responses(RuleInvalid),
)
async def publish_version(
    rule_id: NamedId, asked: RuleAsked, body: PublicationIn | None = None
) -> RuleLifeOut:
    """Let an approved version judge events from a time on; an older one rolls back."""
    rule = asked.seen(rule_id)
    said = body or PublicationIn()
    version = rule.newest_approved if said.version is None else said.version
    if version is None:
        raise RuleNotNow("no version is approved")
    return await asked.step(rule, PUBLISHED, **_said(said) | {"version": version})


@router.post("/{rule_id}/pause", dependencies=[RUN, JsonIfAny], responses=STEP)
async def pause_rule(
    rule_id: NamedId, asked: RuleAsked, body: StopIn | None = None
) -> RuleLifeOut:
    """Let a published rule judge nothing from a time on, until it is resumed."""
    return await asked.step(asked.seen(rule_id), PAUSED, **_said(body or StopIn()))


@router.post("/{rule_id}/resume", dependencies=[RUN, JsonIfAny], responses=STEP)
async def resume_rule(
    rule_id: NamedId, asked: RuleAsked, body: StopIn | None = None
) -> RuleLifeOut:
    """Let a paused rule go on from a time."""
    return await asked.step(asked.seen(rule_id), RESUMED, **_said(body or StopIn()))


@router.post("/{rule_id}/end", dependencies=[RUN, JsonIfAny], responses=STEP)
async def end_rule(
    rule_id: NamedId, asked: RuleAsked, body: StopIn | None = None
) -> RuleLifeOut:
    """End a rule for good; its id is not to be had again."""
    return await asked.step(asked.seen(rule_id), ENDED, **_said(body or StopIn()))


def _said(
    body: RuleVersionIn | StepIn | RejectionIn | PublicationIn | StopIn,
) -> dict[str, Any]:
    """What a body says of the step itself; what it leaves out is 0."""
    return {
        name: value or 0
        for name, value in body.model_dump(exclude={"rule", "why"}).items()
    } | {"why": body.why}
