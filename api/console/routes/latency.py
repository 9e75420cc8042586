"""How long it takes until an order can be seen, for the overview of today."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.console.doors import PagesOf, needs
from api.console.viewers import READ_ANALYTICS
from api.console.workers import latencies_of
from api.dependencies import Now, WorkersTold
from stores.unavailable import StoreUnavailable

router = APIRouter(dependencies=[needs(READ_ANALYTICS)])


@router.get("/overview/latency")
async def overview_latency(
    request: Request, told: WorkersTold, pages: PagesOf, now: Now
) -> HTMLResponse:
    """Tell the times of the last minutes, as far as somebody knows them."""
    try:
        reports = await told.reports(now)
    except StoreUnavailable:
        reports = []
    values = {"latencies": latencies_of(reports, now)}
    return pages.page(request, "overview_latency.html", values)
