from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="AppliedIn")


@_attrs_define
class AppliedIn:
    """A benefit that was used.

    Attributes:
        offer_id (None | str | Unset):
        reservation_id (None | str | Unset):
        code (None | str | Unset):
        amount_minor (int | Unset): Minor units, e.g. cents. Default: 0.
    """

    offer_id: None | str | Unset = UNSET
    reservation_id: None | str | Unset = UNSET
    code: None | str | Unset = UNSET
    amount_minor: int | Unset = 0

    def to_dict(self) -> dict[str, Any]:
        offer_id: None | str | Unset
        if isinstance(self.offer_id, Unset):
            offer_id = UNSET
        else:
            offer_id = self.offer_id

        reservation_id: None | str | Unset
        if isinstance(self.reservation_id, Unset):
            reservation_id = UNSET
        else:
            reservation_id = self.reservation_id

        code: None | str | Unset
        if isinstance(self.code, Unset):
            code = UNSET
        else:
            code = self.code

        amount_minor = self.amount_minor

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if offer_id is not UNSET:
            field_dict["offer_id"] = offer_id
        if reservation_id is not UNSET:
            field_dict["reservation_id"] = reservation_id
        if code is not UNSET:
            field_dict["code"] = code
        if amount_minor is not UNSET:
            field_dict["amount_minor"] = amount_minor

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_offer_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        offer_id = _parse_offer_id(d.pop("offer_id", UNSET))

        def _parse_reservation_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reservation_id = _parse_reservation_id(d.pop("reservation_id", UNSET))

        def _parse_code(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        code = _parse_code(d.pop("code", UNSET))

        amount_minor = d.pop("amount_minor", UNSET)

        applied_in = cls(
            offer_id=offer_id,
            reservation_id=reservation_id,
            code=code,
            amount_minor=amount_minor,
        )

        return applied_in
