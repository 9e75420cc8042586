from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.order_in import OrderIn


T = TypeVar("T", bound="EstimateIn")


@_attrs_define
class EstimateIn:
    """An order that may be, and rewards that the guest thinks of.

    Attributes:
        order (OrderIn): An order placed, adjusted, refunded or cancelled.
        offer_ids (list[str] | Unset):
    """

    order: OrderIn
    offer_ids: list[str] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        order = self.order.to_dict()

        offer_ids: list[str] | Unset = UNSET
        if not isinstance(self.offer_ids, Unset):
            offer_ids = self.offer_ids

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "order": order,
            }
        )
        if offer_ids is not UNSET:
            field_dict["offer_ids"] = offer_ids

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.order_in import OrderIn  # noqa: PLC0415

        d = dict(src_dict)
        order = OrderIn.from_dict(d.pop("order"))

        offer_ids = cast(list[str], d.pop("offer_ids", UNSET))

        estimate_in = cls(
            order=order,
            offer_ids=offer_ids,
        )

        return estimate_in
