from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="DiscountOut")


@_attrs_define
class DiscountOut:
    """A discount that applies: how much, how often, and why.

    Attributes:
        discount_id (str):
        kind (str):
        amount_minor (int):
        times (int):
        why (str):
    """

    discount_id: str
    kind: str
    amount_minor: int
    times: int
    why: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        discount_id = self.discount_id

        kind = self.kind

        amount_minor = self.amount_minor

        times = self.times

        why = self.why

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "discount_id": discount_id,
                "kind": kind,
                "amount_minor": amount_minor,
                "times": times,
                "why": why,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        discount_id = d.pop("discount_id")

        kind = d.pop("kind")

        amount_minor = d.pop("amount_minor")

        times = d.pop("times")

        why = d.pop("why")

        discount_out = cls(
            discount_id=discount_id,
            kind=kind,
            amount_minor=amount_minor,
            times=times,
            why=why,
        )

        discount_out.additional_properties = d
        return discount_out

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
