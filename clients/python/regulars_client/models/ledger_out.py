from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.entry_out import EntryOut
    from ..models.ledger_out_balances_type_0 import LedgerOutBalancesType0


T = TypeVar("T", bound="LedgerOut")


@_attrs_define
class LedgerOut:
    """A page of entries, newest first; `balances` by wallet when a time is named.

    Attributes:
        items (list[EntryOut]):
        next_cursor (None | str):
        at (None | str):
        balances (LedgerOutBalancesType0 | None):
    """

    items: list[EntryOut]
    next_cursor: None | str
    at: None | str
    balances: LedgerOutBalancesType0 | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.ledger_out_balances_type_0 import LedgerOutBalancesType0  # noqa: PLC0415

        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        next_cursor: None | str
        next_cursor = self.next_cursor

        at: None | str
        at = self.at

        balances: dict[str, Any] | None
        if isinstance(self.balances, LedgerOutBalancesType0):
            balances = self.balances.to_dict()
        else:
            balances = self.balances

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "items": items,
                "next_cursor": next_cursor,
                "at": at,
                "balances": balances,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.entry_out import EntryOut  # noqa: PLC0415
        from ..models.ledger_out_balances_type_0 import LedgerOutBalancesType0  # noqa: PLC0415

        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = EntryOut.from_dict(items_item_data)

            items.append(items_item)

        def _parse_next_cursor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_cursor = _parse_next_cursor(d.pop("next_cursor"))

        def _parse_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        at = _parse_at(d.pop("at"))

        def _parse_balances(data: object) -> LedgerOutBalancesType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                balances_type_0 = LedgerOutBalancesType0.from_dict(data)

                return balances_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LedgerOutBalancesType0 | None, data)

        balances = _parse_balances(d.pop("balances"))

        ledger_out = cls(
            items=items,
            next_cursor=next_cursor,
            at=at,
            balances=balances,
        )

        ledger_out.additional_properties = d
        return ledger_out

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
