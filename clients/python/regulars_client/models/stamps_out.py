from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="StampsOut")


@_attrs_define
class StampsOut:
    """A stamp card: `target` units of the wallet become `gives` of another.

    Attributes:
        rule_id (str):
        wallet (str):
        stamps (int):
        target (int):
        gives (int):
        gives_wallet (str):
    """

    rule_id: str
    wallet: str
    stamps: int
    target: int
    gives: int
    gives_wallet: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        rule_id = self.rule_id

        wallet = self.wallet

        stamps = self.stamps

        target = self.target

        gives = self.gives

        gives_wallet = self.gives_wallet

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "rule_id": rule_id,
                "wallet": wallet,
                "stamps": stamps,
                "target": target,
                "gives": gives,
                "gives_wallet": gives_wallet,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        rule_id = d.pop("rule_id")

        wallet = d.pop("wallet")

        stamps = d.pop("stamps")

        target = d.pop("target")

        gives = d.pop("gives")

        gives_wallet = d.pop("gives_wallet")

        stamps_out = cls(
            rule_id=rule_id,
            wallet=wallet,
            stamps=stamps,
            target=target,
            gives=gives,
            gives_wallet=gives_wallet,
        )

        stamps_out.additional_properties = d
        return stamps_out

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
