"""The tills' contract: search, inquire, redeem, accrue, reverse."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from api.dependencies import JsonOnly, Now, Tills
from api.errors import RETRY_AFTER_SECONDS, problem_responses
from api.gate import Caller, requires
from api.pos_requests import BatchIn, TransactionIn
from api.pos_responses import BatchOut, PosOut
from api.problems import (
    BodyTooLarge,
    IdentityNotKept,
    InvalidRequest,
    Problem,
    Unavailable,
    UnsupportedMediaType,
)
from runtime.metrics import POS_TRANSACTIONS

router = APIRouter(
    prefix="/v1/pos",
    tags=["pos"],
    dependencies=[requires("pos:write", for_members=False), JsonOnly],
    responses=problem_responses(
        BodyTooLarge,
        UnsupportedMediaType,
        InvalidRequest,
        IdentityNotKept,
        Unavailable,
        Problem,
    ),
)


@router.post(
    "/transactions",
    response_model_exclude_none=True,
    responses={202: {"description": "Not known: send it again", "model": PosOut}},
)
async def post_transaction(
    *,
    body: Annotated[TransactionIn, Body()],
    caller: Caller,
    tills: Tills,
    now: Now,
    response: Response,
) -> PosOut:
    """Do a till's transaction once; the same id again gets the same answer."""
    answer = await tills.answer(body, caller, now)
    if answer.is_replayed:
        response.headers["Idempotency-Replayed"] = "true"
    if answer.out.status == "unknown":
        response.status_code = 202
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    POS_TRANSACTIONS.labels(body.type, answer.out.status).inc()
    return answer.out


@router.post("/transactions/batch", response_model_exclude_none=True)
async def post_batch(
    *, body: BatchIn, caller: Caller, tills: Tills, now: Now
) -> BatchOut:
    """Take what a till did while it was offline; each has its own answer."""
    items = await tills.answers(body.transactions, caller, now)
    for item in items:
        POS_TRANSACTIONS.labels(item.type, item.status).inc()
    return BatchOut(items=items)
