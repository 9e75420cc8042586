from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.consent_in_channel import ConsentInChannel, check_consent_in_channel
from ..models.consent_in_purpose import ConsentInPurpose, check_consent_in_purpose
from ..types import UNSET, Unset

T = TypeVar("T", bound="ConsentIn")


@_attrs_define
class ConsentIn:
    """A consent, or its withdrawal, to messages of a purpose on a channel.

    `source` says where the member said so, `text_version` to which words: proof.

        Attributes:
            channel (ConsentInChannel):
            given (bool):
            source (str):
            purpose (ConsentInPurpose | Unset):  Default: 'marketing'.
            text_version (None | str | Unset):
    """

    channel: ConsentInChannel
    given: bool
    source: str
    purpose: ConsentInPurpose | Unset = "marketing"
    text_version: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        channel: str = self.channel

        given = self.given

        source = self.source

        purpose: str | Unset = UNSET
        if not isinstance(self.purpose, Unset):
            purpose = self.purpose

        text_version: None | str | Unset
        if isinstance(self.text_version, Unset):
            text_version = UNSET
        else:
            text_version = self.text_version

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "channel": channel,
                "given": given,
                "source": source,
            }
        )
        if purpose is not UNSET:
            field_dict["purpose"] = purpose
        if text_version is not UNSET:
            field_dict["text_version"] = text_version

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        channel = check_consent_in_channel(d.pop("channel"))

        given = d.pop("given")

        source = d.pop("source")

        _purpose = d.pop("purpose", UNSET)
        purpose: ConsentInPurpose | Unset
        if isinstance(_purpose, Unset):
            purpose = UNSET
        else:
            purpose = check_consent_in_purpose(_purpose)

        def _parse_text_version(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        text_version = _parse_text_version(d.pop("text_version", UNSET))

        consent_in = cls(
            channel=channel,
            given=given,
            source=source,
            purpose=purpose,
            text_version=text_version,
        )

        return consent_in
