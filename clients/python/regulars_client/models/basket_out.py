from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.discount_out import DiscountOut
    from ..models.no_discount_out import NoDiscountOut


T = TypeVar("T", bound="BasketOut")


@_attrs_define
class BasketOut:
    """What the basket would cost, minor units.

    `line_discounts_minor` and `line_totals_minor` go by the lines of the order.

        Attributes:
            before_minor (int):
            discount_minor (int):
            paid_minor (int):
            after_minor (int):
            due_minor (int):
            line_discounts_minor (list[int]):
            line_totals_minor (list[int]):
            applied (list[DiscountOut]):
            not_applied (list[NoDiscountOut]):
    """

    before_minor: int
    discount_minor: int
    paid_minor: int
    after_minor: int
    due_minor: int
    line_discounts_minor: list[int]
    line_totals_minor: list[int]
    applied: list[DiscountOut]
    not_applied: list[NoDiscountOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        before_minor = self.before_minor

        discount_minor = self.discount_minor

        paid_minor = self.paid_minor

        after_minor = self.after_minor

        due_minor = self.due_minor

        line_discounts_minor = self.line_discounts_minor

        line_totals_minor = self.line_totals_minor

        applied = []
        for applied_item_data in self.applied:
            applied_item = applied_item_data.to_dict()
            applied.append(applied_item)

        not_applied = []
        for not_applied_item_data in self.not_applied:
            not_applied_item = not_applied_item_data.to_dict()
            not_applied.append(not_applied_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "before_minor": before_minor,
                "discount_minor": discount_minor,
                "paid_minor": paid_minor,
                "after_minor": after_minor,
                "due_minor": due_minor,
                "line_discounts_minor": line_discounts_minor,
                "line_totals_minor": line_totals_minor,
                "applied": applied,
                "not_applied": not_applied,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.discount_out import DiscountOut  # noqa: PLC0415
        from ..models.no_discount_out import NoDiscountOut  # noqa: PLC0415

        d = dict(src_dict)
        before_minor = d.pop("before_minor")

        discount_minor = d.pop("discount_minor")

        paid_minor = d.pop("paid_minor")

        after_minor = d.pop("after_minor")

        due_minor = d.pop("due_minor")

        line_discounts_minor = cast(list[int], d.pop("line_discounts_minor"))

        line_totals_minor = cast(list[int], d.pop("line_totals_minor"))

        applied = []
        _applied = d.pop("applied")
        for applied_item_data in _applied:
            applied_item = DiscountOut.from_dict(applied_item_data)

            applied.append(applied_item)

        not_applied = []
        _not_applied = d.pop("not_applied")
        for not_applied_item_data in _not_applied:
            not_applied_item = NoDiscountOut.from_dict(not_applied_item_data)

            not_applied.append(not_applied_item)

        basket_out = cls(
            before_minor=before_minor,
            discount_minor=discount_minor,
            paid_minor=paid_minor,
            after_minor=after_minor,
            due_minor=due_minor,
            line_discounts_minor=line_discounts_minor,
            line_totals_minor=line_totals_minor,
            applied=applied,
            not_applied=not_applied,
        )

        basket_out.additional_properties = d
        return basket_out

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
