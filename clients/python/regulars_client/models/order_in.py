from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.order_in_channel import OrderInChannel, check_order_in_channel
from ..models.order_in_kind import OrderInKind, check_order_in_kind
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.applied_in import AppliedIn
    from ..models.line_in import LineIn
    from ..models.order_in_attributes import OrderInAttributes
    from ..models.refund_in import RefundIn


T = TypeVar("T", bound="OrderIn")


@_attrs_define
class OrderIn:
    """An order placed, adjusted, refunded or cancelled.

    Attributes:
        event_id (str):
        order_id (str):
        member_id (str):
        occurred_at (datetime.datetime | int): RFC 3339 with a zone, or milliseconds since 1970.
        store_id (str):
        currency (str):
        lines (list[LineIn]):
        total_minor (int): Minor units, e.g. cents.
        subtotal_minor (int): Minor units, e.g. cents.
        kind (OrderInKind | Unset):  Default: 'PLACED'.
        channel (OrderInChannel | Unset):  Default: 'UNKNOWN'.
        tax_minor (int | Unset): Minor units, e.g. cents. Default: 0.
        applied (list[AppliedIn] | Unset):
        refund (None | RefundIn | Unset):
        attributes (OrderInAttributes | Unset):
        trace (None | str | Unset):
    """

    event_id: str
    order_id: str
    member_id: str
    occurred_at: datetime.datetime | int
    store_id: str
    currency: str
    lines: list[LineIn]
    total_minor: int
    subtotal_minor: int
    kind: OrderInKind | Unset = "PLACED"
    channel: OrderInChannel | Unset = "UNKNOWN"
    tax_minor: int | Unset = 0
    applied: list[AppliedIn] | Unset = UNSET
    refund: None | RefundIn | Unset = UNSET
    attributes: OrderInAttributes | Unset = UNSET
    trace: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.refund_in import RefundIn  # noqa: PLC0415

        event_id = self.event_id

        order_id = self.order_id

        member_id = self.member_id

        occurred_at: int | str
        if isinstance(self.occurred_at, datetime.datetime):
            occurred_at = self.occurred_at.isoformat()
        else:
            occurred_at = self.occurred_at

        store_id = self.store_id

        currency = self.currency

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        total_minor = self.total_minor

        subtotal_minor = self.subtotal_minor

        kind: str | Unset = UNSET
        if not isinstance(self.kind, Unset):
            kind = self.kind

        channel: str | Unset = UNSET
        if not isinstance(self.channel, Unset):
            channel = self.channel

        tax_minor = self.tax_minor

        applied: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.applied, Unset):
            applied = []
            for applied_item_data in self.applied:
                applied_item = applied_item_data.to_dict()
                applied.append(applied_item)

        refund: dict[str, Any] | None | Unset
        if isinstance(self.refund, Unset):
            refund = UNSET
        elif isinstance(self.refund, RefundIn):
            refund = self.refund.to_dict()
        else:
            refund = self.refund

        attributes: dict[str, Any] | Unset = UNSET
        if not isinstance(self.attributes, Unset):
            attributes = self.attributes.to_dict()

        trace: None | str | Unset
        if isinstance(self.trace, Unset):
            trace = UNSET
        else:
            trace = self.trace

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "event_id": event_id,
                "order_id": order_id,
                "member_id": member_id,
                "occurred_at": occurred_at,
                "store_id": store_id,
                "currency": currency,
                "lines": lines,
                "total_minor": total_minor,
                "subtotal_minor": subtotal_minor,
            }
        )
        if kind is not UNSET:
            field_dict["kind"] = kind
        if channel is not UNSET:
            field_dict["channel"] = channel
        if tax_minor is not UNSET:
            field_dict["tax_minor"] = tax_minor
        if applied is not UNSET:
            field_dict["applied"] = applied
        if refund is not UNSET:
            field_dict["refund"] = refund
        if attributes is not UNSET:
            field_dict["attributes"] = attributes
        if trace is not UNSET:
            field_dict["trace"] = trace

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.applied_in import AppliedIn  # noqa: PLC0415
        from ..models.line_in import LineIn  # noqa: PLC0415
        from ..models.order_in_attributes import OrderInAttributes  # noqa: PLC0415
        from ..models.refund_in import RefundIn  # noqa: PLC0415

        d = dict(src_dict)
        event_id = d.pop("event_id")

        order_id = d.pop("order_id")

        member_id = d.pop("member_id")

        def _parse_occurred_at(data: object) -> datetime.datetime | int:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                occurred_at_type_0 = datetime.datetime.fromisoformat(data)

                return occurred_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | int, data)

        occurred_at = _parse_occurred_at(d.pop("occurred_at"))

        store_id = d.pop("store_id")

        currency = d.pop("currency")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = LineIn.from_dict(lines_item_data)

            lines.append(lines_item)

        total_minor = d.pop("total_minor")

        subtotal_minor = d.pop("subtotal_minor")

        _kind = d.pop("kind", UNSET)
        kind: OrderInKind | Unset
        if isinstance(_kind, Unset):
            kind = UNSET
        else:
            kind = check_order_in_kind(_kind)

        _channel = d.pop("channel", UNSET)
        channel: OrderInChannel | Unset
        if isinstance(_channel, Unset):
            channel = UNSET
        else:
            channel = check_order_in_channel(_channel)

        tax_minor = d.pop("tax_minor", UNSET)

        _applied = d.pop("applied", UNSET)
        applied: list[AppliedIn] | Unset = UNSET
        if _applied is not UNSET:
            applied = []
            for applied_item_data in _applied:
                applied_item = AppliedIn.from_dict(applied_item_data)

                applied.append(applied_item)

        def _parse_refund(data: object) -> None | RefundIn | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                refund_type_0 = RefundIn.from_dict(data)

                return refund_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RefundIn | Unset, data)

        refund = _parse_refund(d.pop("refund", UNSET))

        _attributes = d.pop("attributes", UNSET)
        attributes: OrderInAttributes | Unset
        if isinstance(_attributes, Unset):
            attributes = UNSET
        else:
            attributes = OrderInAttributes.from_dict(_attributes)

        def _parse_trace(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        trace = _parse_trace(d.pop("trace", UNSET))

        order_in = cls(
            event_id=event_id,
            order_id=order_id,
            member_id=member_id,
            occurred_at=occurred_at,
            store_id=store_id,
            currency=currency,
            lines=lines,
            total_minor=total_minor,
            subtotal_minor=subtotal_minor,
            kind=kind,
            channel=channel,
            tax_minor=tax_minor,
            applied=applied,
            refund=refund,
            attributes=attributes,
            trace=trace,
        )

        return order_in
