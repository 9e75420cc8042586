from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.webhook_change_in_event_types_type_0_item import (
    WebhookChangeInEventTypesType0Item,
    check_webhook_change_in_event_types_type_0_item,
)
from ..models.webhook_change_in_status_type_0 import (
    WebhookChangeInStatusType0,
    check_webhook_change_in_status_type_0,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="WebhookChangeIn")


@_attrs_define
class WebhookChangeIn:
    """What is to be different; `active` lets a disabled endpoint be sent to again.

    Attributes:
        url (None | str | Unset):
        event_types (list[WebhookChangeInEventTypesType0Item] | None | Unset):
        description (None | str | Unset):
        status (None | Unset | WebhookChangeInStatusType0):
    """

    url: None | str | Unset = UNSET
    event_types: list[WebhookChangeInEventTypesType0Item] | None | Unset = UNSET
    description: None | str | Unset = UNSET
    status: None | Unset | WebhookChangeInStatusType0 = UNSET

    def to_dict(self) -> dict[str, Any]:
        url: None | str | Unset
        if isinstance(self.url, Unset):
            url = UNSET
        else:
            url = self.url

        event_types: list[str] | None | Unset
        if isinstance(self.event_types, Unset):
            event_types = UNSET
        elif isinstance(self.event_types, list):
            event_types = []
            for event_types_type_0_item_data in self.event_types:
                event_types_type_0_item: str = event_types_type_0_item_data
                event_types.append(event_types_type_0_item)

        else:
            event_types = self.event_types

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        status: None | str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if url is not UNSET:
            field_dict["url"] = url
        if event_types is not UNSET:
            field_dict["event_types"] = event_types
        if description is not UNSET:
            field_dict["description"] = description
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        url = _parse_url(d.pop("url", UNSET))

        def _parse_event_types(
            data: object,
        ) -> list[WebhookChangeInEventTypesType0Item] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                event_types_type_0 = []
                _event_types_type_0 = data
                for event_types_type_0_item_data in _event_types_type_0:
                    event_types_type_0_item = (
                        check_webhook_change_in_event_types_type_0_item(
                            event_types_type_0_item_data
                        )
                    )

                    event_types_type_0.append(event_types_type_0_item)

                return event_types_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[WebhookChangeInEventTypesType0Item] | None | Unset, data)

        event_types = _parse_event_types(d.pop("event_types", UNSET))

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        def _parse_status(data: object) -> None | Unset | WebhookChangeInStatusType0:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_webhook_change_in_status_type_0(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | WebhookChangeInStatusType0, data)

        status = _parse_status(d.pop("status", UNSET))

        webhook_change_in = cls(
            url=url,
            event_types=event_types,
            description=description,
            status=status,
        )

        return webhook_change_in
