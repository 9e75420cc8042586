from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ImportOut")


@_attrs_define
class ImportOut:
    """How far an import is: `running`, `finished`, or `interrupted` (send it again).

    `faults` is where the first `faults_kept` of the refused rows are told of.

        Attributes:
            import_id (str):
            kind (str):
            status (str):
            created_at (str):
            updated_at (str):
            bytes_total (int):
            bytes_done (int):
            rows_taken (int):
            rows_refused (int):
            faults_kept (int):
            faults (str):
            detail (None | str):
    """

    import_id: str
    kind: str
    status: str
    created_at: str
    updated_at: str
    bytes_total: int
    bytes_done: int
    rows_taken: int
    rows_refused: int
    faults_kept: int
    faults: str
    detail: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        import_id = self.import_id

        kind = self.kind

        status = self.status

        created_at = self.created_at

        updated_at = self.updated_at

        bytes_total = self.bytes_total

        bytes_done = self.bytes_done

        rows_taken = self.rows_taken

        rows_refused = self.rows_refused

        faults_kept = self.faults_kept

        faults = self.faults

        detail: None | str
        detail = self.detail

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "import_id": import_id,
                "kind": kind,
                "status": status,
                "created_at": created_at,
                "updated_at": updated_at,
                "bytes_total": bytes_total,
                "bytes_done": bytes_done,
                "rows_taken": rows_taken,
                "rows_refused": rows_refused,
                "faults_kept": faults_kept,
                "faults": faults,
                "detail": detail,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        import_id = d.pop("import_id")

        kind = d.pop("kind")

        status = d.pop("status")

        created_at = d.pop("created_at")

        updated_at = d.pop("updated_at")

        bytes_total = d.pop("bytes_total")

        bytes_done = d.pop("bytes_done")

        rows_taken = d.pop("rows_taken")

        rows_refused = d.pop("rows_refused")

        faults_kept = d.pop("faults_kept")

        faults = d.pop("faults")

        def _parse_detail(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        detail = _parse_detail(d.pop("detail"))

        import_out = cls(
            import_id=import_id,
            kind=kind,
            status=status,
            created_at=created_at,
            updated_at=updated_at,
            bytes_total=bytes_total,
            bytes_done=bytes_done,
            rows_taken=rows_taken,
            rows_refused=rows_refused,
            faults_kept=faults_kept,
            faults=faults,
            detail=detail,
        )

        import_out.additional_properties = d
        return import_out

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
