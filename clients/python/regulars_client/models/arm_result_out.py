from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.effect_out import EffectOut


T = TypeVar("T", bound="ArmResultOut")


@_attrs_define
class ArmResultOut:
    """An arm: means for each member exposed, and how they differ from the control.

    Attributes:
        arm_id (str):
        percent (int):
        members (int):
        orders_each (float):
        value_minor_each (float):
        points_each (float):
        verdict (str):
        orders (EffectOut | None):
        value_minor (EffectOut | None):
        points (EffectOut | None):
    """

    arm_id: str
    percent: int
    members: int
    orders_each: float
    value_minor_each: float
    points_each: float
    verdict: str
    orders: EffectOut | None
    value_minor: EffectOut | None
    points: EffectOut | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.effect_out import EffectOut  # noqa: PLC0415

        arm_id = self.arm_id

        percent = self.percent

        members = self.members

        orders_each = self.orders_each

        value_minor_each = self.value_minor_each

        points_each = self.points_each

        verdict = self.verdict

        orders: dict[str, Any] | None
        if isinstance(self.orders, EffectOut):
            orders = self.orders.to_dict()
        else:
            orders = self.orders

        value_minor: dict[str, Any] | None
        if isinstance(self.value_minor, EffectOut):
            value_minor = self.value_minor.to_dict()
        else:
            value_minor = self.value_minor

        points: dict[str, Any] | None
        if isinstance(self.points, EffectOut):
            points = self.points.to_dict()
        else:
            points = self.points

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "arm_id": arm_id,
                "percent": percent,
                "members": members,
                "orders_each": orders_each,
                "value_minor_each": value_minor_each,
                "points_each": points_each,
                "verdict": verdict,
                "orders": orders,
                "value_minor": value_minor,
                "points": points,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.effect_out import EffectOut  # noqa: PLC0415

        d = dict(src_dict)
        arm_id = d.pop("arm_id")

        percent = d.pop("percent")

        members = d.pop("members")

        orders_each = d.pop("orders_each")

        value_minor_each = d.pop("value_minor_each")

        points_each = d.pop("points_each")

        verdict = d.pop("verdict")

        def _parse_orders(data: object) -> EffectOut | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                orders_type_0 = EffectOut.from_dict(data)

                return orders_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EffectOut | None, data)

        orders = _parse_orders(d.pop("orders"))

        def _parse_value_minor(data: object) -> EffectOut | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                value_minor_type_0 = EffectOut.from_dict(data)

                return value_minor_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EffectOut | None, data)

        value_minor = _parse_value_minor(d.pop("value_minor"))

        def _parse_points(data: object) -> EffectOut | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                points_type_0 = EffectOut.from_dict(data)

                return points_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EffectOut | None, data)

        points = _parse_points(d.pop("points"))

        arm_result_out = cls(
            arm_id=arm_id,
            percent=percent,
            members=members,
            orders_each=orders_each,
            value_minor_each=value_minor_each,
            points_each=points_each,
            verdict=verdict,
            orders=orders,
            value_minor=value_minor,
            points=points,
        )

        arm_result_out.additional_properties = d
        return arm_result_out

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
