from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.version_out_rule import VersionOutRule


T = TypeVar("T", bound="VersionOut")


@_attrs_define
class VersionOut:
    """One version of a rule; its document never changes.

    Attributes:
        version (int):
        status (str):
        author (str):
        approved_by (None | str):
        made_at (str):
        rule (VersionOutRule):
        text (str):
    """

    version: int
    status: str
    author: str
    approved_by: None | str
    made_at: str
    rule: VersionOutRule
    text: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        status = self.status

        author = self.author

        approved_by: None | str
        approved_by = self.approved_by

        made_at = self.made_at

        rule = self.rule.to_dict()

        text = self.text

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
                "status": status,
                "author": author,
                "approved_by": approved_by,
                "made_at": made_at,
                "rule": rule,
                "text": text,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.version_out_rule import VersionOutRule  # noqa: PLC0415

        d = dict(src_dict)
        version = d.pop("version")

        status = d.pop("status")

        author = d.pop("author")

        def _parse_approved_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        approved_by = _parse_approved_by(d.pop("approved_by"))

        made_at = d.pop("made_at")

        rule = VersionOutRule.from_dict(d.pop("rule"))

        text = d.pop("text")

        version_out = cls(
            version=version,
            status=status,
            author=author,
            approved_by=approved_by,
            made_at=made_at,
            rule=rule,
            text=text,
        )

        version_out.additional_properties = d
        return version_out

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
