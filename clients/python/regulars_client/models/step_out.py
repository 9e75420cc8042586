from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="StepOut")


@_attrs_define
class StepOut:
    """One step of a rule's life: who, when, why, and what it was before and after.

    Attributes:
        revision (int):
        kind (str):
        version (int):
        author (str):
        at (str):
        why (str):
        before (str):
        after (str):
        effective_from (None | str):
    """

    revision: int
    kind: str
    version: int
    author: str
    at: str
    why: str
    before: str
    after: str
    effective_from: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        revision = self.revision

        kind = self.kind

        version = self.version

        author = self.author

        at = self.at

        why = self.why

        before = self.before

        after = self.after

        effective_from: None | str
        effective_from = self.effective_from

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "revision": revision,
                "kind": kind,
                "version": version,
                "author": author,
                "at": at,
                "why": why,
                "before": before,
                "after": after,
                "effective_from": effective_from,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        revision = d.pop("revision")

        kind = d.pop("kind")

        version = d.pop("version")

        author = d.pop("author")

        at = d.pop("at")

        why = d.pop("why")

        before = d.pop("before")

        after = d.pop("after")

        def _parse_effective_from(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        effective_from = _parse_effective_from(d.pop("effective_from"))

        step_out = cls(
            revision=revision,
            kind=kind,
            version=version,
            author=author,
            at=at,
            why=why,
            before=before,
            after=after,
            effective_from=effective_from,
        )

        step_out.additional_properties = d
        return step_out

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
