"""Dashboards: what happened, what is owed, who comes back, who deserves a look."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.console.answers import Board
from api.console.boards import cohorts_of, grouped, summed, trigger_columns
from api.console.comparing import alone, each_day
from api.console.doors import Asked, PagesOf, needs
from api.console.filters import Chosen, chosen_of
from api.console.spans import Span
from api.console.viewers import READ_ANALYTICS
from api.dependencies import AllPrograms, Now
from stores.unavailable import StoreUnavailable

router = APIRouter(dependencies=[needs(READ_ANALYTICS)])


@router.get("/overview")
async def overview(
    request: Request, asked: Asked, pages: PagesOf, now: Now
) -> HTMLResponse:
    """How the programme did in a span, against the span before it."""
    span = await asked.span(request.query_params, now)
    chosen = chosen_of(request.query_params)
    if chosen != Chosen():
        values = await _there(asked, span, chosen)
        return pages.page(request, "overview_there.html", values)
    figures, found = await asyncio.gather(
        _figures(asked, span, now),
        asked.ask(asked.told(span), "tier_members", "stores"),
    )
    values = figures | {
        "here": "overview",
        "failed": asked.failed,
        "chosen": chosen,
        "offered": asked.offered,
        "tiers": found["tier_members"].records(),
        "stores": found["stores"].records(),
    }
    return pages.page(request, "overview.html", values)


@router.get("/overview/figures")
async def overview_figures(
    request: Request, asked: Asked, pages: PagesOf, now: Now
) -> HTMLResponse:
    """Figures of the overview once more, for a page of a day that goes on."""
    span = await asked.span(request.query_params, now)
    values = await _figures(asked, span, now)
    if asked.failed:
        raise StoreUnavailable("clickhouse", ", ".join(asked.failed))
    return pages.page(request, "overview_figures.html", values)


async def _there(asked: Board, span: Span, chosen: Chosen) -> dict[str, Any]:
    """What a span came to at some stores or in one way, and the one before it."""
    told = asked.told(span) | chosen.told(asked.program, as_one=True)
    before = {**told, "from_at": 2 * span.from_at - span.until_at}
    before["until_at"] = span.from_at
    found = await asked.ask(told, "places", "place_days")
    earlier = (await asked.ask(before, "places"))["places"]
    return {
        "here": "overview",
        "span": span,
        "chosen": chosen,
        "offered": asked.offered,
        "failed": asked.failed,
        "now": alone(found["places"]),
        "before": alone(earlier),
        "days": each_day(found["place_days"], span.each),
    }


async def _figures(asked: Board, span: Span, now: int) -> dict[str, Any]:
    """What a span came to and the one before it; it is live until its last day ends."""
    told = asked.told(span)
    before = {**told, "from_at": 2 * span.from_at - span.until_at}
    before["until_at"] = span.from_at
    found = await asked.ask(told, "daily", "active_members", "wallets")
    earlier = (await asked.ask(before, "daily"))["daily"]
    active = found["active_members"].records() or [{"members": 0, "members_before": 0}]
    wallets = {one["wallet"]: one for one in found["wallets"].records()}
    return {
        "span": span,
        "is_live": now < span.until_at,
        "asked_at": now,
        "has_orders": bool(wallets),
        "now": summed(found["daily"]) | {"members": active[0]["members"]},
        "before": summed(earlier) | {"members": active[0]["members_before"]},
        "owed": wallets.get(str(told["wallet"]), {"outstanding": 0, "members": 0}),
        "daily": found["daily"],
    }


@router.get("/liability")
async def liability(
    request: Request, asked: Asked, pages: PagesOf, programs: AllPrograms
) -> HTMLResponse:
    """What is owed, when it ends, how much of it will never be used."""
    told = asked.told()
    found = await asked.ask(told, "wallets", "expiry_forecast")
    wallets = found["wallets"].records()
    main = [one for one in wallets if one["wallet"] == told["wallet"]]
    payment = programs.latest.payment
    pays_main = payment is not None and payment.wallet == told["wallet"]
    values = {
        "here": "liability",
        "failed": asked.failed,
        "wallets": main and wallets,
        "main": main[0] if main else {},
        "wallet_answer": found["wallets"],
        "forecast": found["expiry_forecast"],
        "months": found["expiry_forecast"].records(),
        "payment": payment if pays_main else None,
    }
    return pages.page(request, "liability.html", values)


@router.get("/retention")
async def retention(
    request: Request, asked: Asked, pages: PagesOf, now: Now
) -> HTMLResponse:
    """Who comes back, by the month of the first order."""
    span = await asked.span({}, now)
    found = await asked.ask(asked.told(span), "retention")
    cohorts = cohorts_of(found["retention"].records())
    values = {
        "here": "retention",
        "failed": asked.failed,
        "cohorts": cohorts,
        "months": max((len(one["shares"]) for one in cohorts), default=0),
    }
    return pages.page(request, "retention.html", values)


@router.get("/segments")
async def segments(
    request: Request, asked: Asked, pages: PagesOf, now: Now
) -> HTMLResponse:
    """Members by recency, frequency and money."""
    span = await asked.span({}, now)
    found = await asked.ask(asked.told(span), "segments")
    values = {
        "here": "segments",
        "failed": asked.failed,
        "segments": found["segments"].records(),
    }
    return pages.page(request, "segments.html", values)


@router.get("/offers")
async def offers(
    *,
    request: Request,
    asked: Asked,
    pages: PagesOf,
    programs: AllPrograms,
    now: Now,
) -> HTMLResponse:
    """Who reached an offer, who saw it, who took it; and which triggers fired."""
    span = await asked.span(request.query_params, now)
    found = await asked.ask(asked.told(span), "offer_funnel", "trigger_weeks")
    values = {
        "here": "offers",
        "span": span,
        "failed": asked.failed,
        "funnels": found["offer_funnel"].records(),
        "names": {one.offer_id: one.name for one in programs.latest.offers},
        "triggers": trigger_columns(found["trigger_weeks"]),
    }
    return pages.page(request, "offers.html", values)


@router.get("/tiers")
async def tiers(
    *,
    request: Request,
    asked: Asked,
    pages: PagesOf,
    programs: AllPrograms,
    now: Now,
) -> HTMLResponse:
    """Who rose, who fell, where members are."""
    span = await asked.span(request.query_params, now)
    found = await asked.ask(
        asked.told(span), "tier_members", "tier_changes", "tier_weeks"
    )
    order = {tier.tier_id: n for n, tier in enumerate(programs.latest.tiers)}
    values = {
        "here": "tiers",
        "span": span,
        "failed": asked.failed,
        "tiers": found["tier_members"].records(),
        "changes": found["tier_changes"].records(),
        "weeks": found["tier_weeks"],
        "order": order,
    }
    return pages.page(request, "tiers.html", values)


@router.get("/signals")
async def signals(
    request: Request, asked: Asked, pages: PagesOf, now: Now
) -> HTMLResponse:
    """What deserves a look."""
    span = await asked.span(request.query_params, now)
    chosen = chosen_of(request.query_params)
    told = asked.told(span) | chosen.told(asked.program)
    found = await asked.ask(told, "fraud_signals")
    values = {
        "here": "signals",
        "span": span,
        "chosen": chosen,
        "offered": asked.offered,
        "failed": asked.failed,
        "signals": grouped(found["fraud_signals"].records(), "signal"),
    }
    return pages.page(request, "signals.html", values)
