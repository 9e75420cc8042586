"""Codes of offers: pools and their lists, codes that are entered or used."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from api.asking import ANSWERS, Asked
from api.code_problems import CodePoolNotFound, CodesConflict
from api.code_requests import CodesIn, CodeUseIn, EnteredIn
from api.code_responses import CodePoolOut, CodesOut, pool_out
from api.command_responses import CommandOut
from api.commands import checked_key
from api.dependencies import AllPrograms, Coded, JsonOnly, MemberId, NamedId, Now, Uses
from api.errors import problem_responses
from api.gate import requires
from api.problems import (
    BodyTooLarge,
    IdentityNotKept,
    InvalidRequest,
    Problem,
    TargetNotFound,
    Unavailable,
    UnsupportedMediaType,
)
from loyalty.code_pools import UPLOADED, CodePool
from loyalty.code_steps import ENTER, USE, plain
from loyalty.limits import CODES_MAX
from loyalty.program import Program
from stores.code_lists_contract import CODES_AT_ONCE_MAX

router = APIRouter(prefix="/v1", tags=["codes"])
READ = requires("rules:read", for_members=False)
WRITE = requires("rules:write", for_members=False)
FAULTS_SHOWN_MAX: Final = 100
POOLS = problem_responses(CodePoolNotFound, InvalidRequest, Unavailable, Problem)


@router.get("/code-pools/{pool_id}", dependencies=[READ], responses=POOLS)
async def get_code_pool(
    pool_id: NamedId, programs: AllPrograms, coded: Coded, now: Now
) -> CodePoolOut:
    """How many codes a pool has, and how many of its list are uploaded."""
    pool = _pool(programs.at(now), pool_id)
    is_list = pool.kind == UPLOADED
    return pool_out(pool, await coded.lists.count(pool_id) if is_list else 0)


@router.put(
    "/code-pools/{pool_id}/codes",
    dependencies=[WRITE, JsonOnly],
    responses={
        **POOLS,
        **problem_responses(CodesConflict, BodyTooLarge, UnsupportedMediaType),
    },
)
async def put_codes(
    *,
    pool_id: NamedId,
    body: CodesIn,
    programs: AllPrograms,
    coded: Coded,
    now: Now,
) -> CodePoolOut:
    """
    Upload a part of a pool's list: all of it is taken, or nothing.

    The same part again changes nothing. A number keeps its code for good, and a code
    its number: members may have it already.
    """
    pool = _pool(programs.at(now), pool_id)
    in_the_way = await coded.upload(pool, body.first, body.codes)
    if in_the_way:
        errors = [
            {"pointer": f"/codes/{place}", "detail": "is another's, or another is here"}
            for place in in_the_way[:FAULTS_SHOWN_MAX]
        ]
        raise CodesConflict("some are in the way of others", errors=errors)
    return pool_out(pool, await coded.lists.count(pool_id))


@router.get(
    "/code-pools/{pool_id}/codes",
    dependencies=[WRITE],
    responses={**POOLS, **problem_responses(IdentityNotKept)},
)
async def list_codes(
    *,
    pool_id: NamedId,
    programs: AllPrograms,
    coded: Coded,
    now: Now,
    first: Annotated[int, Query(ge=0, lt=CODES_MAX)] = 0,
    limit: Annotated[int, Query(ge=1, le=CODES_AT_ONCE_MAX)] = 100,
) -> CodesOut:
    """A pool's codes by number, for tills that check them by themselves."""
    pool = _pool(programs.at(now), pool_id)
    end = min(first + limit, pool.codes)
    codes = await coded.shown(pool, list(range(first, end)))
    return CodesOut(first=first, codes=codes, next=end if end < pool.codes else None)


@router.post(
    "/members/{member_id}/codes",
    dependencies=[requires("members:write"), JsonOnly],
    responses={**ANSWERS, **problem_responses(TargetNotFound)},
    response_model_exclude_none=True,
)
async def enter_code(member_id: MemberId, body: EnteredIn, asked: Asked) -> CommandOut:
    """Enter a code that many have: the member gets its offer, if all else holds."""
    return await asked.of(member_id, ENTER, {"code": plain(body.code)})


@router.post(
    "/codes/redeem",
    dependencies=[requires("points:write", "pos:write", for_members=False), JsonOnly],
    responses={**ANSWERS, **problem_responses(TargetNotFound)},
    response_model_exclude_none=True,
)
async def redeem_code(
    *, body: CodeUseIn, uses: Uses, asked: Asked, now: Now
) -> CommandOut:
    """Use a code of a pool, once: by its member, or by whoever has it."""
    # Before the code is looked for: without a key nothing is told of it.
    checked_key(asked.key)
    use = await uses.of(
        body.code, by=body.member_id or "", store_id=body.store_id or "", now=now
    )
    if use is None:
        raise TargetNotFound("there is no such code, or nobody was given it")
    return await asked.of(use.holder, USE, use.attributes)


def _pool(program: Program, pool_id: str) -> CodePool:
    pool = program.pool_by_id.get(pool_id)
    if pool is None:
        raise CodePoolNotFound(f"the program in force has no pool {pool_id!r}")
    return pool
