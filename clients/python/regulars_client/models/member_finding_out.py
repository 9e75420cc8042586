from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MemberFindingOut")


@_attrs_define
class MemberFindingOut:
    """One member on both sides, points of the first wallet, of the range.

    Attributes:
        member_id (str):
        granted_current (int):
        granted_candidate (int):
        used_current (int):
        used_candidate (int):
        expired_current (int):
        expired_candidate (int):
        balance_current (int):
        balance_candidate (int):
        tier_current (str):
        tier_candidate (str):
        difference (int):
    """

    member_id: str
    granted_current: int
    granted_candidate: int
    used_current: int
    used_candidate: int
    expired_current: int
    expired_candidate: int
    balance_current: int
    balance_candidate: int
    tier_current: str
    tier_candidate: str
    difference: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        member_id = self.member_id

        granted_current = self.granted_current

        granted_candidate = self.granted_candidate

        used_current = self.used_current

        used_candidate = self.used_candidate

        expired_current = self.expired_current

        expired_candidate = self.expired_candidate

        balance_current = self.balance_current

        balance_candidate = self.balance_candidate

        tier_current = self.tier_current

        tier_candidate = self.tier_candidate

        difference = self.difference

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "member_id": member_id,
                "granted_current": granted_current,
                "granted_candidate": granted_candidate,
                "used_current": used_current,
                "used_candidate": used_candidate,
                "expired_current": expired_current,
                "expired_candidate": expired_candidate,
                "balance_current": balance_current,
                "balance_candidate": balance_candidate,
                "tier_current": tier_current,
                "tier_candidate": tier_candidate,
                "difference": difference,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        member_id = d.pop("member_id")

        granted_current = d.pop("granted_current")

        granted_candidate = d.pop("granted_candidate")

        used_current = d.pop("used_current")

        used_candidate = d.pop("used_candidate")

        expired_current = d.pop("expired_current")

        expired_candidate = d.pop("expired_candidate")

        balance_current = d.pop("balance_current")

        balance_candidate = d.pop("balance_candidate")

        tier_current = d.pop("tier_current")

        tier_candidate = d.pop("tier_candidate")

        difference = d.pop("difference")

        member_finding_out = cls(
            member_id=member_id,
            granted_current=granted_current,
            granted_candidate=granted_candidate,
            used_current=used_current,
            used_candidate=used_candidate,
            expired_current=expired_current,
            expired_candidate=expired_candidate,
            balance_current=balance_current,
            balance_candidate=balance_candidate,
            tier_current=tier_current,
            tier_candidate=tier_candidate,
            difference=difference,
        )

        member_finding_out.additional_properties = d
        return member_finding_out

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
