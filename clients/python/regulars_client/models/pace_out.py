from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PaceOut")


@_attrs_define
class PaceOut:
    """How fast a scope may go.

    Attributes:
        scope (str):
        per_second (int):
        ramp_seconds (int):
    """

    scope: str
    per_second: int
    ramp_seconds: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        scope = self.scope

        per_second = self.per_second

        ramp_seconds = self.ramp_seconds

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "scope": scope,
                "per_second": per_second,
                "ramp_seconds": ramp_seconds,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        scope = d.pop("scope")

        per_second = d.pop("per_second")

        ramp_seconds = d.pop("ramp_seconds")

        pace_out = cls(
            scope=scope,
            per_second=per_second,
            ramp_seconds=ramp_seconds,
        )

        pace_out.additional_properties = d
        return pace_out

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
