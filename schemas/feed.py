"""What is told of a member's new version: how it stands, and what changed it."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from loyalty.decision import LedgerEntry
from schemas.framing import MalformedRecord
from schemas.updates import Change

CHANGES_TOLD_MAX: Final = 50
NEWS_BYTES_MAX: Final = 65_536


class Movement(msgspec.Struct, frozen=True, gc=False):
    """One movement of points, as the ledger has it."""

    entry_id: str
    kind: str
    points: int
    lot_id: str
    order_id: str
    line_id: str
    rule_id: str
    rule_version: int
    occurred_at: int
    balance_after: int
    wallet: str
    reference: str


assert Movement.__struct_fields__ == LedgerEntry._fields, "told as it is written"


class Happening(msgspec.Struct, frozen=True, gc=False):
    """What one event did."""

    version: int
    event_id: str
    event_kind: str
    occurred_at: int
    order_id: str
    why: str
    tier_before: str
    tier_after: str
    refusal: str
    entries: list[Movement]


class _Standing(msgspec.Struct, gc=False):
    """The part of a view that is told; offers pass through as they are."""

    version: int
    as_of: int
    balance: int
    pending: int
    debt: int
    tier: str
    offers: msgspec.Raw


class _Written(_Standing, gc=False):
    changes: Sequence[Happening] = ()
    changes_left_out: int = 0


class News(msgspec.Struct, frozen=True, gc=False):
    """
    A member's version; times in ms since 1970.

    `changes` are the latest CHANGES_TOLD_MAX of those since the version before,
    none where the news would be too large; `changes_left_out` are the others.
    """

    version: int
    as_of: int
    balance: int
    pending: int
    debt: int
    tier: str
    offers: list[dict[str, Any]]
    changes: list[Happening] = []
    changes_left_out: int = 0


_STANDING: Final = msgspec.json.Decoder(_Standing)
_NEWS: Final = msgspec.json.Decoder(News)
_ENCODER: Final = msgspec.json.Encoder()


def encode_news(view: bytes, changes: Sequence[Change]) -> bytes:
    """
    Write what is told of a version, from its view and the changes of an update.

    Raises: MalformedRecord for a view that is none.
    """
    try:
        known = _STANDING.decode(view)
    except msgspec.MsgspecError as error:
        raise MalformedRecord("undecodable", f"member view: {error}") from error
    told = [_told(change) for change in changes[-CHANGES_TOLD_MAX:]]
    news = _Written(
        known.version,
        known.as_of,
        known.balance,
        known.pending,
        known.debt,
        known.tier,
        known.offers,
        changes=told,
        changes_left_out=len(changes) - len(told),
    )
    document = _ENCODER.encode(news)
    if len(document) > NEWS_BYTES_MAX:
        news.changes, news.changes_left_out = (), len(changes)
        document = _ENCODER.encode(news)
    return document


def decode_news(document: bytes) -> News:
    """
    Read what is told of a version.

    Raises: MalformedRecord for what is none.
    """
    try:
        return _NEWS.decode(document)
    except msgspec.MsgspecError as error:
        raise MalformedRecord("undecodable", f"news of a member: {error}") from error


def _told(change: Change) -> Happening:
    return Happening(
        change.version,
        change.event_id,
        change.event_kind,
        change.occurred_at,
        change.order_id,
        change.why,
        change.tier_before,
        change.tier_after,
        change.refusal,
        [Movement(*entry) for entry in change.entries],
    )
