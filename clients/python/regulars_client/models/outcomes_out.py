from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.outcomes_out_outcomes import OutcomesOutOutcomes


T = TypeVar("T", bound="OutcomesOut")


@_attrs_define
class OutcomesOut:
    """What was done with each letter.

    Attributes:
        outcomes (OutcomesOutOutcomes):
    """

    outcomes: OutcomesOutOutcomes
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        outcomes = self.outcomes.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "outcomes": outcomes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.outcomes_out_outcomes import OutcomesOutOutcomes  # noqa: PLC0415

        d = dict(src_dict)
        outcomes = OutcomesOutOutcomes.from_dict(d.pop("outcomes"))

        outcomes_out = cls(
            outcomes=outcomes,
        )

        outcomes_out.additional_properties = d
        return outcomes_out

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
