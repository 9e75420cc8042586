from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

T = TypeVar("T", bound="ReverseIn")


@_attrs_define
class ReverseIn:
    """Undo an earlier LOYALTY_REDEEM or LOYALTY_ACCRUE of this client.

    Attributes:
        transaction_id (str): The till's own, for good: a repeat repeats all.
        store_id (str):
        type_ (Literal['LOYALTY_REVERSE']):
        reverses (str):
    """

    transaction_id: str
    store_id: str
    type_: Literal["LOYALTY_REVERSE"]
    reverses: str

    def to_dict(self) -> dict[str, Any]:
        transaction_id = self.transaction_id

        store_id = self.store_id

        type_ = self.type_

        reverses = self.reverses

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "transaction_id": transaction_id,
                "store_id": store_id,
                "type": type_,
                "reverses": reverses,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        transaction_id = d.pop("transaction_id")

        store_id = d.pop("store_id")

        type_ = cast(Literal["LOYALTY_REVERSE"], d.pop("type"))
        if type_ != "LOYALTY_REVERSE":
            raise ValueError(f"type must match const 'LOYALTY_REVERSE', got '{type_}'")

        reverses = d.pop("reverses")

        reverse_in = cls(
            transaction_id=transaction_id,
            store_id=store_id,
            type_=type_,
            reverses=reverses,
        )

        return reverse_in
