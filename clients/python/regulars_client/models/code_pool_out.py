from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.code_pool_out_kind import CodePoolOutKind, check_code_pool_out_kind
from ..models.code_pool_out_redeem_by import (
    CodePoolOutRedeemBy,
    check_code_pool_out_redeem_by,
)

T = TypeVar("T", bound="CodePoolOut")


@_attrs_define
class CodePoolOut:
    """A pool in force; `uploaded` counts its list, 0 where codes are generated.

    Attributes:
        pool_id (str):
        codes (int):
        kind (CodePoolOutKind):
        redeem_by (CodePoolOutRedeemBy):
        uploaded (int):
    """

    pool_id: str
    codes: int
    kind: CodePoolOutKind
    redeem_by: CodePoolOutRedeemBy
    uploaded: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        pool_id = self.pool_id

        codes = self.codes

        kind: str = self.kind

        redeem_by: str = self.redeem_by

        uploaded = self.uploaded

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "pool_id": pool_id,
                "codes": codes,
                "kind": kind,
                "redeem_by": redeem_by,
                "uploaded": uploaded,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        pool_id = d.pop("pool_id")

        codes = d.pop("codes")

        kind = check_code_pool_out_kind(d.pop("kind"))

        redeem_by = check_code_pool_out_redeem_by(d.pop("redeem_by"))

        uploaded = d.pop("uploaded")

        code_pool_out = cls(
            pool_id=pool_id,
            codes=codes,
            kind=kind,
            redeem_by=redeem_by,
            uploaded=uploaded,
        )

        code_pool_out.additional_properties = d
        return code_pool_out

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
