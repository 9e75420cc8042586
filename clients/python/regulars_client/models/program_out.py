from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.program_out_document import ProgramOutDocument
    from ..models.program_version_out import ProgramVersionOut


T = TypeVar("T", bound="ProgramOut")


@_attrs_define
class ProgramOut:
    """The program in force, and every version, newest first.

    Attributes:
        program (str):
        version (int):
        effective_from (None | str):
        document (ProgramOutDocument):
        versions (list[ProgramVersionOut]):
    """

    program: str
    version: int
    effective_from: None | str
    document: ProgramOutDocument
    versions: list[ProgramVersionOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        program = self.program

        version = self.version

        effective_from: None | str
        effective_from = self.effective_from

        document = self.document.to_dict()

        versions = []
        for versions_item_data in self.versions:
            versions_item = versions_item_data.to_dict()
            versions.append(versions_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "program": program,
                "version": version,
                "effective_from": effective_from,
                "document": document,
                "versions": versions,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.program_out_document import ProgramOutDocument  # noqa: PLC0415
        from ..models.program_version_out import ProgramVersionOut  # noqa: PLC0415

        d = dict(src_dict)
        program = d.pop("program")

        version = d.pop("version")

        def _parse_effective_from(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        effective_from = _parse_effective_from(d.pop("effective_from"))

        document = ProgramOutDocument.from_dict(d.pop("document"))

        versions = []
        _versions = d.pop("versions")
        for versions_item_data in _versions:
            versions_item = ProgramVersionOut.from_dict(versions_item_data)

            versions.append(versions_item)

        program_out = cls(
            program=program,
            version=version,
            effective_from=effective_from,
            document=document,
            versions=versions,
        )

        program_out.additional_properties = d
        return program_out

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
