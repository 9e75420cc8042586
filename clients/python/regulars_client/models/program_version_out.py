from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ProgramVersionOut")


@_attrs_define
class ProgramVersionOut:
    """A program version: from when, and what made it; no rule is a whole document.

    Attributes:
        version (int):
        effective_from (None | str):
        rule_id (None | str):
        author (str):
        recorded_at (None | str):
        why (str):
    """

    version: int
    effective_from: None | str
    rule_id: None | str
    author: str
    recorded_at: None | str
    why: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        effective_from: None | str
        effective_from = self.effective_from

        rule_id: None | str
        rule_id = self.rule_id

        author = self.author

        recorded_at: None | str
        recorded_at = self.recorded_at

        why = self.why

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
                "effective_from": effective_from,
                "rule_id": rule_id,
                "author": author,
                "recorded_at": recorded_at,
                "why": why,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version = d.pop("version")

        def _parse_effective_from(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        effective_from = _parse_effective_from(d.pop("effective_from"))

        def _parse_rule_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        rule_id = _parse_rule_id(d.pop("rule_id"))

        author = d.pop("author")

        def _parse_recorded_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        recorded_at = _parse_recorded_at(d.pop("recorded_at"))

        why = d.pop("why")

        program_version_out = cls(
            version=version,
            effective_from=effective_from,
            rule_id=rule_id,
            author=author,
            recorded_at=recorded_at,
            why=why,
        )

        program_version_out.additional_properties = d
        return program_version_out

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
