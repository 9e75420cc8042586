from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="CodesIn")


@_attrs_define
class CodesIn:
    """A part of a pool's list: its codes have the numbers from `first` on.

    Attributes:
        codes (list[str]):
        first (int | Unset):  Default: 0.
    """

    codes: list[str]
    first: int | Unset = 0

    def to_dict(self) -> dict[str, Any]:
        codes = self.codes

        first = self.first

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "codes": codes,
            }
        )
        if first is not UNSET:
            field_dict["first"] = first

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        codes = cast(list[str], d.pop("codes"))

        first = d.pop("first", UNSET)

        codes_in = cls(
            codes=codes,
            first=first,
        )

        return codes_in
