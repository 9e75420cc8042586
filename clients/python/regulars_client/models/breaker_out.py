from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="BreakerOut")


@_attrs_define
class BreakerOut:
    """A target that failed, and until when it is left alone.

    Attributes:
        target (str):
        failures (int):
        open_until (None | str):
    """

    target: str
    failures: int
    open_until: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        target = self.target

        failures = self.failures

        open_until: None | str
        open_until = self.open_until

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "target": target,
                "failures": failures,
                "open_until": open_until,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        target = d.pop("target")

        failures = d.pop("failures")

        def _parse_open_until(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        open_until = _parse_open_until(d.pop("open_until"))

        breaker_out = cls(
            target=target,
            failures=failures,
            open_until=open_until,
        )

        breaker_out.additional_properties = d
        return breaker_out

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
