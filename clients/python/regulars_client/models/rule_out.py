from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RuleOut")


@_attrs_define
class RuleOut:
    """What a rule gives, and what it would give without caps.

    Attributes:
        rule_id (str):
        wallet (str):
        points (int):
        pending (int):
        of_budget (int):
        before_caps (int):
        limited_by (list[str]):
    """

    rule_id: str
    wallet: str
    points: int
    pending: int
    of_budget: int
    before_caps: int
    limited_by: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        rule_id = self.rule_id

        wallet = self.wallet

        points = self.points

        pending = self.pending

        of_budget = self.of_budget

        before_caps = self.before_caps

        limited_by = self.limited_by

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "rule_id": rule_id,
                "wallet": wallet,
                "points": points,
                "pending": pending,
                "of_budget": of_budget,
                "before_caps": before_caps,
                "limited_by": limited_by,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        rule_id = d.pop("rule_id")

        wallet = d.pop("wallet")

        points = d.pop("points")

        pending = d.pop("pending")

        of_budget = d.pop("of_budget")

        before_caps = d.pop("before_caps")

        limited_by = cast(list[str], d.pop("limited_by"))

        rule_out = cls(
            rule_id=rule_id,
            wallet=wallet,
            points=points,
            pending=pending,
            of_budget=of_budget,
            before_caps=before_caps,
            limited_by=limited_by,
        )

        rule_out.additional_properties = d
        return rule_out

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
