"""Pools of codes: how many are given, used and left, and lists that are uploaded."""

import asyncio
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.code_problems import CodePoolNotFound, CodesConflict
from api.console.answers import Board
from api.console.doors import Asked, Filter, PagesOf, needs
from api.console.pages import Pages
from api.console.places import PREFIX
from api.console.rulebook.code_uploads import (
    FAULTS_SHOWN_MAX,
    CodeLines,
    LineFault,
    code_lines,
)
from api.console.rulebook.pools import PoolRow, offers_of_pools, with_uses
from api.console.uploads import UploadForm
from api.console.viewers import READ_ANALYTICS, READ_RULES, WRITE_RULES
from api.dependencies import AllPrograms, Coded, NamedId, Now, RuleLog
from api.offer_codes import OfferCodes
from loyalty.code_pools import UPLOADED, CodePool
from loyalty.code_steps import plain
from loyalty.limits import CODES_MAX
from loyalty.program import Program
from stores.code_lists_contract import CODES_AT_ONCE_MAX
from stores.unavailable import StoreUnavailable

router = APIRouter(dependencies=[needs(READ_RULES)])
USES: Final = "offer_uses"
# A longer text is not sent back with its faults: the page stays small.
TEXT_KEPT_MAX: Final = 20_000


@router.get("/code-pools")
async def code_pools(
    *,
    request: Request,
    asked: Asked,
    pages: PagesOf,
    programs: AllPrograms,
    coded: Coded,
    desk: RuleLog,
    now: Now,
) -> HTMLResponse:
    """Every pool of the programme in force."""
    offers = await asyncio.to_thread(offers_of_pools, desk)
    rows = [
        PoolRow(pool, offers.get(pool.pool_id, ()))
        for pool in programs.at(now).code_pools
    ]
    values = {
        "here": "code_pools",
        "pools": await _figures(request, asked, coded, rows=rows, now=now),
        "failed": asked.failed,
    }
    return pages.page(request, "code_pools.html", values)


@router.get("/code-pools/{pool_id}")
async def code_pool(
    *,
    request: Request,
    pool_id: NamedId,
    asked: Asked,
    pages: PagesOf,
    programs: AllPrograms,
    coded: Coded,
    desk: RuleLog,
    now: Now,
    done: Filter = "",
) -> HTMLResponse:
    """One pool: its figures, its offers, and the form for its list."""
    pool = _pool(programs.at(now), pool_id)
    values = await _page_of(request, asked, coded, pool=pool, desk=desk, now=now)
    if done.isdecimal():
        count = pages.shown.number(int(done))
        values["done"] = pages.texts("code_pools.done", count=count)
    return pages.page(request, "code_pool.html", values)


@router.post("/code-pools/{pool_id}/codes", dependencies=[needs(WRITE_RULES)])
async def upload_codes(
    *,
    request: Request,
    pool_id: NamedId,
    form: UploadForm,
    asked: Asked,
    pages: PagesOf,
    programs: AllPrograms,
    coded: Coded,
    desk: RuleLog,
    now: Now,
) -> Response:
    """Upload a part of a list: all of it is taken, or nothing with each line's why."""
    pool = _pool(programs.at(now), pool_id)
    text = form.text or form.fields.get("codes", "")
    found = code_lines(text)
    first, fault = form.fields.get("first", "").strip(), ""
    if form.text is None:
        fault = pages.texts("code_pools.no_text")
    elif not found.codes:
        fault = pages.texts("code_pools.no_codes")
    elif found.is_too_long:
        most = pages.shown.number(CODES_AT_ONCE_MAX)
        count = pages.shown.number(len(found.codes))
        fault = pages.texts("code_pools.too_many", count=count, most=most)
    elif not first.isdecimal() or not int(first[:8]) < CODES_MAX:
        fault = pages.texts("code_pools.first_wrong", most=CODES_MAX - 1)
    elif not found.faults:
        fault, faults = await _taken(coded, pool, found, first=int(first), pages=pages)
        found = found._replace(faults=faults)
        if not fault and not faults:
            path = f"{PREFIX}/code-pools/{quote(pool_id, safe='')}"
            done = f"?done={len(found.codes)}"
            return RedirectResponse(path + done, HTTPStatus.SEE_OTHER)
    values = await _page_of(request, asked, coded, pool=pool, desk=desk, now=now)
    values |= {
        "fault": fault or pages.texts("code_pools.faults", count=len(found.faults)),
        "faults": found.faults[:FAULTS_SHOWN_MAX],
        "left_out": max(len(found.faults) - FAULTS_SHOWN_MAX, 0),
        "first": first,
        "text": text if len(text) <= TEXT_KEPT_MAX else "",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return pages.page(request, "code_pool.html", values, status=status)


async def _taken(
    coded: OfferCodes, pool: CodePool, found: CodeLines, *, first: int, pages: Pages
) -> tuple[str, list[LineFault]]:
    """What keeps a list from being taken: a fault of the whole, and of its lines."""
    try:
        places = await coded.upload(pool, first, found.codes)
    except CodesConflict as conflict:
        if pool.kind != UPLOADED:
            return conflict.detail, []
        told = {"count": len(found.codes), "first": first, "codes": pool.codes}
        return pages.texts("code_pools.no_room", **told), []
    shown = places[:FAULTS_SHOWN_MAX]
    stands = await asyncio.gather(
        *(coded.lists.find(plain(found.codes[place])) for place in shown)
    )
    faults = []
    for place, where in zip(shown, stands, strict=True):
        line, code = found.lines[place], found.codes[place]
        if where is None:
            faults.append(LineFault(line, code, "taken", first + place))
        else:
            fault = LineFault(line, code, "known", where.number, where.pool_id)
            faults.append(fault)
    rest = places[FAULTS_SHOWN_MAX:]
    more = [LineFault(found.lines[n], found.codes[n], "known") for n in rest]
    return "", faults + more


async def _page_of(
    request: Request,
    asked: Board,
    coded: OfferCodes,
    *,
    pool: CodePool,
    desk: RuleLog,
    now: int,
) -> dict[str, Any]:
    """What the page of a pool shows."""
    offers = await asyncio.to_thread(offers_of_pools, desk)
    rows = [PoolRow(pool, offers.get(pool.pool_id, ()))]
    [row] = await _figures(request, asked, coded, rows=rows, now=now)
    return {
        "here": "code_pools",
        "row": row,
        "failed": asked.failed,
        "done": "",
        "fault": "",
        "faults": [],
        "left_out": 0,
        "first": "" if row.uploaded is None else str(row.uploaded),
        "text": "",
        "codes_max": CODES_AT_ONCE_MAX,
    }


async def _figures(
    request: Request,
    asked: Board,
    coded: OfferCodes,
    *,
    rows: list[PoolRow],
    now: int,
) -> list[PoolRow]:
    """Pools with their figures; what cannot be told now is named as failed."""
    offers = {one.offer_id: one.valid_ms for row in rows for one in row.offers}
    told = {
        "until_at": now,
        "offers": list(offers),
        "lives_ms": list(offers.values()),
    }
    if rows and request.state.viewer.may(READ_ANALYTICS):
        answer = (await asked.ask(told, USES))[USES]
        if USES not in asked.failed:
            rows = [with_uses(row, answer.records()) for row in rows]
    return list(await asyncio.gather(*(_uploaded(asked, coded, row) for row in rows)))


async def _uploaded(asked: Board, coded: OfferCodes, row: PoolRow) -> PoolRow:
    if row.pool.kind != UPLOADED:
        return row
    try:
        return row._replace(uploaded=await coded.lists.count(row.pool.pool_id))
    except StoreUnavailable:
        asked.failed.append("uploaded_codes")
        return row


def _pool(program: Program, pool_id: str) -> CodePool:
    pool = program.pool_by_id.get(pool_id)
    if pool is None:
        raise CodePoolNotFound(f"the program in force has no pool {pool_id!r}")
    return pool
