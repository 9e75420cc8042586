from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MarkOut")


@_attrs_define
class MarkOut:
    """What somebody did with a letter.

    Attributes:
        action (str):
        why (str):
        actor (str):
        marked_at (str):
        is_edited (bool):
    """

    action: str
    why: str
    actor: str
    marked_at: str
    is_edited: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        action = self.action

        why = self.why

        actor = self.actor

        marked_at = self.marked_at

        is_edited = self.is_edited

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "action": action,
                "why": why,
                "actor": actor,
                "marked_at": marked_at,
                "is_edited": is_edited,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        action = d.pop("action")

        why = d.pop("why")

        actor = d.pop("actor")

        marked_at = d.pop("marked_at")

        is_edited = d.pop("is_edited")

        mark_out = cls(
            action=action,
            why=why,
            actor=actor,
            marked_at=marked_at,
            is_edited=is_edited,
        )

        mark_out.additional_properties = d
        return mark_out

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
