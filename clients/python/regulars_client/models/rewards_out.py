from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.reward_out import RewardOut
    from ..models.rewards_out_order import RewardsOutOrder


T = TypeVar("T", bound="RewardsOut")


@_attrs_define
class RewardsOut:
    """The catalogue as one member sees it, in the program's order.

    Attributes:
        items (list[RewardOut]):
        next_cursor (None | str):
        order (RewardsOutOrder | Unset):
    """

    items: list[RewardOut]
    next_cursor: None | str
    order: RewardsOutOrder | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        next_cursor: None | str
        next_cursor = self.next_cursor

        order: dict[str, Any] | Unset = UNSET
        if not isinstance(self.order, Unset):
            order = self.order.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "items": items,
                "next_cursor": next_cursor,
            }
        )
        if order is not UNSET:
            field_dict["order"] = order

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.reward_out import RewardOut  # noqa: PLC0415
        from ..models.rewards_out_order import RewardsOutOrder  # noqa: PLC0415

        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = RewardOut.from_dict(items_item_data)

            items.append(items_item)

        def _parse_next_cursor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_cursor = _parse_next_cursor(d.pop("next_cursor"))

        _order = d.pop("order", UNSET)
        order: RewardsOutOrder | Unset
        if isinstance(_order, Unset):
            order = UNSET
        else:
            order = RewardsOutOrder.from_dict(_order)

        rewards_out = cls(
            items=items,
            next_cursor=next_cursor,
            order=order,
        )

        rewards_out.additional_properties = d
        return rewards_out

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
