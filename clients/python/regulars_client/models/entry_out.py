from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="EntryOut")


@_attrs_define
class EntryOut:
    """One movement of points; `reference` names the command or rule behind it.

    Attributes:
        entry_id (str):
        kind (str):
        wallet (str):
        points (int):
        balance_after (int):
        occurred_at (str):
        order_id (None | str):
        line_id (None | str):
        lot_id (str):
        rule_id (None | str):
        rule_version (int | None):
        reference (None | str):
    """

    entry_id: str
    kind: str
    wallet: str
    points: int
    balance_after: int
    occurred_at: str
    order_id: None | str
    line_id: None | str
    lot_id: str
    rule_id: None | str
    rule_version: int | None
    reference: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        entry_id = self.entry_id

        kind = self.kind

        wallet = self.wallet

        points = self.points

        balance_after = self.balance_after

        occurred_at = self.occurred_at

        order_id: None | str
        order_id = self.order_id

        line_id: None | str
        line_id = self.line_id

        lot_id = self.lot_id

        rule_id: None | str
        rule_id = self.rule_id

        rule_version: int | None
        rule_version = self.rule_version

        reference: None | str
        reference = self.reference

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "entry_id": entry_id,
                "kind": kind,
                "wallet": wallet,
                "points": points,
                "balance_after": balance_after,
                "occurred_at": occurred_at,
                "order_id": order_id,
                "line_id": line_id,
                "lot_id": lot_id,
                "rule_id": rule_id,
                "rule_version": rule_version,
                "reference": reference,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        entry_id = d.pop("entry_id")

        kind = d.pop("kind")

        wallet = d.pop("wallet")

        points = d.pop("points")

        balance_after = d.pop("balance_after")

        occurred_at = d.pop("occurred_at")

        def _parse_order_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        order_id = _parse_order_id(d.pop("order_id"))

        def _parse_line_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        line_id = _parse_line_id(d.pop("line_id"))

        lot_id = d.pop("lot_id")

        def _parse_rule_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        rule_id = _parse_rule_id(d.pop("rule_id"))

        def _parse_rule_version(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        rule_version = _parse_rule_version(d.pop("rule_version"))

        def _parse_reference(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reference = _parse_reference(d.pop("reference"))

        entry_out = cls(
            entry_id=entry_id,
            kind=kind,
            wallet=wallet,
            points=points,
            balance_after=balance_after,
            occurred_at=occurred_at,
            order_id=order_id,
            line_id=line_id,
            lot_id=lot_id,
            rule_id=rule_id,
            rule_version=rule_version,
            reference=reference,
        )

        entry_out.additional_properties = d
        return entry_out

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
