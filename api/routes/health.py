"""Alive, ready, metrics."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.datastructures import State

from stores.unavailable import StoreUnavailable

CHECK_SECONDS_MAX: Final = 1.0
KEEP_SECONDS: Final = 1.0
# ClickHouse answers some questions; without it events and views still work.
NEEDED: Final = ("redis", "kafka")

router = APIRouter(tags=["health"])


@router.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get("/health/ready", responses={503: {"description": "Not ready"}})
async def ready(request: Request, response: Response) -> dict[str, object]:
    """Redis and Kafka answer; whether ClickHouse does is told too."""
    state = request.app.state
    checks: dict[str, bool] = getattr(state, "checks", {})
    if not checks or time.monotonic() - state.checked_at > KEEP_SECONDS:
        checks = state.checks = await _checks(state)
        state.checked_at = time.monotonic()
    is_ready = all(checks[name] for name in NEEDED)
    if not is_ready:
        response.status_code = 503
    return {"status": "ready" if is_ready else "waiting", "checks": checks}


@router.get("/metrics", include_in_schema=False)
async def metrics() -> Response:
    """Metrics in Prometheus's format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _checks(state: State) -> dict[str, bool]:
    pings = {
        "redis": state.views.ping,
        "clickhouse": state.analytics.ping,
        "kafka": state.publisher.ping,
    }
    answers = await asyncio.gather(*(_answers(ping) for ping in pings.values()))
    return dict(zip(pings, answers, strict=True))


async def _answers(ask: Callable[[], Awaitable[None]]) -> bool:
    try:
        await asyncio.wait_for(ask(), CHECK_SECONDS_MAX)
    except (StoreUnavailable, TimeoutError):
        return False
    return True
