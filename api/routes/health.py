"""Alive, ready, metrics."""

import asyncio
import time
from asyncio import Lock
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from fastapi import APIRouter, HTTPException, Request, Response

from api.responses import DependencyOut, ReadyOut
from runtime.health import metrics_page
from runtime.metrics import STORE_UP
from stores.guard import Guard
from stores.program_log_contract import ProgramLog
from stores.unavailable import StoreUnavailable

CHECK_SECONDS_MAX: Final = 1.0
KEEP_SECONDS: Final = 1.0
# ClickHouse answers some questions; without it events and views still work.
NEEDED: Final = ("redis", "kafka", "program")

Ping = Callable[[], Awaitable[None]]

router = APIRouter(tags=["health"])


@router.get(
    "/health/live",
    responses={200: {"content": {"application/json": {"example": {"status": "live"}}}}},
)
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get(
    "/health/ready", responses={503: {"description": "Not ready", "model": ReadyOut}}
)
async def ready(request: Request, response: Response) -> ReadyOut:
    """Redis and Kafka answer, `program` is read; whether ClickHouse does is told."""
    readiness: Readiness = request.app.state.readiness
    checks = await readiness.checks()
    is_ready = all(checks[name] for name in NEEDED)
    if not is_ready:
        response.status_code = 503
    return ReadyOut(
        status="ready" if is_ready else "waiting",
        checks=checks,
        dependencies=readiness.dependencies(),
        log_silent_seconds=int(readiness.log.silent_seconds),
    )


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Metrics in Prometheus's format, or as OpenMetrics for whoever takes that."""
    if request.app.state.is_one_of_several:
        # Of whichever process accepted: each scrape would tell other numbers.
        detail = "each process has its own: REGULARS_METRICS_PORT, and those after it"
        raise HTTPException(404, detail)
    # Nobody may be asking whether we are ready, and an alert goes by what was found.
    readiness: Readiness = request.app.state.readiness
    await readiness.checks()
    body, content_type = metrics_page(request.headers.get("accept", ""))
    # As it is: `media_type` would get a character set that it has already.
    return Response(body, headers={"content-type": content_type})


class Readiness:
    """Asks each store at most once a second, however many want to know."""

    def __init__(
        self,
        pings: Mapping[str, Ping],
        guards: Sequence[Guard],
        *,
        log: ProgramLog,
    ) -> None:
        """Have asked nobody yet."""
        self.guards = guards
        self.log = log
        self._pings = pings
        self._asking = Lock()
        self._checks: dict[str, bool] = {}
        self._checked_at = 0.0

    async def checks(self) -> dict[str, bool]:
        """Whether each store answers, as known at most KEEP_SECONDS ago."""
        async with self._asking:
            if not self._checks or time.monotonic() > self._checked_at + KEEP_SECONDS:
                pings = self._pings.values()
                answers = await asyncio.gather(*(_answers(ping) for ping in pings))
                self._checks = dict(zip(self._pings, answers, strict=True))
                for name, is_up in self._checks.items():
                    STORE_UP.labels(name).set(is_up)
                self._checked_at = time.monotonic()
            return self._checks

    def dependencies(self) -> dict[str, DependencyOut]:
        """Breakers round what is needed, and how much is on its way there."""
        return {
            guard.name: DependencyOut(
                breaker=guard.state, calls=guard.calls, calls_max=guard.calls_max
            )
            for guard in self.guards
        }


async def _answers(ask: Ping) -> bool:
    try:
        await asyncio.wait_for(ask(), CHECK_SECONDS_MAX)
    except (StoreUnavailable, TimeoutError):
        return False
    return True
