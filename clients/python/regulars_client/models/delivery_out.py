from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="DeliveryOut")


@_attrs_define
class DeliveryOut:
    """A delivery and its latest attempt; what the receiver wrote is not kept.

    Attributes:
        id (str):
        webhook_id (str):
        event_type (str):
        member_id (str):
        campaign_id (str):
        status (str):
        attempts (int):
        http_status (int):
        detail (str):
        created_at (str):
        attempted_at (None | str):
    """

    id: str
    webhook_id: str
    event_type: str
    member_id: str
    campaign_id: str
    status: str
    attempts: int
    http_status: int
    detail: str
    created_at: str
    attempted_at: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        webhook_id = self.webhook_id

        event_type = self.event_type

        member_id = self.member_id

        campaign_id = self.campaign_id

        status = self.status

        attempts = self.attempts

        http_status = self.http_status

        detail = self.detail

        created_at = self.created_at

        attempted_at: None | str
        attempted_at = self.attempted_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "webhook_id": webhook_id,
                "event_type": event_type,
                "member_id": member_id,
                "campaign_id": campaign_id,
                "status": status,
                "attempts": attempts,
                "http_status": http_status,
                "detail": detail,
                "created_at": created_at,
                "attempted_at": attempted_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        webhook_id = d.pop("webhook_id")

        event_type = d.pop("event_type")

        member_id = d.pop("member_id")

        campaign_id = d.pop("campaign_id")

        status = d.pop("status")

        attempts = d.pop("attempts")

        http_status = d.pop("http_status")

        detail = d.pop("detail")

        created_at = d.pop("created_at")

        def _parse_attempted_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        attempted_at = _parse_attempted_at(d.pop("attempted_at"))

        delivery_out = cls(
            id=id,
            webhook_id=webhook_id,
            event_type=event_type,
            member_id=member_id,
            campaign_id=campaign_id,
            status=status,
            attempts=attempts,
            http_status=http_status,
            detail=detail,
            created_at=created_at,
            attempted_at=attempted_at,
        )

        delivery_out.additional_properties = d
        return delivery_out

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
