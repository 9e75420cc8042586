from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ReservationOut")


@_attrs_define
class ReservationOut:
    """Points set aside; the id is what confirms or releases them.

    Attributes:
        reservation_id (str):
        wallet (str):
        points (int):
        expires_at (str):
        reward_id (None | str):
    """

    reservation_id: str
    wallet: str
    points: int
    expires_at: str
    reward_id: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        reservation_id = self.reservation_id

        wallet = self.wallet

        points = self.points

        expires_at = self.expires_at

        reward_id: None | str
        reward_id = self.reward_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "reservation_id": reservation_id,
                "wallet": wallet,
                "points": points,
                "expires_at": expires_at,
                "reward_id": reward_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reservation_id = d.pop("reservation_id")

        wallet = d.pop("wallet")

        points = d.pop("points")

        expires_at = d.pop("expires_at")

        def _parse_reward_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reward_id = _parse_reward_id(d.pop("reward_id"))

        reservation_out = cls(
            reservation_id=reservation_id,
            wallet=wallet,
            points=points,
            expires_at=expires_at,
            reward_id=reward_id,
        )

        reservation_out.additional_properties = d
        return reservation_out

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
