from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="OfferOut")


@_attrs_define
class OfferOut:
    """An offer the member can use; `expires_at` is when the points for it end.

    Attributes:
        offer_id (str):
        name (str):
        cost_points (int):
        wallet (str):
        granted_at (str):
        expires_at (None | str):
        why (str):
    """

    offer_id: str
    name: str
    cost_points: int
    wallet: str
    granted_at: str
    expires_at: None | str
    why: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        offer_id = self.offer_id

        name = self.name

        cost_points = self.cost_points

        wallet = self.wallet

        granted_at = self.granted_at

        expires_at: None | str
        expires_at = self.expires_at

        why = self.why

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "offer_id": offer_id,
                "name": name,
                "cost_points": cost_points,
                "wallet": wallet,
                "granted_at": granted_at,
                "expires_at": expires_at,
                "why": why,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        offer_id = d.pop("offer_id")

        name = d.pop("name")

        cost_points = d.pop("cost_points")

        wallet = d.pop("wallet")

        granted_at = d.pop("granted_at")

        def _parse_expires_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        expires_at = _parse_expires_at(d.pop("expires_at"))

        why = d.pop("why")

        offer_out = cls(
            offer_id=offer_id,
            name=name,
            cost_points=cost_points,
            wallet=wallet,
            granted_at=granted_at,
            expires_at=expires_at,
            why=why,
        )

        offer_out.additional_properties = d
        return offer_out

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
