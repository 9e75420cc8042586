from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="EnteredIn")


@_attrs_define
class EnteredIn:
    """A code that many have: the member gets its offer.

    Attributes:
        code (str): ASCII; spaces, dashes and capitals make no difference.
    """

    code: str

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "code": code,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        entered_in = cls(
            code=code,
        )

        return entered_in
