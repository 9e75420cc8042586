from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PaceIn")


@_attrs_define
class PaceIn:
    """How fast a scope may go, and over how long it gets there.

    Attributes:
        per_second (int):
        ramp_seconds (int | Unset):  Default: 0.
    """

    per_second: int
    ramp_seconds: int | Unset = 0

    def to_dict(self) -> dict[str, Any]:
        per_second = self.per_second

        ramp_seconds = self.ramp_seconds

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "per_second": per_second,
            }
        )
        if ramp_seconds is not UNSET:
            field_dict["ramp_seconds"] = ramp_seconds

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        per_second = d.pop("per_second")

        ramp_seconds = d.pop("ramp_seconds", UNSET)

        pace_in = cls(
            per_second=per_second,
            ramp_seconds=ramp_seconds,
        )

        return pace_in
