"""The JSON document of a member's view: Redis holds it, the API serves it."""

from typing import Any, Final, TypeVar

import msgspec

from loyalty.view_shapes import (
    ChallengeView,
    LotView,
    MemberView,
    OfferView,
    ReservationView,
    StreakView,
    WalletView,
)
from schemas.framing import MalformedRecord, Record

_T = TypeVar("_T", bound=tuple[Any, ...])
_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(dict[str, Any])
_PARTS: Final[dict[str, Any]] = {
    "offers": OfferView,
    "streaks": StreakView,
    "challenges": ChallengeView,
    "reservations": ReservationView,
}


def encode_view(view: MemberView) -> bytes:
    """Write a view as the JSON document that Redis holds and the API serves."""
    document: dict[str, Any] = dict(zip(MemberView._fields, view, strict=True))
    document["lots"] = _lots(view.lots)
    document["wallets"] = [
        dict(zip(WalletView._fields, wallet, strict=True))
        | {"lots": _lots(wallet.lots)}
        for wallet in view.wallets
    ]
    for name, shape in _PARTS.items():
        values = document[name]
        if values:
            fields = shape._fields
            document[name] = [dict(zip(fields, one, strict=True)) for one in values]
    return _ENCODER.encode(document)


def encode_result(member_id: str, change: Record) -> bytes:
    """Write what became of a command as the JSON document that Redis holds."""
    result = change["result"]
    return _ENCODER.encode(
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
        found = _DECODER.decode(document)
        found["lots"] = _of(LotView, found["lots"])
        found["wallets"] = tuple(
            WalletView(**one | {"lots": _of(LotView, one["lots"])})
            for one in found["wallets"]
        )
        for name, shape in _PARTS.items():
            found[name] = _of(shape, found[name])
        found["badges"] = tuple(found["badges"])
        return MemberView(**found)
    except (msgspec.MsgspecError, KeyError, TypeError) as error:
        raise MalformedRecord("undecodable", f"member view: {error}") from error


def _lots(lots: tuple[LotView, ...]) -> list[dict[str, int]]:
    return [{"points": points, "expires_at": ends_at} for points, ends_at in lots]


def _of(shape: type[_T], values: list[dict[str, Any]]) -> tuple[_T, ...]:
    return tuple(shape(**value) for value in values)
