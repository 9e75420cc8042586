from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.dependency_out_breaker import (
    DependencyOutBreaker,
    check_dependency_out_breaker,
)

T = TypeVar("T", bound="DependencyOut")


@_attrs_define
class DependencyOut:
    """Breaker round something that the API needs, and calls on their way to it.

    Attributes:
        breaker (DependencyOutBreaker):
        calls (int):
        calls_max (int):
    """

    breaker: DependencyOutBreaker
    calls: int
    calls_max: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        breaker: str = self.breaker

        calls = self.calls

        calls_max = self.calls_max

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "breaker": breaker,
                "calls": calls,
                "calls_max": calls_max,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        breaker = check_dependency_out_breaker(d.pop("breaker"))

        calls = d.pop("calls")

        calls_max = d.pop("calls_max")

        dependency_out = cls(
            breaker=breaker,
            calls=calls,
            calls_max=calls_max,
        )

        dependency_out.additional_properties = d
        return dependency_out

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
