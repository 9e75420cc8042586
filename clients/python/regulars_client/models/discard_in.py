from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="DiscardIn")


@_attrs_define
class DiscardIn:
    """Letters that nobody shall send again, and why.

    Attributes:
        letter_ids (list[str]):
        why (str):
    """

    letter_ids: list[str]
    why: str

    def to_dict(self) -> dict[str, Any]:
        letter_ids = self.letter_ids

        why = self.why

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "letter_ids": letter_ids,
                "why": why,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        letter_ids = cast(list[str], d.pop("letter_ids"))

        why = d.pop("why")

        discard_in = cls(
            letter_ids=letter_ids,
            why=why,
        )

        return discard_in
