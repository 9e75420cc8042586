from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.arm_result_out import ArmResultOut


T = TypeVar("T", bound="ResultsOut")


@_attrs_define
class ResultsOut:
    """Results of an experiment, the control first.

    `standing` is empty, or why its verdicts are not to be trusted.

        Attributes:
            experiment_id (str):
            days (int):
            confidence (float):
            standing (str):
            mismatch_probability (float):
            arms (list[ArmResultOut]):
    """

    experiment_id: str
    days: int
    confidence: float
    standing: str
    mismatch_probability: float
    arms: list[ArmResultOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        experiment_id = self.experiment_id

        days = self.days

        confidence = self.confidence

        standing = self.standing

        mismatch_probability = self.mismatch_probability

        arms = []
        for arms_item_data in self.arms:
            arms_item = arms_item_data.to_dict()
            arms.append(arms_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "experiment_id": experiment_id,
                "days": days,
                "confidence": confidence,
                "standing": standing,
                "mismatch_probability": mismatch_probability,
                "arms": arms,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.arm_result_out import ArmResultOut  # noqa: PLC0415

        d = dict(src_dict)
        experiment_id = d.pop("experiment_id")

        days = d.pop("days")

        confidence = d.pop("confidence")

        standing = d.pop("standing")

        mismatch_probability = d.pop("mismatch_probability")

        arms = []
        _arms = d.pop("arms")
        for arms_item_data in _arms:
            arms_item = ArmResultOut.from_dict(arms_item_data)

            arms.append(arms_item)

        results_out = cls(
            experiment_id=experiment_id,
            days=days,
            confidence=confidence,
            standing=standing,
            mismatch_probability=mismatch_probability,
            arms=arms,
        )

        results_out.additional_properties = d
        return results_out

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
