from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.lot_out import LotOut


T = TypeVar("T", bound="WalletOut")


@_attrs_define
class WalletOut:
    """One kind of balance; `unit` minor is money in minor units.

    Attributes:
        wallet_id (str):
        name (str):
        unit (str):
        balance (int):
        pending (int):
        held (int):
        debt (int):
        lots (list[LotOut]):
    """

    wallet_id: str
    name: str
    unit: str
    balance: int
    pending: int
    held: int
    debt: int
    lots: list[LotOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        wallet_id = self.wallet_id

        name = self.name

        unit = self.unit

        balance = self.balance

        pending = self.pending

        held = self.held

        debt = self.debt

        lots = []
        for lots_item_data in self.lots:
            lots_item = lots_item_data.to_dict()
            lots.append(lots_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "wallet_id": wallet_id,
                "name": name,
                "unit": unit,
                "balance": balance,
                "pending": pending,
                "held": held,
                "debt": debt,
                "lots": lots,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.lot_out import LotOut  # noqa: PLC0415

        d = dict(src_dict)
        wallet_id = d.pop("wallet_id")

        name = d.pop("name")

        unit = d.pop("unit")

        balance = d.pop("balance")

        pending = d.pop("pending")

        held = d.pop("held")

        debt = d.pop("debt")

        lots = []
        _lots = d.pop("lots")
        for lots_item_data in _lots:
            lots_item = LotOut.from_dict(lots_item_data)

            lots.append(lots_item)

        wallet_out = cls(
            wallet_id=wallet_id,
            name=name,
            unit=unit,
            balance=balance,
            pending=pending,
            held=held,
            debt=debt,
            lots=lots,
        )

        wallet_out.additional_properties = d
        return wallet_out

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
