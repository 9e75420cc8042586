from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CodesOut")


@_attrs_define
class CodesOut:
    """A part of a pool's codes by number; null is one that is not uploaded yet.

    Attributes:
        first (int):
        codes (list[None | str]):
        next_ (int | None):
    """

    first: int
    codes: list[None | str]
    next_: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        first = self.first

        codes = []
        for codes_item_data in self.codes:
            codes_item: None | str
            codes_item = codes_item_data
            codes.append(codes_item)

        next_: int | None
        next_ = self.next_

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "first": first,
                "codes": codes,
                "next": next_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        first = d.pop("first")

        codes = []
        _codes = d.pop("codes")
        for codes_item_data in _codes:

            def _parse_codes_item(data: object) -> None | str:
                if data is None:
                    return data
                return cast(None | str, data)

            codes_item = _parse_codes_item(codes_item_data)

            codes.append(codes_item)

        def _parse_next_(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        next_ = _parse_next_(d.pop("next"))

        codes_out = cls(
            first=first,
            codes=codes,
            next_=next_,
        )

        codes_out.additional_properties = d
        return codes_out

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
