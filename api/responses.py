"""What we promise to answer."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from api import examples
from loyalty.view_shapes import LotView, OfferView

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
DAY_MS: Final = 86_400_000
# Of the days that answers speak of: most are of a few years.
DATES_KEPT: Final = 4_096


class DependencyOut(BaseModel):
    """Breaker round something that the API needs, and calls on their way to it."""

    breaker: Literal["closed", "half-open", "open"]
    calls: int
    calls_max: int


class ReadyOut(BaseModel):
    """
    Whether requests can be answered, and which stores do.

    `log_silent_seconds` is how old what is read may be, besides what sinks are behind.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.READY]})

    status: Literal["ready", "waiting"]
    checks: dict[str, bool]
    dependencies: dict[str, DependencyOut] = {}
    log_silent_seconds: int = 0


class AcceptedOut(BaseModel):
    """The broker has the event."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ACCEPTED]})

    event_id: str
    topic: str
    partition: int
    offset: int


class AllAcceptedOut(BaseModel):
    """The broker has all of the events, in the order in which they were sent."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [examples.ACCEPTED]}]}
    )

    items: list[AcceptedOut]


class LotOut(BaseModel):
    """Points that end together; null is never."""

    points: int
    expires_at: str | None


class OfferOut(BaseModel):
    """An offer the member can use; `expires_at` is when the points for it end."""

    offer_id: str
    name: str
    cost_points: int
    wallet: str
    granted_at: str
    expires_at: str | None
    why: str


class OffersOut(BaseModel):
    """A page of offers, best first."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.OFFERS]})

    items: list[OfferOut]
    next_cursor: str | None


class FaultOut(BaseModel):
    """One fault: a JSON pointer into the body, or the parameter, and what is wrong."""

    pointer: str
    detail: str


class ProblemOut(BaseModel):
    """RFC 9457 problem document; docs/problems.md lists the types."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PROBLEM]})

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FaultOut] | None = None
    reason: str | None = None


def shown(at: int) -> str:
    """Time as RFC 3339 in UTC."""
    day, ms = divmod(at, DAY_MS)
    seconds, ms = divmod(ms, 1_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{_date(day)}T{hours:02}:{minutes:02}:{seconds:02}.{ms:03}Z"


@lru_cache(DATES_KEPT)
def _date(day: int) -> str:
    return (EPOCH + timedelta(days=day)).date().isoformat()


def shown_or_never(at: int) -> str | None:
    """Time as RFC 3339 in UTC; None for 0, which is never."""
    return shown(at) if at else None


def offer_out(offer: OfferView) -> OfferOut:
    """Offer as the API shows it."""
    return OfferOut(
        offer_id=offer.offer_id,
        name=offer.name,
        cost_points=offer.cost_points,
        wallet=offer.wallet,
        granted_at=shown(offer.granted_at),
        expires_at=shown_or_never(offer.expires_at),
        why=offer.why,
    )


def lot_out(lot: LotView) -> LotOut:
    """Points that end together, as the API shows them."""
    return LotOut(points=lot.points, expires_at=shown_or_never(lot.expires_at))
