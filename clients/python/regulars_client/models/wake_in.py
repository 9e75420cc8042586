from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="WakeIn")


@_attrs_define
class WakeIn:
    """At which pace the engine looks at all members.

    Attributes:
        rate_per_second (int | Unset):  Default: 200.
        ramp_seconds (int | Unset):  Default: 0.
    """

    rate_per_second: int | Unset = 200
    ramp_seconds: int | Unset = 0

    def to_dict(self) -> dict[str, Any]:
        rate_per_second = self.rate_per_second

        ramp_seconds = self.ramp_seconds

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if rate_per_second is not UNSET:
            field_dict["rate_per_second"] = rate_per_second
        if ramp_seconds is not UNSET:
            field_dict["ramp_seconds"] = ramp_seconds

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        rate_per_second = d.pop("rate_per_second", UNSET)

        ramp_seconds = d.pop("ramp_seconds", UNSET)

        wake_in = cls(
            rate_per_second=rate_per_second,
            ramp_seconds=ramp_seconds,
        )

        return wake_in
