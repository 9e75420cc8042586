from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.interval_out import IntervalOut


T = TypeVar("T", bound="EffectOut")


@_attrs_define
class EffectOut:
    """Mean of an arm less that of the control, for each member.

    `once` holds for one look on a day fixed before, `always` for all looks together.
    `variance_kept_bp` is how much of the variance the past does not explain.

        Attributes:
            mean (float):
            once (IntervalOut | None):
            always (IntervalOut | None):
            variance_kept_bp (int):
    """

    mean: float
    once: IntervalOut | None
    always: IntervalOut | None
    variance_kept_bp: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.interval_out import IntervalOut  # noqa: PLC0415

        mean = self.mean

        once: dict[str, Any] | None
        if isinstance(self.once, IntervalOut):
            once = self.once.to_dict()
        else:
            once = self.once

        always: dict[str, Any] | None
        if isinstance(self.always, IntervalOut):
            always = self.always.to_dict()
        else:
            always = self.always

        variance_kept_bp = self.variance_kept_bp

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "mean": mean,
                "once": once,
                "always": always,
                "variance_kept_bp": variance_kept_bp,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.interval_out import IntervalOut  # noqa: PLC0415

        d = dict(src_dict)
        mean = d.pop("mean")

        def _parse_once(data: object) -> IntervalOut | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                once_type_0 = IntervalOut.from_dict(data)

                return once_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(IntervalOut | None, data)

        once = _parse_once(d.pop("once"))

        def _parse_always(data: object) -> IntervalOut | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                always_type_0 = IntervalOut.from_dict(data)

                return always_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(IntervalOut | None, data)

        always = _parse_always(d.pop("always"))

        variance_kept_bp = d.pop("variance_kept_bp")

        effect_out = cls(
            mean=mean,
            once=once,
            always=always,
            variance_kept_bp=variance_kept_bp,
        )

        effect_out.additional_properties = d
        return effect_out

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
