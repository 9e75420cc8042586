from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="WalletGainOut")


@_attrs_define
class WalletGainOut:
    """What the order does to a wallet.

    Attributes:
        wallet (str):
        earned (int):
        pending (int):
        balance_before (int):
        balance_after (int):
    """

    wallet: str
    earned: int
    pending: int
    balance_before: int
    balance_after: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        wallet = self.wallet

        earned = self.earned

        pending = self.pending

        balance_before = self.balance_before

        balance_after = self.balance_after

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "wallet": wallet,
                "earned": earned,
                "pending": pending,
                "balance_before": balance_before,
                "balance_after": balance_after,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        wallet = d.pop("wallet")

        earned = d.pop("earned")

        pending = d.pop("pending")

        balance_before = d.pop("balance_before")

        balance_after = d.pop("balance_after")

        wallet_gain_out = cls(
            wallet=wallet,
            earned=earned,
            pending=pending,
            balance_before=balance_before,
            balance_after=balance_after,
        )

        wallet_gain_out.additional_properties = d
        return wallet_gain_out

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
