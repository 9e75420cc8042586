"""What became of rules: versions, what they change, who did what; and the program."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response

from api.cursors import CURSOR_LENGTH_MAX, cursor_of, places_of
from api.dependencies import NamedId, Now, RuleLog
from api.entity_tags import (
    NOT_MODIFIED,
    IfNoneMatch,
    etag_of_version,
    headers_of,
    unless_known,
)
from api.errors import problem_responses
from api.gate import requires
from api.problems import InvalidRequest, Problem, Unavailable
from api.responses import shown_or_never
from api.rule_problems import RuleNotFound
from api.rule_requests import RunningVersion
from api.rule_responses import (
    AuditOut,
    DiffOut,
    ProgramOut,
    VersionsOut,
    difference_out,
    program_version_out,
    step_out,
    version_out,
)
from loyalty.limits import RULE_STEPS_MAX
from loyalty.publishing.differences import differences
from loyalty.publishing.timeline import version_at

PAGE_MAX: Final = 200
VERSION_MAX: Final = 2**31 - 1
PROGRAM_VERSIONS_SHOWN_MAX: Final = 50
router = APIRouter(
    prefix="/v1",
    tags=["rules"],
    dependencies=[requires("rules:read", for_members=False)],
    responses=problem_responses(InvalidRequest, Unavailable, Problem),
)
OF_RULE: Final = problem_responses(RuleNotFound)
Cursor = Annotated[str | None, Query(max_length=CURSOR_LENGTH_MAX)]
Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]


@router.get("/rules/{rule_id}/versions", responses=OF_RULE)
async def list_versions(
    rule_id: NamedId, desk: RuleLog, cursor: Cursor = None, limit: Limit = 50
) -> VersionsOut:
    """Every version of a rule that somebody wrote, newest first."""
    rule = desk.rule(rule_id)
    found = [one for one in rule.versions if one.number < _before(cursor)][::-1]
    page = [version_out(one, rule.section, desk.currency) for one in found[:limit]]
    more = len(found) > limit
    return VersionsOut(
        items=page, next_cursor=cursor_of(page[-1].version) if more else None
    )


@router.get("/rules/{rule_id}/versions/{version}/diff", responses=OF_RULE)
async def compare_versions(
    rule_id: NamedId,
    version: Annotated[int, Path(ge=0, le=RULE_STEPS_MAX)],
    desk: RuleLog,
    against: Annotated[RunningVersion | None, Query()] = None,
) -> DiffOut:
    """What a version changes, against the one before it if no other is named."""
    rule = desk.rule(rule_id)
    other = max(version - 1, 0) if against is None else against
    before, after = (desk.document(rule, number) for number in (other, version))
    return DiffOut(
        version=version,
        against=other,
        changes=[difference_out(one) for one in differences(before, after)],
    )


@router.get("/rules/{rule_id}/audit", responses=OF_RULE)
async def list_steps(
    rule_id: NamedId, desk: RuleLog, cursor: Cursor = None, limit: Limit = 50
) -> AuditOut:
    """Every step of a rule's life, newest first: who, when, why, before and after."""
    steps = desk.rule(rule_id).steps
    found = [one for one in steps if one.revision < _before(cursor)][::-1]
    page = [step_out(one) for one in found[:limit]]
    more = len(found) > limit
    return AuditOut(
        items=page, next_cursor=cursor_of(page[-1].revision) if more else None
    )


@router.get("/program", responses=OF_RULE | NOT_MODIFIED)
async def get_program(
    *,
    desk: RuleLog,
    now: Now,
    version: Annotated[int | None, Query(ge=1, le=VERSION_MAX)] = None,
    response: Response,
    if_none_match: IfNoneMatch = None,
) -> ProgramOut:
    """The program in force now, or of a version; and its latest versions."""
    timeline = desk.publishing.timeline
    shown = version_at(timeline, now)
    if version is not None:
        # Numbers go up by one from the first version on.
        place = version - timeline[0].number
        if not 0 <= place < len(timeline):
            raise RuleNotFound(f"there is no program version {version}")
        shown = timeline[place]
    # Versions are immutable: what is shown changes with the one in force, or a new one.
    etag = etag_of_version(shown.number, timeline[-1].number)
    known = unless_known(if_none_match, etag)
    if known is not None:
        return known  # type: ignore[return-value] # FastAPI passes a response on as it is
    response.headers.update(headers_of(etag))
    latest = timeline[: -PROGRAM_VERSIONS_SHOWN_MAX - 1 : -1]
    return ProgramOut(
        program=str(shown.document["program"]),
        version=shown.number,
        effective_from=shown_or_never(shown.effective_from),
        document=dict(shown.document),
        versions=[program_version_out(one) for one in latest],
    )


def _before(cursor: str | None) -> int:
    if cursor is None:
        return RULE_STEPS_MAX + 1
    return places_of(cursor, maxima=(RULE_STEPS_MAX,))[0]
