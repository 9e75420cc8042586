from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="EraseIn")


@_attrs_define
class EraseIn:
    """How to forget a member; `keep_points` leaves the balance to the pseudonym.

    Attributes:
        keep_points (bool | Unset):  Default: False.
    """

    keep_points: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        keep_points = self.keep_points

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if keep_points is not UNSET:
            field_dict["keep_points"] = keep_points

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        keep_points = d.pop("keep_points", UNSET)

        erase_in = cls(
            keep_points=keep_points,
        )

        return erase_in
