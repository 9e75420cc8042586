"""The JSON document of a member's view: Redis holds it, the API serves it."""

import msgspec

from loyalty.view import LotView, MemberView, OfferView
from schemas.framing import MalformedRecord


class _Lot(msgspec.Struct, gc=False):
    points: int
    expires_at: int


class _Offer(msgspec.Struct, gc=False):
    offer_id: str
    name: str
    cost_points: int
    granted_at: int
    expires_at: int
    why: str


class _View(msgspec.Struct, gc=False):
    member_id: str
    version: int
    as_of: int
    balance: int
    tier: str
    tier_points: int
    next_tier: str | None
    points_to_next_tier: int
    lots: list[_Lot]
    offers: list[_Offer]


_JSON = msgspec.json.Encoder()
_VIEW = msgspec.json.Decoder(_View)


def encode_view(member_id: str, view: MemberView) -> bytes:
    """Write a view as the JSON document that Redis holds and the API serves."""
    return _JSON.encode(
        _View(
            member_id,
            view.version,
            view.as_of,
            view.balance,
            view.tier,
            view.tier_points,
            view.next_tier,
            view.points_to_next_tier,
            [_Lot(points, expires_at) for points, expires_at in view.lots],
            [_Offer(*offer) for offer in view.offers],
        )
    )


def decode_view(document: bytes) -> MemberView:
    """
    Read the view of a member from its JSON document.

    Raises: MalformedRecord for a document that is not one.
    """
    try:
        view = _VIEW.decode(document)
    except msgspec.MsgspecError as error:
        raise MalformedRecord("undecodable", f"member view: {error}") from error
    return MemberView(
        view.version,
        view.as_of,
        view.balance,
        view.tier,
        view.tier_points,
        view.next_tier,
        view.points_to_next_tier,
        tuple(LotView(lot.points, lot.expires_at) for lot in view.lots),
        tuple(OfferView(*msgspec.structs.astuple(offer)) for offer in view.offers),
    )
