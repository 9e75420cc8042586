"""Deliveries: what waits, what fails, what could not be sent; and the kill switch."""

import logging
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse

from api.console.doors import Form, PagesOf, needs
from api.console.places import PREFIX
from api.console.viewers import CONTROL_DELIVERY, Viewer
from api.dependencies import Now, Sends
from api.problems import InvalidRequest
from api.sending import DeliveryStores
from loyalty.limits import ID_LENGTH_MAX
from stores.delivery_controls_contract import EVERYTHING, Controls, Stop
from stores.endpoints_contract import Endpoint
from stores.outbox_contract import MAIL_TARGET, REPLAY_MAX

logger = logging.getLogger(__name__)

LANES_SHOWN_MAX: Final = 50
DEAD_SHOWN_MAX: Final = 10
REASON_LENGTH_MAX: Final = 200
CAMPAIGN: Final = "campaign:"

Count = Annotated[int | None, Query(ge=0, le=REPLAY_MAX)]
router = APIRouter(dependencies=[needs(CONTROL_DELIVERY)])


@router.get("/deliveries")
async def deliveries(
    *, request: Request, sends: Sends, pages: PagesOf, now: Now, sent: Count = None
) -> HTMLResponse:
    """Endpoints, lanes, stops, and what is dead of each endpoint."""
    stores = sends.stores
    controls = await stores.controls.read()
    endpoints = await stores.endpoints.all()
    depths = await stores.outbox.depths(limit=LANES_SHOWN_MAX)
    values: dict[str, Any] = {
        "here": "deliveries",
        "targets": [await _target(one, controls, stores, now=now) for one in endpoints],
        "mail_dead": await stores.outbox.page(
            MAIL_TARGET, dead=True, limit=DEAD_SHOWN_MAX
        ),
        "lanes": [(depth, controls.is_stopped(depth.lane)) for depth in depths],
        "waiting": sum(depth.waiting for depth in depths),
        "stops": sorted(controls.stops.values()),
        "paces": sorted(controls.paces.values()),
        "everything": EVERYTHING,
        "sent": sent,
    }
    return pages.page(request, "deliveries.html", values)


@router.post("/deliveries/stop")
async def stop(
    *, request: Request, form: Form, sends: Sends, pages: PagesOf, now: Now
) -> RedirectResponse:
    """Stop everything or a campaign, if its name was typed as well."""
    campaign = form.get("campaign", "").strip()[:ID_LENGTH_MAX]
    named = campaign or EVERYTHING
    if form.get("typed", "").strip() != named:
        raise InvalidRequest(pages.texts("deliveries.typed_wrong", name=named))
    viewer: Viewer = request.state.viewer
    scope = f"{CAMPAIGN}{campaign}" if campaign else EVERYTHING
    reason = form.get("reason", "")[:REASON_LENGTH_MAX]
    kept = await sends.stores.controls.stop(Stop(scope, viewer.name, now, reason))
    if not kept:
        raise InvalidRequest(pages.texts("deliveries.too_many"))
    _log("deliveries stopped", viewer, scope)
    return _back()


@router.post("/deliveries/start")
async def start(*, request: Request, form: Form, sends: Sends) -> RedirectResponse:
    """Send again what waits."""
    scope = form.get("scope", "")
    await sends.stores.controls.start(scope)
    _log("deliveries started", request.state.viewer, scope)
    return _back()


@router.post("/deliveries/replay")
async def replay(
    *, request: Request, form: Form, sends: Sends, now: Now
) -> RedirectResponse:
    """Send what is dead of a target anew, as many as may be at once."""
    target = form.get("target", "")
    outbox = sends.stores.outbox
    found = await outbox.page(target, dead=True, limit=REPLAY_MAX)
    count = await outbox.replay(found, now)
    _log("deliveries replayed", request.state.viewer, target)
    return _back(f"?sent={count}")


async def _target(
    endpoint: Endpoint, controls: Controls, stores: DeliveryStores, *, now: int
) -> dict[str, Any]:
    breaker = controls.breaker_of(endpoint.endpoint_id)
    dead = await stores.outbox.page(
        endpoint.endpoint_id, dead=True, limit=DEAD_SHOWN_MAX
    )
    return {
        "endpoint": endpoint,
        # Its scheme says nothing here, and a path may hold what is secret.
        "host": endpoint.url.partition("://")[2].partition("/")[0],
        "failures": breaker.failures,
        "open_until": breaker.open_until if breaker.is_open(now) else 0,
        "dead": dead,
        "more": len(dead) == DEAD_SHOWN_MAX,
    }


def _log(what: str, viewer: Viewer, name: str) -> None:
    logger.info(what, extra={"subject": viewer.subject, "scope": name})


def _back(more: str = "") -> RedirectResponse:
    return RedirectResponse(f"{PREFIX}/deliveries{more}", HTTPStatus.SEE_OTHER)
