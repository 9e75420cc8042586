from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ChallengeOut")


@_attrs_define
class ChallengeOut:
    """How far towards a goal.

    Attributes:
        challenge_id (str):
        goal (str):
        progress (int):
        target (int):
        completed (int):
        joined (bool):
    """

    challenge_id: str
    goal: str
    progress: int
    target: int
    completed: int
    joined: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        challenge_id = self.challenge_id

        goal = self.goal

        progress = self.progress

        target = self.target

        completed = self.completed

        joined = self.joined

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "challenge_id": challenge_id,
                "goal": goal,
                "progress": progress,
                "target": target,
                "completed": completed,
                "joined": joined,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        challenge_id = d.pop("challenge_id")

        goal = d.pop("goal")

        progress = d.pop("progress")

        target = d.pop("target")

        completed = d.pop("completed")

        joined = d.pop("joined")

        challenge_out = cls(
            challenge_id=challenge_id,
            goal=goal,
            progress=progress,
            target=target,
            completed=completed,
            joined=joined,
        )

        challenge_out.additional_properties = d
        return challenge_out

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
