"""Experiments: what each arm did, against the control."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.console.doors import Asked, PagesOf, needs
from api.console.viewers import READ_ANALYTICS
from api.dependencies import AllPrograms, Now
from api.experiment_results import Results, results_of, trials_of
from api.uplift import arm_sums

router = APIRouter(dependencies=[needs(READ_ANALYTICS)])
# Each is a question of its own: a page asks no more than so many.
SHOWN_MAX: Final = 12
DAYS: Final = (7, 14, 28, 56)
DAYS_DEFAULT: Final = 28


@router.get("/experiments")
async def experiments(
    *,
    request: Request,
    asked: Asked,
    pages: PagesOf,
    programs: AllPrograms,
    now: Now,
) -> HTMLResponse:
    """Experiments of the program, then those that ended, the latest first."""
    days = _days(request.query_params.get("days", ""))
    trials = trials_of(programs.latest)
    found = (await asked.ask({}, "experiments"))["experiments"].records()
    latest = {one["experiment_id"]: one["last_at"] for one in found}
    others = sorted(set(latest) - set(trials), key=lambda name: (-latest[name], name))
    names = [*sorted(trials), *others]
    results: list[Results] = []
    for name in names[:SHOWN_MAX]:
        told = asked.told() | {"experiment": name, "days": days, "until_at": now}
        answer = (await asked.ask(told, "experiment_arms"))["experiment_arms"]
        sums = [arm_sums(record) for record in answer.records()]
        results.append(results_of(name, trials.get(name), sums))
    values = {
        "here": "experiments",
        "failed": sorted(set(asked.failed)),
        "days": days,
        "choices": DAYS,
        "results": results,
        "left_out": len(names) - len(results),
    }
    return pages.page(request, "experiments.html", values)


def _days(text: str) -> int:
    """Days that an address asks for; what it says wrongly is as if it said nothing."""
    return next((days for days in DAYS if text == str(days)), DAYS_DEFAULT)
