"""Bulk imports: a file of orders, activity or members, one row each."""

import tempfile
from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from typing import IO, Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from api.commands import DIGEST_BYTES, checked_key, command_id_of
from api.dependencies import AllImports, Codec, IdempotencyKey, Now
from api.errors import problem_responses
from api.flow_problems import ImportNotFound, TooManyImports
from api.gate import Caller, requires
from api.import_responses import ImportOut, import_out
from api.import_rows import CSV, NDJSON
from api.imports import ImportDesk, Plan
from api.ingesting import Intake
from api.principals import Principal
from api.problems import (
    BodyTooLarge,
    IdempotencyKeyInvalid,
    IdempotencyKeyReused,
    InsufficientScope,
    InvalidRequest,
    Problem,
    Unavailable,
    UnsupportedMediaType,
)
from api.profile_requests import EnrolRow
from schemas.event_bodies import ActivityIn, OrderIn
from stores.imports_contract import INTERRUPTED, ImportJob

ORDERS, ACTIVITY, MEMBERS = "orders", "activity", "members"
SCOPE_OF: Final = {
    ORDERS: "events:write",
    ACTIVITY: "events:write",
    MEMBERS: "members:write",
}
ROUTE: Final = "\0/v1/imports"
Kind = Literal["orders", "activity", "members"]
ImportId = Annotated[str, Path(pattern=r"^i-[0-9a-f]{32}$")]
ROWS: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            NDJSON: {
                "schema": {"contentMediaType": NDJSON},
                "example": '{"member_id": "ann"}\n{"member_id": "bob"}\n',
            },
            CSV: {
                "schema": {"contentMediaType": CSV},
                "example": "member_id,birthday\nann,05-17\nbob,\n",
            },
        },
    }
}

router = APIRouter(
    prefix="/v1/imports",
    tags=["imports"],
    dependencies=[requires("events:write", "members:write", for_members=False)],
    responses=problem_responses(InvalidRequest, Unavailable, Problem),
)


@router.post(
    "",
    status_code=202,
    openapi_extra=ROWS,
    responses=problem_responses(
        IdempotencyKeyInvalid,
        IdempotencyKeyReused,
        TooManyImports,
        BodyTooLarge,
        UnsupportedMediaType,
    ),
)
async def start_import(
    *,
    kind: Annotated[Kind, Query()],
    request: Request,
    caller: Caller,
    desk: AllImports,
    codec: Codec,
    now: Now,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> ImportOut:
    """
    Take a file of rows, NDJSON or CSV; ask `Location` how far it is.

    The same key and file again is the same import; one that was interrupted goes
    through its rows anew then, and each still counts once.
    """
    if SCOPE_OF[kind] not in caller.scopes:
        needed = SCOPE_OF[kind]
        raise InsufficientScope(f"{kind} need the scope {needed}", scopes=(needed,))
    key = checked_key(idempotency_key)
    content_type = request.headers.get("content-type", "").partition(";")[0].lower()
    if content_type not in (NDJSON, CSV):
        raise UnsupportedMediaType(f"found {content_type or 'no content type'}")
    desk.check_room()
    command_id = command_id_of(key, client_id=caller.client_id, scope=ROUTE)
    import_id = "i-" + command_id.removeprefix("api-")
    file: IO[bytes] | None = tempfile.TemporaryFile()  # noqa: SIM115 - the import closes it
    try:
        assert file is not None
        likeness, size = await _spooled(request, file, f"{kind} {content_type}")
        if not size:
            raise InvalidRequest("the body has no rows: send a file of them")
        job = ImportJob(
            import_id, kind, caller.client_id, likeness, now, now, bytes_total=size
        )
        known = desk.seen(await desk.imports.claim(job))
        if known.likeness != likeness:
            raise IdempotencyKeyReused("the key was used with another file or kind")
        is_new = known == job
        if is_new or known.status == INTERRUPTED:
            intake = Intake(caller, codec, now)
            plan = Plan(content_type, *_rows(kind, intake, import_id))
            known = job._replace(created_at=known.created_at)
            await desk.start(known, plan, file)
            file = None
    finally:
        if file is not None:
            file.close()
    response.headers["Location"] = f"/v1/imports/{import_id}"
    if not is_new:
        response.headers["Idempotency-Replayed"] = "true"
    return import_out(known)


@router.get("/{import_id}", responses=problem_responses(ImportNotFound))
async def get_import(
    *, import_id: ImportId, caller: Caller, desk: AllImports
) -> ImportOut:
    """How far an import is; known for a week to the client that sent it."""
    return import_out(await _found(import_id, caller, desk))


@router.get(
    "/{import_id}/faults",
    response_class=Response,
    responses={
        **problem_responses(ImportNotFound),
        200: {
            "description": "A line of JSON for each refused row",
            "content": {
                NDJSON: {
                    "schema": {"type": "string"},
                    "example": '{"row":3,"pointer":"","detail":"not JSON"}\n',
                }
            },
        },
    },
)
async def list_import_faults(
    *, import_id: ImportId, caller: Caller, desk: AllImports
) -> Response:
    """Rows that were not taken, the first 1,000: line, pointer into it, and why."""
    await _found(import_id, caller, desk)
    faults = await desk.imports.faults(import_id)
    lines = [orjson.dumps(fault._asdict()) + b"\n" for fault in faults]
    name = f'attachment; filename="{import_id}.ndjson"'
    return Response(
        b"".join(lines), media_type=NDJSON, headers={"Content-Disposition": name}
    )


async def _spooled(request: Request, file: IO[bytes], kind: str) -> tuple[str, int]:
    """Keep a body as it comes; a digest of it, and its bytes."""
    digest = blake2b(kind.encode(), digest_size=DIGEST_BYTES)
    size = 0
    async for part in request.stream():
        digest.update(part)
        size += file.write(part)
    file.seek(0)
    return digest.hexdigest(), size


def _rows(
    kind: str, intake: Intake, import_id: str
) -> tuple[type[Any], Callable[[Any], Any]]:
    if kind == ORDERS:
        return OrderIn, intake.order
    if kind == ACTIVITY:
        return ActivityIn, intake.act
    return EnrolRow, partial(intake.enrolment, import_id=import_id)


async def _found(import_id: str, caller: Principal, desk: ImportDesk) -> ImportJob:
    found = await desk.imports.find(import_id)
    if found is None or found.client_id != caller.client_id:
        raise ImportNotFound(f"there is no import {import_id!r}, or no longer")
    return desk.seen(found)
