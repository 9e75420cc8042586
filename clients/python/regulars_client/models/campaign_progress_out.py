from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CampaignProgressOut")


@_attrs_define
class CampaignProgressOut:
    """How far a campaign is; all 0 before its audience was frozen.

    `refused` are ids of a list that are no members. Whom the engine then tells
    nothing, and why, stands with its trigger.

        Attributes:
            audience (int):
            sent (int):
            left (int):
            refused (int):
            seconds_left (int):
    """

    audience: int
    sent: int
    left: int
    refused: int
    seconds_left: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        audience = self.audience

        sent = self.sent

        left = self.left

        refused = self.refused

        seconds_left = self.seconds_left

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "audience": audience,
                "sent": sent,
                "left": left,
                "refused": refused,
                "seconds_left": seconds_left,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        audience = d.pop("audience")

        sent = d.pop("sent")

        left = d.pop("left")

        refused = d.pop("refused")

        seconds_left = d.pop("seconds_left")

        campaign_progress_out = cls(
            audience=audience,
            sent=sent,
            left=left,
            refused=refused,
            seconds_left=seconds_left,
        )

        campaign_progress_out.additional_properties = d
        return campaign_progress_out

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
