"""What the stream of a member tells of a new version."""

from pydantic import BaseModel, ConfigDict

from api.history_examples import NEWS
from api.history_responses import EntryOut
from api.responses import OfferOut, offer_out, shown
from loyalty.view_shapes import OfferView
from schemas.feed import Happening, Movement, News


class HappeningOut(BaseModel):
    """What one event did; `refusal` says why a command was not done."""

    version: int
    event_id: str
    event_kind: str
    order_id: str | None
    occurred_at: str
    why: str
    refusal: str | None
    tier_before: str | None
    tier_after: str | None
    entries: list[EntryOut]


class NewsOut(BaseModel):
    """
    A member's version, and what happened since the one before it.

    `changes_left_out` says how many are not told: the ledger has them.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [NEWS]})

    member_id: str
    version: int
    as_of: str
    balance: int
    pending: int
    debt: int
    tier: str
    offers: list[OfferOut]
    changes: list[HappeningOut]
    changes_left_out: int


def news_out(member_id: str, news: News) -> NewsOut:
    """News as the API tells them."""
    return NewsOut(
        member_id=member_id,
        version=news.version,
        as_of=shown(news.as_of),
        balance=news.balance,
        pending=news.pending,
        debt=news.debt,
        tier=news.tier,
        offers=[offer_out(OfferView(**offer)) for offer in news.offers],
        changes=[_happening(change) for change in news.changes],
        changes_left_out=news.changes_left_out,
    )


def _happening(change: Happening) -> HappeningOut:
    return HappeningOut(
        version=change.version,
        event_id=change.event_id,
        event_kind=change.event_kind,
        order_id=change.order_id or None,
        occurred_at=shown(change.occurred_at),
        why=change.why,
        refusal=change.refusal or None,
        tier_before=change.tier_before or None,
        tier_after=change.tier_after or None,
        entries=[_entry(entry) for entry in change.entries],
    )


def _entry(entry: Movement) -> EntryOut:
    return EntryOut(
        entry_id=entry.entry_id,
        kind=entry.kind,
        wallet=entry.wallet,
        points=entry.points,
        balance_after=entry.balance_after,
        occurred_at=shown(entry.occurred_at),
        order_id=entry.order_id or None,
        line_id=entry.line_id or None,
        lot_id=entry.lot_id,
        rule_id=entry.rule_id or None,
        rule_version=entry.rule_version or None,
        reference=entry.reference or None,
    )
