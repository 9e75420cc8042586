from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="NoDiscountOut")


@_attrs_define
class NoDiscountOut:
    """A discount that does not apply, and how far it is from applying.

    Attributes:
        discount_id (str):
        reason (str):
        distance (int):
        why_not (str):
    """

    discount_id: str
    reason: str
    distance: int
    why_not: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        discount_id = self.discount_id

        reason = self.reason

        distance = self.distance

        why_not = self.why_not

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "discount_id": discount_id,
                "reason": reason,
                "distance": distance,
                "why_not": why_not,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        discount_id = d.pop("discount_id")

        reason = d.pop("reason")

        distance = d.pop("distance")

        why_not = d.pop("why_not")

        no_discount_out = cls(
            discount_id=discount_id,
            reason=reason,
            distance=distance,
            why_not=why_not,
        )

        no_discount_out.additional_properties = d
        return no_discount_out

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
