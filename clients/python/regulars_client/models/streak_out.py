from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="StreakOut")


@_attrs_define
class StreakOut:
    """Periods in a row so far, and orders in the latest one.

    Attributes:
        rule_id (str):
        length (int):
        target (int):
        orders (int):
        orders_min (int):
    """

    rule_id: str
    length: int
    target: int
    orders: int
    orders_min: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        rule_id = self.rule_id

        length = self.length

        target = self.target

        orders = self.orders

        orders_min = self.orders_min

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "rule_id": rule_id,
                "length": length,
                "target": target,
                "orders": orders,
                "orders_min": orders_min,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        rule_id = d.pop("rule_id")

        length = d.pop("length")

        target = d.pop("target")

        orders = d.pop("orders")

        orders_min = d.pop("orders_min")

        streak_out = cls(
            rule_id=rule_id,
            length=length,
            target=target,
            orders=orders,
            orders_min=orders_min,
        )

        streak_out.additional_properties = d
        return streak_out

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
