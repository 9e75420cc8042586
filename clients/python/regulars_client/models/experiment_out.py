from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.arm_out import ArmOut


T = TypeVar("T", bound="ExperimentOut")


@_attrs_define
class ExperimentOut:
    """An experiment of the program, or one that members once met.

    Attributes:
        experiment_id (str):
        arms (list[ArmOut]):
        is_in_program (bool):
    """

    experiment_id: str
    arms: list[ArmOut]
    is_in_program: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        experiment_id = self.experiment_id

        arms = []
        for arms_item_data in self.arms:
            arms_item = arms_item_data.to_dict()
            arms.append(arms_item)

        is_in_program = self.is_in_program

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "experiment_id": experiment_id,
                "arms": arms,
                "is_in_program": is_in_program,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.arm_out import ArmOut  # noqa: PLC0415

        d = dict(src_dict)
        experiment_id = d.pop("experiment_id")

        arms = []
        _arms = d.pop("arms")
        for arms_item_data in _arms:
            arms_item = ArmOut.from_dict(arms_item_data)

            arms.append(arms_item)

        is_in_program = d.pop("is_in_program")

        experiment_out = cls(
            experiment_id=experiment_id,
            arms=arms,
            is_in_program=is_in_program,
        )

        experiment_out.additional_properties = d
        return experiment_out

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
