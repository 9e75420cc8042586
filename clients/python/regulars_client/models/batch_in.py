from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.accrue_in import AccrueIn
    from ..models.redeem_in import RedeemIn
    from ..models.reverse_in import ReverseIn


T = TypeVar("T", bound="BatchIn")


@_attrs_define
class BatchIn:
    """What a till did while it was offline, in its order.

    Attributes:
        transactions (list[AccrueIn | RedeemIn | ReverseIn]):
    """

    transactions: list[AccrueIn | RedeemIn | ReverseIn]

    def to_dict(self) -> dict[str, Any]:
        from ..models.accrue_in import AccrueIn  # noqa: PLC0415
        from ..models.redeem_in import RedeemIn  # noqa: PLC0415

        transactions = []
        for transactions_item_data in self.transactions:
            transactions_item: dict[str, Any]
            if isinstance(transactions_item_data, RedeemIn):
                transactions_item = transactions_item_data.to_dict()
            elif isinstance(transactions_item_data, AccrueIn):
                transactions_item = transactions_item_data.to_dict()
            else:
                transactions_item = transactions_item_data.to_dict()

            transactions.append(transactions_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "transactions": transactions,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.accrue_in import AccrueIn  # noqa: PLC0415
        from ..models.redeem_in import RedeemIn  # noqa: PLC0415
        from ..models.reverse_in import ReverseIn  # noqa: PLC0415

        d = dict(src_dict)
        transactions = []
        _transactions = d.pop("transactions")
        for transactions_item_data in _transactions:

            def _parse_transactions_item(
                data: object,
            ) -> AccrueIn | RedeemIn | ReverseIn:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    transactions_item_type_0 = RedeemIn.from_dict(data)

                    return transactions_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    transactions_item_type_1 = AccrueIn.from_dict(data)

                    return transactions_item_type_1
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                if not isinstance(data, dict):
                    raise TypeError()
                transactions_item_type_2 = ReverseIn.from_dict(data)

                return transactions_item_type_2

            transactions_item = _parse_transactions_item(transactions_item_data)

            transactions.append(transactions_item)

        batch_in = cls(
            transactions=transactions,
        )

        return batch_in
