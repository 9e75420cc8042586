"""What another program would have done: asked for here, worked out by a process."""

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Path, Query, Response

from api.backtest_requests import BacktestIn
from api.backtest_responses import BacktestOut, BacktestsOut, backtest_out
from api.candidates import candidate_of
from api.cursors import CURSOR_LENGTH_MAX, cursor_of, places_of
from api.dependencies import BacktestQueue, JsonOnly, Now, ProgramDocument
from api.errors import problem_responses
from api.event_stream import DOCUMENTED, HEARTBEAT, STREAM_SECONDS_MAX, EventStream
from api.flow_problems import (
    BacktestNotFound,
    TooManyBacktests,
)
from api.gate import Caller, requires
from api.problems import (
    BodyTooLarge,
    InvalidRequest,
    Problem,
    Unavailable,
    UnsupportedMediaType,
)
from loyalty.limits import ID_LENGTH_MAX
from loyalty.periods import END_OF_TIME_MS
from stores.backtest_requests import BacktestRequest
from stores.backtests_contract import QUEUED, Backtest, Backtests

PAGE_MAX: Final = 100
LOOK_SECONDS: Final = 0.5
TIME_MAX: Final = 2**53

router = APIRouter(
    prefix="/v1/backtests",
    tags=["programs"],
    responses=problem_responses(InvalidRequest, Unavailable, Problem),
)
READS: Final = requires("rules:read", "rules:write", for_members=False)
WRITES: Final = requires("rules:write", for_members=False)
BacktestId = Annotated[str, Path(min_length=1, max_length=ID_LENGTH_MAX)]


@router.post(
    "",
    status_code=202,
    dependencies=[WRITES, JsonOnly],
    responses=problem_responses(TooManyBacktests, BodyTooLarge, UnsupportedMediaType),
)
async def start_backtest(
    *,
    body: BacktestIn,
    caller: Caller,
    queue: BacktestQueue,
    running: ProgramDocument,
    now: Now,
    response: Response,
) -> BacktestOut:
    """Replay a range of history through two programs; ask `Location` how far it is."""
    from_at = body.from_at or 0
    to_at = now if body.to_at is None else body.to_at
    if not 0 <= from_at < to_at <= END_OF_TIME_MS:
        detail = "from_at must be before to_at, both from 1970 to 9999"
        fault = {"pointer": "/from_at", "detail": detail}
        raise InvalidRequest("1 fault(s), see errors", errors=[fault])
    for name, document in (("candidate", body.candidate), ("current", body.current)):
        if document is not None:
            # A program of a thousand rules takes a while: others need not wait.
            await asyncio.to_thread(candidate_of, document, f"/{name}")
    request = BacktestRequest(
        candidate=body.candidate,
        # As it stands now: one that is resumed later goes on with the same.
        current=body.current or running,
        from_at=from_at,
        to_at=to_at,
        source=body.source,
        sample_percent=body.sample_percent,
        point_value_minor=body.point_value_minor,
    )
    backtest = Backtest(
        f"b-{uuid.uuid4().hex[:16]}", QUEUED, request, now, created_by=caller.subject
    )
    if not await queue.submit(backtest):
        raise TooManyBacktests("wait until one of them is over, or cancel one")
    response.headers["Location"] = f"/v1/backtests/{backtest.backtest_id}"
    return backtest_out(backtest)


@router.get("", dependencies=[READS])
async def list_backtests(
    *,
    queue: BacktestQueue,
    cursor: Annotated[str | None, Query(max_length=CURSOR_LENGTH_MAX)] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 20,
) -> BacktestsOut:
    """Backtests, newest first, without their findings."""
    before = None
    if cursor is not None:
        (before,) = places_of(cursor, maxima=(TIME_MAX,))
    rows = await queue.page(before=before, limit=limit + 1)
    more = len(rows) > limit
    return BacktestsOut(
        items=[backtest_out(row) for row in rows[:limit]],
        next_cursor=cursor_of(rows[limit - 1].created_at) if more else None,
    )


@router.get(
    "/{backtest_id}",
    dependencies=[READS],
    responses=problem_responses(BacktestNotFound),
)
async def read_backtest(
    *, backtest_id: BacktestId, queue: BacktestQueue
) -> BacktestOut:
    """How far a backtest is, and at its end what it found."""
    found = await _found(queue, backtest_id)
    return backtest_out(found, await queue.findings(backtest_id))


@router.delete(
    "/{backtest_id}",
    dependencies=[WRITES],
    responses=problem_responses(BacktestNotFound),
)
async def cancel_backtest(
    *, backtest_id: BacktestId, queue: BacktestQueue, now: Now
) -> BacktestOut:
    """Cancel a backtest; one that is over stays as it is."""
    found = await queue.cancel(backtest_id, now)
    if found is None:
        raise BacktestNotFound(f"there is no backtest {backtest_id!r}")
    return backtest_out(found)


@router.get(
    "/{backtest_id}/stream",
    dependencies=[READS],
    response_class=EventStream,
    responses={**problem_responses(BacktestNotFound), 200: DOCUMENTED},
)
async def stream_backtest(
    *, backtest_id: BacktestId, queue: BacktestQueue
) -> EventStream:
    """Tell how far a backtest is as it goes; ends with it, or after ten minutes."""
    first = await _found(queue, backtest_id)
    return EventStream(_told(queue, first))


async def _told(queue: Backtests, first: Backtest) -> AsyncGenerator[bytes, None]:
    ends_at = time.monotonic() + STREAM_SECONDS_MAX
    known: Backtest | None = first
    told = b""
    while known is not None:
        shown = backtest_out(known).model_dump(exclude={"findings"})
        line = orjson.dumps(shown)
        name = b"end" if known.is_over else b"progress"
        if line != told:
            told = line
            yield b"event: " + name + b"\ndata: " + line + b"\n\n"
        else:
            yield HEARTBEAT
        if known.is_over or time.monotonic() > ends_at:
            return
        await asyncio.sleep(LOOK_SECONDS)
        known = await queue.find(first.backtest_id)


async def _found(queue: Backtests, backtest_id: str) -> Backtest:
    found = await queue.find(backtest_id)
    if found is None:
        raise BacktestNotFound(f"there is no backtest {backtest_id!r}")
    return found
