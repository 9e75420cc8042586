"""The JSON document of a member's view: Redis holds it, the API serves it."""

import msgspec

from loyalty.view import LotView, MemberView, OfferView
from schemas.framing import MalformedRecord, Record


class _Lot(msgspec.Struct):
    points: int
    expires_at: int


class _Offer(msgspec.Struct):
    offer_id: str
    name: str
    cost_points: int
    granted_at: int
    expires_at: int
    why: str


class _View(msgspec.Struct):
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
        {
            "member_id": member_id,
            "version": view.version,
            "as_of": view.as_of,
            "balance": view.balance,
            "tier": view.tier,
            "tier_points": view.tier_points,
            "next_tier": view.next_tier,
            "points_to_next_tier": view.points_to_next_tier,
            "lots": [{"points": points, "expires_at": at} for points, at in view.lots],
            "offers": [offer._asdict() for offer in view.offers],
        }
    )


def encode_result(member_id: str, change: Record) -> bytes:
    """Write what became of a command as the JSON document that Redis holds."""
    result = change["result"]
    return _JSON.encode(
        {
            "command_id": change["event_id"],
            "member_id": member_id,
            "status": "refused" if change["refusal"] else "done",
            "refusal": change["refusal"],
            "version": change["version"],
            "why": change["why"],
            "result": None if result is None else msgspec.Raw(result.encode()),
        }
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
