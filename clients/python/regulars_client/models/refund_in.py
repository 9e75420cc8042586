from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.refund_line_in import RefundLineIn


T = TypeVar("T", bound="RefundIn")


@_attrs_define
class RefundIn:
    """Money given back.

    Attributes:
        refund_id (str):
        amount_minor (int): Minor units, e.g. cents.
        lines (list[RefundLineIn] | Unset):
    """

    refund_id: str
    amount_minor: int
    lines: list[RefundLineIn] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        refund_id = self.refund_id

        amount_minor = self.amount_minor

        lines: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.lines, Unset):
            lines = []
            for lines_item_data in self.lines:
                lines_item = lines_item_data.to_dict()
                lines.append(lines_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "refund_id": refund_id,
                "amount_minor": amount_minor,
            }
        )
        if lines is not UNSET:
            field_dict["lines"] = lines

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.refund_line_in import RefundLineIn  # noqa: PLC0415

        d = dict(src_dict)
        refund_id = d.pop("refund_id")

        amount_minor = d.pop("amount_minor")

        _lines = d.pop("lines", UNSET)
        lines: list[RefundLineIn] | Unset = UNSET
        if _lines is not UNSET:
            lines = []
            for lines_item_data in _lines:
                lines_item = RefundLineIn.from_dict(lines_item_data)

                lines.append(lines_item)

        refund_in = cls(
            refund_id=refund_id,
            amount_minor=amount_minor,
            lines=lines,
        )

        return refund_in
