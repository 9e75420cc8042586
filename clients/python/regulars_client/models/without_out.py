from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.distance_out import DistanceOut


T = TypeVar("T", bound="WithoutOut")


@_attrs_define
class WithoutOut:
    """A rule that gives nothing, why, and how far it is from giving.

    Attributes:
        rule_id (str):
        reason (str):
        why_not (str):
        distance (DistanceOut | None):
    """

    rule_id: str
    reason: str
    why_not: str
    distance: DistanceOut | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.distance_out import DistanceOut  # noqa: PLC0415

        rule_id = self.rule_id

        reason = self.reason

        why_not = self.why_not

        distance: dict[str, Any] | None
        if isinstance(self.distance, DistanceOut):
            distance = self.distance.to_dict()
        else:
            distance = self.distance

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "rule_id": rule_id,
                "reason": reason,
                "why_not": why_not,
                "distance": distance,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.distance_out import DistanceOut  # noqa: PLC0415

        d = dict(src_dict)
        rule_id = d.pop("rule_id")

        reason = d.pop("reason")

        why_not = d.pop("why_not")

        def _parse_distance(data: object) -> DistanceOut | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                distance_type_0 = DistanceOut.from_dict(data)

                return distance_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DistanceOut | None, data)

        distance = _parse_distance(d.pop("distance"))

        without_out = cls(
            rule_id=rule_id,
            reason=reason,
            why_not=why_not,
            distance=distance,
        )

        without_out.additional_properties = d
        return without_out

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
