"""The short way to a member's offers: of the view no more is read than them."""

import re
from typing import Final, NamedTuple

import msgspec

from api.entity_tags import etag_of_version, headers_of, is_known
from api.gate import Requirement
from api.responses import shown, shown_or_never
from api.short_way import Asked, NotShort, Reply
from api.throttle import Headers
from stores.member_views_contract import MemberViews

OFFERS_SHOWN: Final = 10
_LIMIT: Final = re.compile(rb"limit=([1-9]|[1-4][0-9]|50)")
# Names of offers' own fields: they have no dots, and a few of them no great length.
_FIELDS: Final = re.compile(rb"fields=([a-z_]+(?:,[a-z_]+){0,15})")
_JSON: Final = (b"content-type", b"application/json")


class _Offer(msgspec.Struct, gc=False):
    offer_id: str
    name: str
    cost_points: int
    granted_at: int
    expires_at: int
    why: str
    wallet: str = "points"


class OffersView(msgspec.Struct, gc=False):
    """What of a member's view decides about offers."""

    as_of: int
    offers: list[_Offer]
    merged_into: str = ""


class _OfferShown(msgspec.Struct, gc=False):
    """As OfferOut, in its order."""

    offer_id: str
    name: str
    cost_points: int
    wallet: str
    granted_at: str
    expires_at: str | None
    why: str


class _Page(msgspec.Struct, gc=False):
    """As OffersOut, in its order; `items` may be parts of what is shown."""

    items: list[_OfferShown] | list[dict[str, str | int | None]]
    next_cursor: None = None


class Wanted(NamedTuple):
    """What a query asks for; without fields, all of each offer."""

    limit: int = OFFERS_SHOWN
    fields: frozenset[str] = frozenset()


class ShortOffers:
    """Answers as the route `list_offers` does."""

    def __init__(self, views: MemberViews, needed: Requirement) -> None:
        """Say where views are, and what a caller needs."""
        self._views = views
        self._needed = needed

    async def __call__(self, asked: Asked) -> Reply:
        """Offers that the member can use, or 304; raises as a short way does."""
        if not self._needed.allows(asked.principal, asked.member_id):
            raise NotShort
        wanted = wanted_by(asked.scope["query_string"])
        if_none_match = asked.header(b"if-none-match")
        stored = await self._views.get(asked.member_id)
        if stored is None:
            raise NotShort
        view = view_of_document(stored.document)
        if view.merged_into:
            raise NotShort
        etag = etag_of_version(stored.version)
        headers: Headers = [
            (name.lower().encode(), value.encode())
            for name, value in headers_of(etag).items()
        ]
        if if_none_match is not None and is_known(
            if_none_match.decode("latin-1"), etag
        ):
            return Reply(304, headers)
        body = page_of(view, wanted)
        headers += [(b"content-length", b"%d" % len(body)), _JSON]
        return Reply(200, headers, body)


def wanted_by(query: bytes) -> Wanted:
    """
    Read a query of plain parts, each at most once.

    Raises: NotShort for any other.
    """
    limit, fields = OFFERS_SHOWN, frozenset[str]()
    parts = query.split(b"&") if query else []
    for part in parts:
        if named := _LIMIT.fullmatch(part):
            limit = int(named[1])
        elif named := _FIELDS.fullmatch(part):
            fields = frozenset(named[1].decode().split(","))
        else:
            raise NotShort
    is_plain = len({part[:1] for part in parts}) == len(parts)
    if not is_plain or not fields <= _NAMES:
        raise NotShort
    return Wanted(limit, fields)


def view_of_document(document: bytes) -> OffersView:
    """
    Read no more of a member's view than is needed.

    Raises: NotShort for a document that is none: the route says so.
    """
    try:
        return _DECODER.decode(document)
    except msgspec.MsgspecError as error:
        raise NotShort from error


def page_of(view: OffersView, wanted: Wanted) -> bytes:
    """Write the first of the offers that can be used, as OffersOut is written."""
    # By the member's own time, as the route has it.
    usable = [one for one in view.offers if not 0 < one.expires_at <= view.as_of]
    offers = [_shown(one) for one in usable[: wanted.limit]]
    if not wanted.fields:
        return _ENCODER.encode(_Page(offers))
    # In the order of the shape, whatever the order they were named in.
    names = [name for name in _OfferShown.__struct_fields__ if name in wanted.fields]
    parts = [{name: getattr(one, name) for name in names} for one in offers]
    return _ENCODER.encode(_Page(parts))


def _shown(one: _Offer) -> _OfferShown:
    return _OfferShown(
        one.offer_id,
        one.name,
        one.cost_points,
        one.wallet,
        shown(one.granted_at),
        shown_or_never(one.expires_at),
        one.why,
    )


_NAMES: Final = frozenset(_OfferShown.__struct_fields__)
_DECODER: Final = msgspec.json.Decoder(OffersView)
_ENCODER: Final = msgspec.json.Encoder()
