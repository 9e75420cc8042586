"""What we promise to answer."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from api import examples
from loyalty.view_shapes import LotView, MemberView, OfferView
from stores.analytics import LedgerRow

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ReadyOut(BaseModel):
    """Whether requests can be answered, and which stores do."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.READY]})

    status: Literal["ready", "waiting"]
    checks: dict[str, bool]


class AcceptedOut(BaseModel):
    """The broker has the event."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ACCEPTED]})

    event_id: str
    topic: str
    partition: int
    offset: int


class LotOut(BaseModel):
    """Points that end together; null is never."""

    points: int
    expires_at: str | None


class OfferOut(BaseModel):
    """An offer the member can use; `expires_at` is when the points for it end."""

    offer_id: str
    name: str
    cost_points: int
    granted_at: str
    expires_at: str | None
    why: str


class ProgressOut(BaseModel):
    """How far it is to the next tier."""

    tier_points: int
    next_tier: str | None
    points_to_next_tier: int


class MemberOut(BaseModel):
    """How a member stands."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.MEMBER]})

    member_id: str
    version: int
    as_of: str
    balance: int
    pending: int
    debt: int
    lots: list[LotOut]
    tier: str
    progress: ProgressOut
    streaks: list[dict[str, Any]]
    stamps: list[dict[str, Any]]
    offers: list[OfferOut]


class OffersOut(BaseModel):
    """A page of offers, best first."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.OFFERS]})

    items: list[OfferOut]
    next_cursor: str | None


class EntryOut(BaseModel):
    """One movement of points."""

    entry_id: str
    kind: str
    points: int
    balance_after: int
    occurred_at: str
    order_id: str | None
    line_id: str | None
    lot_id: str
    rule_id: str | None
    rule_version: int | None


class LedgerOut(BaseModel):
    """A page of ledger entries, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.LEDGER]})

    items: list[EntryOut]
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
    moment = EPOCH + timedelta(milliseconds=at)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def shown_or_never(at: int) -> str | None:
    """Time as RFC 3339 in UTC; None for 0, which is never."""
    return shown(at) if at else None


def member_out(member_id: str, view: MemberView) -> MemberOut:
    """Member as the API shows it."""
    return MemberOut(
        member_id=member_id,
        version=view.version,
        as_of=shown(view.as_of),
        balance=view.balance,
        pending=view.pending,
        debt=view.debt,
        lots=[_lot(lot) for lot in view.lots],
        tier=view.tier,
        progress=ProgressOut(
            tier_points=view.tier_points,
            next_tier=view.next_tier,
            points_to_next_tier=view.points_to_next_tier,
        ),
        streaks=[],
        stamps=[],
        offers=[offer_out(offer) for offer in view.offers],
    )


def offer_out(offer: OfferView) -> OfferOut:
    """Offer as the API shows it."""
    return OfferOut(
        offer_id=offer.offer_id,
        name=offer.name,
        cost_points=offer.cost_points,
        granted_at=shown(offer.granted_at),
        expires_at=shown_or_never(offer.expires_at),
        why=offer.why,
    )


def entry_out(row: LedgerRow) -> EntryOut:
    """Ledger entry as the API shows it."""
    return EntryOut(
        entry_id=row.entry_id,
        kind=row.kind,
        points=row.points,
        balance_after=row.balance_after,
        occurred_at=shown(row.occurred_at),
        order_id=row.order_id or None,
        line_id=row.line_id or None,
        lot_id=row.lot_id,
        rule_id=row.rule_id or None,
        rule_version=row.rule_version or None,
    )


def _lot(lot: LotView) -> LotOut:
    return LotOut(points=lot.points, expires_at=shown_or_never(lot.expires_at))
