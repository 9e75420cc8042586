from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.difference_out import DifferenceOut
    from ..models.estimate_out import EstimateOut


T = TypeVar("T", bound="SimulationOut")


@_attrs_define
class SimulationOut:
    """One order by the program that runs, and by the candidate.

    Attributes:
        current (EstimateOut): What an order would do if it came now; `version` is the member's.
        candidate (EstimateOut): What an order would do if it came now; `version` is the member's.
        differences (list[DifferenceOut]):
    """

    current: EstimateOut
    candidate: EstimateOut
    differences: list[DifferenceOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        current = self.current.to_dict()

        candidate = self.candidate.to_dict()

        differences = []
        for differences_item_data in self.differences:
            differences_item = differences_item_data.to_dict()
            differences.append(differences_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "current": current,
                "candidate": candidate,
                "differences": differences,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.difference_out import DifferenceOut  # noqa: PLC0415
        from ..models.estimate_out import EstimateOut  # noqa: PLC0415

        d = dict(src_dict)
        current = EstimateOut.from_dict(d.pop("current"))

        candidate = EstimateOut.from_dict(d.pop("candidate"))

        differences = []
        _differences = d.pop("differences")
        for differences_item_data in _differences:
            differences_item = DifferenceOut.from_dict(differences_item_data)

            differences.append(differences_item)

        simulation_out = cls(
            current=current,
            candidate=candidate,
            differences=differences,
        )

        simulation_out.additional_properties = d
        return simulation_out

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
