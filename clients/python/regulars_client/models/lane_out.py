from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LaneOut")


@_attrs_define
class LaneOut:
    """What waits for a target, of a campaign on a channel.

    Attributes:
        target (str):
        channel (str):
        campaign_id (str):
        waiting (int):
        due_at (str):
        is_stopped (bool):
    """

    target: str
    channel: str
    campaign_id: str
    waiting: int
    due_at: str
    is_stopped: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        target = self.target

        channel = self.channel

        campaign_id = self.campaign_id

        waiting = self.waiting

        due_at = self.due_at

        is_stopped = self.is_stopped

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "target": target,
                "channel": channel,
                "campaign_id": campaign_id,
                "waiting": waiting,
                "due_at": due_at,
                "is_stopped": is_stopped,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        target = d.pop("target")

        channel = d.pop("channel")

        campaign_id = d.pop("campaign_id")

        waiting = d.pop("waiting")

        due_at = d.pop("due_at")

        is_stopped = d.pop("is_stopped")

        lane_out = cls(
            target=target,
            channel=channel,
            campaign_id=campaign_id,
            waiting=waiting,
            due_at=due_at,
            is_stopped=is_stopped,
        )

        lane_out.additional_properties = d
        return lane_out

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
