from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="InboxMessageOut")


@_attrs_define
class InboxMessageOut:
    """A message in the app.

    Attributes:
        id (str):
        campaign_id (str):
        title (str):
        body (str):
        created_at (str):
        expires_at (None | str):
        read_at (None | str):
        dismissed_at (None | str):
    """

    id: str
    campaign_id: str
    title: str
    body: str
    created_at: str
    expires_at: None | str
    read_at: None | str
    dismissed_at: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        campaign_id = self.campaign_id

        title = self.title

        body = self.body

        created_at = self.created_at

        expires_at: None | str
        expires_at = self.expires_at

        read_at: None | str
        read_at = self.read_at

        dismissed_at: None | str
        dismissed_at = self.dismissed_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "campaign_id": campaign_id,
                "title": title,
                "body": body,
                "created_at": created_at,
                "expires_at": expires_at,
                "read_at": read_at,
                "dismissed_at": dismissed_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        campaign_id = d.pop("campaign_id")

        title = d.pop("title")

        body = d.pop("body")

        created_at = d.pop("created_at")

        def _parse_expires_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        expires_at = _parse_expires_at(d.pop("expires_at"))

        def _parse_read_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        read_at = _parse_read_at(d.pop("read_at"))

        def _parse_dismissed_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        dismissed_at = _parse_dismissed_at(d.pop("dismissed_at"))

        inbox_message_out = cls(
            id=id,
            campaign_id=campaign_id,
            title=title,
            body=body,
            created_at=created_at,
            expires_at=expires_at,
            read_at=read_at,
            dismissed_at=dismissed_at,
        )

        inbox_message_out.additional_properties = d
        return inbox_message_out

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
