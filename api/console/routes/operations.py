"""Operations: how the system stands right now."""

import platform
from importlib.metadata import version
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.console.doors import PagesOf, Watch, needs
from api.console.viewers import READ_OPERATIONS
from api.dependencies import AllPrograms
from api.routes.health import Readiness
from schemas.state import DeadLetter
from stores.log_watch import LETTERS_MAX
from stores.unavailable import StoreUnavailable

KEY_LENGTH_MAX: Final = 64
PACKAGES: Final = ("fastapi", "confluent-kafka", "clickhouse-connect", "redis")

router = APIRouter(dependencies=[needs(READ_OPERATIONS)])


@router.get("/operations")
async def operations(
    request: Request, watch: Watch, pages: PagesOf, programs: AllPrograms
) -> HTMLResponse:
    """Stores, lag, dead letters, configuration."""
    readiness: Readiness = request.app.state.readiness
    try:
        log, letters = await watch.state(), await watch.dead_letters()
    except StoreUnavailable:
        log, letters = None, []
    program = programs.latest
    values: dict[str, Any] = {
        "here": "operations",
        "checks": await readiness.checks(),
        "guards": readiness.guards,
        "log_silent_seconds": int(readiness.log.silent_seconds),
        "log": log,
        "partitions": max((len(row.lags) for row in log.rows), default=0) if log else 0,
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


def _letter(letter: DeadLetter) -> dict[str, Any]:
    key = (letter.key or b"").decode(errors="replace")[:KEY_LENGTH_MAX]
    return letter._asdict() | {"key": key}
