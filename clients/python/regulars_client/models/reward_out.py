from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RewardOut")


@_attrs_define
class RewardOut:
    """A reward at the member's own cost, and whether it can be taken now.

    Attributes:
        reward_id (str):
        name (str):
        cost_points (int):
        wallet (str):
        balance (int):
        affordable (bool):
        points_missing (int):
        available (bool):
        reason (None | str):
        why_not (None | str):
    """

    reward_id: str
    name: str
    cost_points: int
    wallet: str
    balance: int
    affordable: bool
    points_missing: int
    available: bool
    reason: None | str
    why_not: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        reward_id = self.reward_id

        name = self.name

        cost_points = self.cost_points

        wallet = self.wallet

        balance = self.balance

        affordable = self.affordable

        points_missing = self.points_missing

        available = self.available

        reason: None | str
        reason = self.reason

        why_not: None | str
        why_not = self.why_not

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "reward_id": reward_id,
                "name": name,
                "cost_points": cost_points,
                "wallet": wallet,
                "balance": balance,
                "affordable": affordable,
                "points_missing": points_missing,
                "available": available,
                "reason": reason,
                "why_not": why_not,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reward_id = d.pop("reward_id")

        name = d.pop("name")

        cost_points = d.pop("cost_points")

        wallet = d.pop("wallet")

        balance = d.pop("balance")

        affordable = d.pop("affordable")

        points_missing = d.pop("points_missing")

        available = d.pop("available")

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        def _parse_why_not(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        why_not = _parse_why_not(d.pop("why_not"))

        reward_out = cls(
            reward_id=reward_id,
            name=name,
            cost_points=cost_points,
            wallet=wallet,
            balance=balance,
            affordable=affordable,
            points_missing=points_missing,
            available=available,
            reason=reason,
            why_not=why_not,
        )

        reward_out.additional_properties = d
        return reward_out

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
