from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.identify_in import IdentifyIn
    from ..models.offer_code_in import OfferCodeIn
    from ..models.wanted_in import WantedIn


T = TypeVar("T", bound="RedeemIn")


@_attrs_define
class RedeemIn:
    """Use points, take a reward, or use a code of an offer, for a check.

    Attributes:
        transaction_id (str): The till's own, for good: a repeat repeats all.
        store_id (str):
        type_ (Literal['LOYALTY_REDEEM']):
        identify (IdentifyIn): Who the guest is; `code` is what the member's app shows, digits or QR text.
        redeem (OfferCodeIn | WantedIn):
        check_id (None | str | Unset):
    """

    transaction_id: str
    store_id: str
    type_: Literal["LOYALTY_REDEEM"]
    identify: IdentifyIn
    redeem: OfferCodeIn | WantedIn
    check_id: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.wanted_in import WantedIn  # noqa: PLC0415

        transaction_id = self.transaction_id

        store_id = self.store_id

        type_ = self.type_

        identify = self.identify.to_dict()

        redeem: dict[str, Any]
        if isinstance(self.redeem, WantedIn):
            redeem = self.redeem.to_dict()
        else:
            redeem = self.redeem.to_dict()

        check_id: None | str | Unset
        if isinstance(self.check_id, Unset):
            check_id = UNSET
        else:
            check_id = self.check_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "transaction_id": transaction_id,
                "store_id": store_id,
                "type": type_,
                "identify": identify,
                "redeem": redeem,
            }
        )
        if check_id is not UNSET:
            field_dict["check_id"] = check_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.identify_in import IdentifyIn  # noqa: PLC0415
        from ..models.offer_code_in import OfferCodeIn  # noqa: PLC0415
        from ..models.wanted_in import WantedIn  # noqa: PLC0415

        d = dict(src_dict)
        transaction_id = d.pop("transaction_id")

        store_id = d.pop("store_id")

        type_ = cast(Literal["LOYALTY_REDEEM"], d.pop("type"))
        if type_ != "LOYALTY_REDEEM":
            raise ValueError(f"type must match const 'LOYALTY_REDEEM', got '{type_}'")

        identify = IdentifyIn.from_dict(d.pop("identify"))

        def _parse_redeem(data: object) -> OfferCodeIn | WantedIn:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                redeem_type_0 = WantedIn.from_dict(data)

                return redeem_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            redeem_type_1 = OfferCodeIn.from_dict(data)

            return redeem_type_1

        redeem = _parse_redeem(d.pop("redeem"))

        def _parse_check_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        check_id = _parse_check_id(d.pop("check_id", UNSET))

        redeem_in = cls(
            transaction_id=transaction_id,
            store_id=store_id,
            type_=type_,
            identify=identify,
            redeem=redeem,
            check_id=check_id,
        )

        return redeem_in
