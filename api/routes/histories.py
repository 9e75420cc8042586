"""A member's past, from ClickHouse: every movement, every decision and its why."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from api.cursors import CURSOR_LENGTH_MAX, cursor_of, places_of
from api.dependencies import AnalyticsStore, MemberId
from api.entity_tags import NOT_MODIFIED, IfNoneMatch
from api.errors import problem_responses
from api.gate import requires
from api.history_responses import (
    ExplanationsOut,
    LedgerOut,
    entry_out,
    explanation_out,
)
from api.problems import FieldsUnknown, InvalidRequest, Problem, Unavailable
from api.responses import shown
from api.sparse import Fields, if_changed, sparse
from schemas.json_values import Id, QueryMoment
from stores.history_rows import LAST_AT, LedgerFilter

LEDGER_MAX: Final = 200
EXPLANATIONS_MAX: Final = 200
VERSION_MAX: Final = 2**63 - 1
NUMBER_MAX: Final = 2**32 - 1

router = APIRouter(
    prefix="/v1/members",
    tags=["members"],
    dependencies=[requires("members:read")],
    responses=problem_responses(FieldsUnknown, InvalidRequest, Unavailable, Problem)
    | NOT_MODIFIED,
)
Cursor = Annotated[str | None, Query(max_length=CURSOR_LENGTH_MAX)]


@router.get("/{member_id}/ledger")
async def list_ledger(
    *,
    member_id: MemberId,
    analytics: AnalyticsStore,
    wallet: Annotated[Id | None, Query()] = None,
    reference: Annotated[Id | None, Query()] = None,
    at: Annotated[QueryMoment | None, Query()] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=LEDGER_MAX)] = 50,
    response: Response,
    if_none_match: IfNoneMatch = None,
    fields: Annotated[Fields, sparse(LedgerOut, "items")],
) -> LedgerOut:
    """
    Every movement of points, newest first; an unknown member has none.

    With `at`, the balances as of that time, and the movements up to it.
    """
    before = None
    if cursor is not None:
        version, number = places_of(cursor, maxima=(VERSION_MAX, NUMBER_MAX))
        before = version, number
    until_at = LAST_AT if at is None else min(max(at, 0), LAST_AT)
    rows = await analytics.ledger_page(
        member_id,
        before=before,
        limit=limit + 1,
        entries=LedgerFilter(wallet or "", reference or "", until_at),
    )
    balances = None if at is None else await analytics.balances_at(member_id, until_at)
    if balances is not None and wallet is not None:
        balances = {wallet: balances.get(wallet, 0)}
    more = len(rows) > limit
    rows = rows[:limit]
    page = LedgerOut(
        items=[entry_out(row) for row in rows],
        next_cursor=cursor_of(rows[-1].version, rows[-1].number) if more else None,
        at=None if at is None else shown(until_at),
        balances=balances,
    )
    return if_changed(page, response, fields=fields, if_none_match=if_none_match)  # type: ignore[no-any-return] # a shape, or a part of it


@router.get("/{member_id}/explanations")
async def list_explanations(
    *,
    member_id: MemberId,
    analytics: AnalyticsStore,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=EXPLANATIONS_MAX)] = 50,
    response: Response,
    if_none_match: IfNoneMatch = None,
    fields: Annotated[Fields, sparse(ExplanationsOut, "items")],
) -> ExplanationsOut:
    """Every decision and why, newest first; an unknown member has none."""
    before = None if cursor is None else places_of(cursor, maxima=(VERSION_MAX,))[0]
    rows = await analytics.decisions_page(member_id, before=before, limit=limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    page = ExplanationsOut(
        items=[explanation_out(row) for row in rows],
        next_cursor=cursor_of(rows[-1].version) if more else None,
    )
    return if_changed(page, response, fields=fields, if_none_match=if_none_match)  # type: ignore[no-any-return] # a shape, or a part of it
