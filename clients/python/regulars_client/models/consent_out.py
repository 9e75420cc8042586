from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ConsentOut")


@_attrs_define
class ConsentOut:
    """What the member said last about messages of a purpose on a channel.

    Attributes:
        channel (str):
        purpose (str):
        given (bool):
        at (str):
        source (str):
        text_version (None | str):
    """

    channel: str
    purpose: str
    given: bool
    at: str
    source: str
    text_version: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        channel = self.channel

        purpose = self.purpose

        given = self.given

        at = self.at

        source = self.source

        text_version: None | str
        text_version = self.text_version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "channel": channel,
                "purpose": purpose,
                "given": given,
                "at": at,
                "source": source,
                "text_version": text_version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        channel = d.pop("channel")

        purpose = d.pop("purpose")

        given = d.pop("given")

        at = d.pop("at")

        source = d.pop("source")

        def _parse_text_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        text_version = _parse_text_version(d.pop("text_version"))

        consent_out = cls(
            channel=channel,
            purpose=purpose,
            given=given,
            at=at,
            source=source,
            text_version=text_version,
        )

        consent_out.additional_properties = d
        return consent_out

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
