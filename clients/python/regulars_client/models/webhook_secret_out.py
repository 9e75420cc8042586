from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="WebhookSecretOut")


@_attrs_define
class WebhookSecretOut:
    """An endpoint and its new secret, which is not shown again.

    Attributes:
        id (str):
        url (str):
        event_types (list[str]):
        description (str):
        status (str):
        disabled_why (str):
        secrets (int):
        created_at (str):
        created_by (str):
        revision (int):
        secret (str):
    """

    id: str
    url: str
    event_types: list[str]
    description: str
    status: str
    disabled_why: str
    secrets: int
    created_at: str
    created_by: str
    revision: int
    secret: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        url = self.url

        event_types = self.event_types

        description = self.description

        status = self.status

        disabled_why = self.disabled_why

        secrets = self.secrets

        created_at = self.created_at

        created_by = self.created_by

        revision = self.revision

        secret = self.secret

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "url": url,
                "event_types": event_types,
                "description": description,
                "status": status,
                "disabled_why": disabled_why,
                "secrets": secrets,
                "created_at": created_at,
                "created_by": created_by,
                "revision": revision,
                "secret": secret,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        url = d.pop("url")

        event_types = cast(list[str], d.pop("event_types"))

        description = d.pop("description")

        status = d.pop("status")

        disabled_why = d.pop("disabled_why")

        secrets = d.pop("secrets")

        created_at = d.pop("created_at")

        created_by = d.pop("created_by")

        revision = d.pop("revision")

        secret = d.pop("secret")

        webhook_secret_out = cls(
            id=id,
            url=url,
            event_types=event_types,
            description=description,
            status=status,
            disabled_why=disabled_why,
            secrets=secrets,
            created_at=created_at,
            created_by=created_by,
            revision=revision,
            secret=secret,
        )

        webhook_secret_out.additional_properties = d
        return webhook_secret_out

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
