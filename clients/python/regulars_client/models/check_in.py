from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.check_in_channel import CheckInChannel, check_check_in_channel
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.check_discount_in import CheckDiscountIn
    from ..models.line_in import LineIn


T = TypeVar("T", bound="CheckIn")


@_attrs_define
class CheckIn:
    """A check as it stands; `check_id` is the store's own, for good.

    Attributes:
        check_id (str):
        currency (str):
        items (list[LineIn]):
        total_minor (int): What was paid, tips included.
        channel (CheckInChannel | Unset):  Default: 'COUNTER'.
        discounts (list[CheckDiscountIn] | Unset):
        tax_minor (int | Unset): Minor units, e.g. cents. Default: 0.
    """

    check_id: str
    currency: str
    items: list[LineIn]
    total_minor: int
    channel: CheckInChannel | Unset = "COUNTER"
    discounts: list[CheckDiscountIn] | Unset = UNSET
    tax_minor: int | Unset = 0

    def to_dict(self) -> dict[str, Any]:
        check_id = self.check_id

        currency = self.currency

        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        total_minor = self.total_minor

        channel: str | Unset = UNSET
        if not isinstance(self.channel, Unset):
            channel = self.channel

        discounts: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.discounts, Unset):
            discounts = []
            for discounts_item_data in self.discounts:
                discounts_item = discounts_item_data.to_dict()
                discounts.append(discounts_item)

        tax_minor = self.tax_minor

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "check_id": check_id,
                "currency": currency,
                "items": items,
                "total_minor": total_minor,
            }
        )
        if channel is not UNSET:
            field_dict["channel"] = channel
        if discounts is not UNSET:
            field_dict["discounts"] = discounts
        if tax_minor is not UNSET:
            field_dict["tax_minor"] = tax_minor

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.check_discount_in import CheckDiscountIn  # noqa: PLC0415
        from ..models.line_in import LineIn  # noqa: PLC0415

        d = dict(src_dict)
        check_id = d.pop("check_id")

        currency = d.pop("currency")

        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = LineIn.from_dict(items_item_data)

            items.append(items_item)

        total_minor = d.pop("total_minor")

        _channel = d.pop("channel", UNSET)
        channel: CheckInChannel | Unset
        if isinstance(_channel, Unset):
            channel = UNSET
        else:
            channel = check_check_in_channel(_channel)

        _discounts = d.pop("discounts", UNSET)
        discounts: list[CheckDiscountIn] | Unset = UNSET
        if _discounts is not UNSET:
            discounts = []
            for discounts_item_data in _discounts:
                discounts_item = CheckDiscountIn.from_dict(discounts_item_data)

                discounts.append(discounts_item)

        tax_minor = d.pop("tax_minor", UNSET)

        check_in = cls(
            check_id=check_id,
            currency=currency,
            items=items,
            total_minor=total_minor,
            channel=channel,
            discounts=discounts,
            tax_minor=tax_minor,
        )

        return check_in
