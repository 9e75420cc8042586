from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.line_in_kind import LineInKind, check_line_in_kind
from ..types import UNSET, Unset

T = TypeVar("T", bound="LineIn")


@_attrs_define
class LineIn:
    """One line of an order.

    Attributes:
        line_id (str):
        sku (str):
        category (str):
        quantity (int):
        unit_price_minor (int): Minor units, e.g. cents.
        labels (list[str] | Unset):
        discount_minor (int | Unset): Minor units, e.g. cents. Default: 0.
        tax_minor (int | Unset): Minor units, e.g. cents. Default: 0.
        kind (LineInKind | Unset):  Default: 'ITEM'.
    """

    line_id: str
    sku: str
    category: str
    quantity: int
    unit_price_minor: int
    labels: list[str] | Unset = UNSET
    discount_minor: int | Unset = 0
    tax_minor: int | Unset = 0
    kind: LineInKind | Unset = "ITEM"

    def to_dict(self) -> dict[str, Any]:
        line_id = self.line_id

        sku = self.sku

        category = self.category

        quantity = self.quantity

        unit_price_minor = self.unit_price_minor

        labels: list[str] | Unset = UNSET
        if not isinstance(self.labels, Unset):
            labels = self.labels

        discount_minor = self.discount_minor

        tax_minor = self.tax_minor

        kind: str | Unset = UNSET
        if not isinstance(self.kind, Unset):
            kind = self.kind

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "line_id": line_id,
                "sku": sku,
                "category": category,
                "quantity": quantity,
                "unit_price_minor": unit_price_minor,
            }
        )
        if labels is not UNSET:
            field_dict["labels"] = labels
        if discount_minor is not UNSET:
            field_dict["discount_minor"] = discount_minor
        if tax_minor is not UNSET:
            field_dict["tax_minor"] = tax_minor
        if kind is not UNSET:
            field_dict["kind"] = kind

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        line_id = d.pop("line_id")

        sku = d.pop("sku")

        category = d.pop("category")

        quantity = d.pop("quantity")

        unit_price_minor = d.pop("unit_price_minor")

        labels = cast(list[str], d.pop("labels", UNSET))

        discount_minor = d.pop("discount_minor", UNSET)

        tax_minor = d.pop("tax_minor", UNSET)

        _kind = d.pop("kind", UNSET)
        kind: LineInKind | Unset
        if isinstance(_kind, Unset):
            kind = UNSET
        else:
            kind = check_line_in_kind(_kind)

        line_in = cls(
            line_id=line_id,
            sku=sku,
            category=category,
            quantity=quantity,
            unit_price_minor=unit_price_minor,
            labels=labels,
            discount_minor=discount_minor,
            tax_minor=tax_minor,
            kind=kind,
        )

        return line_in
