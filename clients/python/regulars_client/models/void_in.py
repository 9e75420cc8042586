from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="VoidIn")


@_attrs_define
class VoidIn:
    """An earlier command, to be as if it never was.

    Attributes:
        command_id (str):
    """

    command_id: str

    def to_dict(self) -> dict[str, Any]:
        command_id = self.command_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "command_id": command_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        command_id = d.pop("command_id")

        void_in = cls(
            command_id=command_id,
        )

        return void_in
