"""Operations: how the system stands right now."""

import platform
from importlib.metadata import version
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.console.doors import PagesOf, Watch, needs
from api.console.viewers import READ_OPERATIONS
from api.console.workers import Workers, workers_of
from api.dependencies import AllPrograms, Now, WorkersTold
from api.routes.health import Readiness
from schemas.state import DeadLetter
from stores.log_watch import LETTERS_MAX
from stores.unavailable import StoreUnavailable
from stores.worker_reports_contract import WorkerReports

KEY_LENGTH_MAX: Final = 64
PACKAGES: Final = ("fastapi", "confluent-kafka", "clickhouse-connect", "redis")

router = APIRouter(dependencies=[needs(READ_OPERATIONS)])


@router.get("/operations")
async def operations(
    *,
    request: Request,
    watch: Watch,
    told: WorkersTold,
    pages: PagesOf,
    programs: AllPrograms,
    now: Now,
) -> HTMLResponse:
    """Stores, workers, lag, dead letters, configuration."""
    readiness: Readiness = request.app.state.readiness
    try:
        log, letters = await watch.state(), await watch.dead_letters()
    except StoreUnavailable:
        log, letters = None, []
    partitions = max((len(row.lags) for row in log.rows), default=0) if log else 0
    program = programs.latest
    values: dict[str, Any] = {
        "here": "operations",
        "checks": await readiness.checks(),
        "guards": readiness.guards,
        "log_silent_seconds": int(readiness.log.silent_seconds),
        "log": log,
        "partitions": partitions,
        "workers": await _workers(told, now, partitions),
        "letters_max": LETTERS_MAX,
        "letters": [_letter(one) for one in letters],
        "settings": request.app.state.told_settings,
        "versions": [
            ("regulars", request.app.state.version),
            ("program", f"{program.program_id} {program.version}"),
            ("python", platform.python_version()),
            *((name, version(name)) for name in PACKAGES),
        ],
    }
    return pages.page(request, "operations.html", values)


async def _workers(told: WorkerReports, now: int, partitions: int) -> Workers | None:
    """How the worker stands; None while nobody can say."""
    try:
        return workers_of(await told.reports(now), now, partitions)
    except StoreUnavailable:
        return None


def _letter(letter: DeadLetter) -> dict[str, Any]:
    key = (letter.key or b"").decode(errors="replace")[:KEY_LENGTH_MAX]
    return letter._asdict() | {"key": key}
