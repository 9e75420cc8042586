from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.rule_difference_out import RuleDifferenceOut


T = TypeVar("T", bound="DiffOut")


@_attrs_define
class DiffOut:
    """What a version changes against another one.

    Attributes:
        version (int):
        against (int):
        changes (list[RuleDifferenceOut]):
    """

    version: int
    against: int
    changes: list[RuleDifferenceOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        against = self.against

        changes = []
        for changes_item_data in self.changes:
            changes_item = changes_item_data.to_dict()
            changes.append(changes_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
                "against": against,
                "changes": changes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.rule_difference_out import RuleDifferenceOut  # noqa: PLC0415

        d = dict(src_dict)
        version = d.pop("version")

        against = d.pop("against")

        changes = []
        _changes = d.pop("changes")
        for changes_item_data in _changes:
            changes_item = RuleDifferenceOut.from_dict(changes_item_data)

            changes.append(changes_item)

        diff_out = cls(
            version=version,
            against=against,
            changes=changes,
        )

        diff_out.additional_properties = d
        return diff_out

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
