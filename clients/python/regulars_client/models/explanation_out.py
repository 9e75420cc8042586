from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ExplanationOut")


@_attrs_define
class ExplanationOut:
    """One decision, and why; `event_id` is what it was about.

    Attributes:
        version (int):
        event_id (str):
        event_kind (str):
        order_id (None | str):
        occurred_at (str):
        recorded_at (str):
        why (str):
        tier_before (None | str):
        tier_after (None | str):
    """

    version: int
    event_id: str
    event_kind: str
    order_id: None | str
    occurred_at: str
    recorded_at: str
    why: str
    tier_before: None | str
    tier_after: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        event_id = self.event_id

        event_kind = self.event_kind

        order_id: None | str
        order_id = self.order_id

        occurred_at = self.occurred_at

        recorded_at = self.recorded_at

        why = self.why

        tier_before: None | str
        tier_before = self.tier_before

        tier_after: None | str
        tier_after = self.tier_after

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
                "event_id": event_id,
                "event_kind": event_kind,
                "order_id": order_id,
                "occurred_at": occurred_at,
                "recorded_at": recorded_at,
                "why": why,
                "tier_before": tier_before,
                "tier_after": tier_after,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version = d.pop("version")

        event_id = d.pop("event_id")

        event_kind = d.pop("event_kind")

        def _parse_order_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        order_id = _parse_order_id(d.pop("order_id"))

        occurred_at = d.pop("occurred_at")

        recorded_at = d.pop("recorded_at")

        why = d.pop("why")

        def _parse_tier_before(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        tier_before = _parse_tier_before(d.pop("tier_before"))

        def _parse_tier_after(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        tier_after = _parse_tier_after(d.pop("tier_after"))

        explanation_out = cls(
            version=version,
            event_id=event_id,
            event_kind=event_kind,
            order_id=order_id,
            occurred_at=occurred_at,
            recorded_at=recorded_at,
            why=why,
            tier_before=tier_before,
            tier_after=tier_after,
        )

        explanation_out.additional_properties = d
        return explanation_out

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
