from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.mark_in_state import MarkInState, check_mark_in_state

T = TypeVar("T", bound="MarkIn")


@_attrs_define
class MarkIn:
    """What became of a message.

    Attributes:
        state (MarkInState):
    """

    state: MarkInState

    def to_dict(self) -> dict[str, Any]:
        state: str = self.state

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "state": state,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        state = check_mark_in_state(d.pop("state"))

        mark_in = cls(
            state=state,
        )

        return mark_in
