from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.identify_in_by import IdentifyInBy, check_identify_in_by

T = TypeVar("T", bound="IdentifyIn")


@_attrs_define
class IdentifyIn:
    """Who the guest is; `code` is what the member's app shows, digits or QR text.

    Attributes:
        by (IdentifyInBy):
        value (str):
    """

    by: IdentifyInBy
    value: str

    def to_dict(self) -> dict[str, Any]:
        by: str = self.by

        value = self.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "by": by,
                "value": value,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        by = check_identify_in_by(d.pop("by"))

        value = d.pop("value")

        identify_in = cls(
            by=by,
            value=value,
        )

        return identify_in
