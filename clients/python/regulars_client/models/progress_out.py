from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ProgressOut")


@_attrs_define
class ProgressOut:
    """How far it is to the next tier, and what becomes of this one.

    `tier_until` is how long it is kept whatever comes; `falls_to` at `falls_at`
    is what waiting leads to, `points_to_stay` what prevents it.

        Attributes:
            tier_points (int):
            next_tier (None | str):
            points_to_next_tier (int):
            tier_until (None | str):
            falls_to (None | str):
            falls_at (None | str):
            points_to_stay (int):
    """

    tier_points: int
    next_tier: None | str
    points_to_next_tier: int
    tier_until: None | str
    falls_to: None | str
    falls_at: None | str
    points_to_stay: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        tier_points = self.tier_points

        next_tier: None | str
        next_tier = self.next_tier

        points_to_next_tier = self.points_to_next_tier

        tier_until: None | str
        tier_until = self.tier_until

        falls_to: None | str
        falls_to = self.falls_to

        falls_at: None | str
        falls_at = self.falls_at

        points_to_stay = self.points_to_stay

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "tier_points": tier_points,
                "next_tier": next_tier,
                "points_to_next_tier": points_to_next_tier,
                "tier_until": tier_until,
                "falls_to": falls_to,
                "falls_at": falls_at,
                "points_to_stay": points_to_stay,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        tier_points = d.pop("tier_points")

        def _parse_next_tier(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_tier = _parse_next_tier(d.pop("next_tier"))

        points_to_next_tier = d.pop("points_to_next_tier")

        def _parse_tier_until(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        tier_until = _parse_tier_until(d.pop("tier_until"))

        def _parse_falls_to(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        falls_to = _parse_falls_to(d.pop("falls_to"))

        def _parse_falls_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        falls_at = _parse_falls_at(d.pop("falls_at"))

        points_to_stay = d.pop("points_to_stay")

        progress_out = cls(
            tier_points=tier_points,
            next_tier=next_tier,
            points_to_next_tier=points_to_next_tier,
            tier_until=tier_until,
            falls_to=falls_to,
            falls_at=falls_at,
            points_to_stay=points_to_stay,
        )

        progress_out.additional_properties = d
        return progress_out

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
