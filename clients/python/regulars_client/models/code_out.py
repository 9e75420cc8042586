from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CodeOut")


@_attrs_define
class CodeOut:
    """What a member shows at a till: digits to type, or a text for a QR code.

    Attributes:
        code (str):
        qr (str):
        renew_at (str):
        expires_at (str):
    """

    code: str
    qr: str
    renew_at: str
    expires_at: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        qr = self.qr

        renew_at = self.renew_at

        expires_at = self.expires_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "qr": qr,
                "renew_at": renew_at,
                "expires_at": expires_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        qr = d.pop("qr")

        renew_at = d.pop("renew_at")

        expires_at = d.pop("expires_at")

        code_out = cls(
            code=code,
            qr=qr,
            renew_at=renew_at,
            expires_at=expires_at,
        )

        code_out.additional_properties = d
        return code_out

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
