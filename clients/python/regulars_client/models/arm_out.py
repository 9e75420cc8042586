from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ArmOut")


@_attrs_define
class ArmOut:
    """An arm: its share of all members (0: not in the program), and who met it.

    Attributes:
        arm_id (str):
        percent (int):
        members (int):
    """

    arm_id: str
    percent: int
    members: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        arm_id = self.arm_id

        percent = self.percent

        members = self.members

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "arm_id": arm_id,
                "percent": percent,
                "members": members,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        arm_id = d.pop("arm_id")

        percent = d.pop("percent")

        members = d.pop("members")

        arm_out = cls(
            arm_id=arm_id,
            percent=percent,
            members=members,
        )

        arm_out.additional_properties = d
        return arm_out

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
