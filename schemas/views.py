"""
The JSON document of a member's view: Redis holds it, the API serves it.

`native/json_objects.c` writes it; where that is not compiled, and what it leaves,
msgspec does, out of structs with the same fields.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec

from loyalty.view_shapes import (
    ChallengeView,
    ConsentView,
    LotView,
    MemberView,
    OfferView,
    PersonalView,
    ReservationView,
    StreakView,
    WalletView,
    WithheldView,
)
from native.loading import json_writer
from schemas.framing import MalformedRecord

_T = TypeVar("_T", bound=tuple[Any, ...])


def _object_of(shape: type[Any]) -> Callable[..., Any]:
    """Struct with the fields of a shape: an object in JSON, made from a tuple."""
    return msgspec.defstruct(shape.__name__, shape._fields, gc=False)


_LOT: Final = _object_of(LotView)
_WALLET: Final = _object_of(WalletView)
_VIEW: Final = _object_of(MemberView)
_OFFER: Final = _object_of(OfferView)
_STREAK: Final = _object_of(StreakView)
_CHALLENGE: Final = _object_of(ChallengeView)
_RESERVATION: Final = _object_of(ReservationView)
_CONSENT: Final = _object_of(ConsentView)
_PERSONAL: Final = _object_of(PersonalView)
_WITHHELD: Final = _object_of(WithheldView)
_PARTS: Final[dict[str, Any]] = {
    "offers": OfferView,
    "streaks": StreakView,
    "challenges": ChallengeView,
    "reservations": ReservationView,
    "personal_offers": PersonalView,
    "withheld": WithheldView,
}
_SHAPES: Final[list[type[Any]]] = [
    LotView,
    WalletView,
    MemberView,
    ConsentView,
    *_PARTS.values(),
]
_WRITER: Final = json_writer(_SHAPES)
_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(dict[str, Any])


def encode_view(view: MemberView) -> bytes:
    """Write a view as the JSON document that Redis holds and the API serves."""
    written: bytes | None = None if _WRITER is None else _WRITER.write(view)
    return encode_by_msgspec(view) if written is None else written


def encode_by_msgspec(view: MemberView) -> bytes:
    """Twin of the compiled writer: any view, whatever its texts hold."""
    document = _VIEW(*view)
    document.lots = lots = [_LOT(*lot) for lot in view.lots]
    document.wallets = [
        # The first wallet's lots are the member's.
        _WALLET(
            *wallet[:-1],
            lots if wallet.lots is view.lots else [_LOT(*lot) for lot in wallet.lots],
        )
        for wallet in view.wallets
    ]
    if view.offers:
        document.offers = [_OFFER(*one) for one in view.offers]
    if view.streaks:
        document.streaks = [_STREAK(*one) for one in view.streaks]
    if view.challenges:
        document.challenges = [_CHALLENGE(*one) for one in view.challenges]
    if view.reservations:
        document.reservations = [_RESERVATION(*one) for one in view.reservations]
    if view.consents:
        document.consents = [_CONSENT(*one) for one in view.consents]
    if view.personal_offers:
        document.personal_offers = [_PERSONAL(*one) for one in view.personal_offers]
    if view.withheld:
        document.withheld = [_WITHHELD(*one) for one in view.withheld]
    return _ENCODER.encode(document)


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
            # Views of before there were some parts have none of them.
            found[name] = _of(shape, found.get(name, []))
        found["badges"] = tuple(found["badges"])
        # Views of before there were consents have none.
        found["consents"] = _of(ConsentView, found.get("consents", []))
        found["merged"] = tuple(found.get("merged", ()))
        return MemberView(**found)
    except (msgspec.MsgspecError, KeyError, TypeError) as error:
        raise MalformedRecord("undecodable", f"member view: {error}") from error


def _of(shape: type[_T], values: list[dict[str, Any]]) -> tuple[_T, ...]:
    return tuple(shape(**value) for value in values)
