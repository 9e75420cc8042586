"""What we answer about backtests: how far they are, and what they found."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from api import backtest_examples as examples
from api.responses import shown
from loyalty.backtest.measures import TOTAL
from stores.backtests_contract import Backtest


class CellOut(BaseModel):
    """One sum on both sides; a week is the number of weeks since 1970."""

    dimension: str
    name: str
    wallet: str
    measure: str
    current: int
    candidate: int


class BothOut(BaseModel):
    """An amount on both sides, minor units."""

    current: int
    candidate: int


class MemberFindingOut(BaseModel):
    """One member on both sides, points of the first wallet, of the range."""

    member_id: str
    granted_current: int
    granted_candidate: int
    used_current: int
    used_candidate: int
    expired_current: int
    expired_candidate: int
    balance_current: int
    balance_candidate: int
    tier_current: str
    tier_candidate: str
    difference: int


class FindingsOut(BaseModel):
    """What a backtest found; `hash` is equal whenever it is repeated."""

    hash: str
    winners: int
    losers: int
    gained: int
    lost: int
    cost_minor: BothOut
    redeemed_minor: BothOut
    liability_minor: BothOut
    most_gained: list[MemberFindingOut]
    most_lost: list[MemberFindingOut]
    sample: list[MemberFindingOut]
    cells: list[CellOut]
    cells_left_out: int


class BacktestOut(BaseModel):
    """A backtest; `detail` says why it failed, `findings` come at the end."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.BACKTEST]})

    backtest_id: str
    status: str
    source: str
    from_at: str | None
    to_at: str
    sample_percent: int
    point_value_minor: int
    created_at: str
    created_by: str
    started_at: str | None
    finished_at: str | None
    events_done: int
    events_total: int
    parts_done: int
    parts_total: int
    detail: str | None
    findings: FindingsOut | None


class BacktestsOut(BaseModel):
    """A page of backtests, newest first, without their findings."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.BACKTESTS]})

    items: list[BacktestOut]
    next_cursor: str | None


def backtest_out(
    backtest: Backtest, findings: dict[str, Any] | None = None
) -> BacktestOut:
    """Backtest as the API shows it."""
    request = backtest.request
    return BacktestOut(
        backtest_id=backtest.backtest_id,
        status=backtest.status,
        source=request.source,
        from_at=_shown_or_none(request.from_at),
        to_at=shown(request.to_at),
        sample_percent=request.sample_percent,
        point_value_minor=request.point_value_minor,
        created_at=shown(backtest.created_at),
        created_by=backtest.created_by,
        started_at=_shown_or_none(backtest.started_at),
        finished_at=_shown_or_none(backtest.finished_at),
        events_done=backtest.records_done,
        events_total=backtest.records_total,
        parts_done=backtest.parts_done,
        parts_total=backtest.parts_total,
        detail=backtest.detail or None,
        findings=None if findings is None else _findings(findings, request),
    )


def _findings(document: dict[str, Any], request: Any) -> FindingsOut:
    value = request.point_value_minor
    return FindingsOut.model_validate(
        document
        | {
            "cost_minor": _money(document, "earned", value),
            "redeemed_minor": _money(document, "used", -value),
            "liability_minor": _money(document, "outstanding", value),
        }
    )


def _money(document: dict[str, Any], measure: str, value_minor: int) -> dict[str, int]:
    """What points of the first wallet are worth."""
    for cell in document["cells"]:
        place = cell["dimension"], cell["wallet"], cell["measure"]
        if place == (TOTAL, document["wallet"], measure):
            return {side: cell[side] * value_minor for side in ("current", "candidate")}
    return {"current": 0, "candidate": 0}


def _shown_or_none(at: int) -> str | None:
    return shown(at) if at else None
