"""Orders and acts as JSON, with the field names of the Avro records: what we take."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from loyalty.events import (
    ActivityEvent,
    Applied,
    OrderEvent,
    OrderLine,
    Refund,
    RefundLine,
)
from loyalty.limits import (
    APPLIED_MAX,
    ATTRIBUTES_MAX,
    ID_LENGTH_MAX,
    LABELS_MAX,
    LINES_MAX,
    TEXT_LENGTH_MAX,
)
from schemas.event_examples import ACTIVITY, ORDER, Example
from schemas.json_values import Attribute, Id, Minor, Moment, Quantity
from schemas.reservation_ids import RESERVATION_ID_LENGTH_MAX, hold_id_of

Channel = Literal["APP", "WEB", "KIOSK", "COUNTER", "DRIVE_THRU", "DELIVERY", "UNKNOWN"]


class Strict(BaseModel):
    """A body of which every field is documented: others are refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    @staticmethod
    def shown(example: Example, **more: Any) -> ConfigDict:
        """Configuration that shows an example in OpenAPI, and keywords of its own."""
        return ConfigDict(json_schema_extra={"examples": [example], **more})


class LineIn(Strict):
    """One line of an order."""

    line_id: Id
    sku: Id
    category: Annotated[str, Field(max_length=ID_LENGTH_MAX)]
    labels: Annotated[list[Id], Field(max_length=LABELS_MAX)] = []
    quantity: Quantity
    unit_price_minor: Minor
    discount_minor: Minor = 0
    tax_minor: Minor = 0
    kind: Literal["ITEM", "DELIVERY", "TIP", "GIFT_CARD", "FEE"] = "ITEM"


class AppliedIn(Strict):
    """A benefit that was used."""

    offer_id: Id | None = None
    reservation_id: Annotated[
        str | None, Field(min_length=1, max_length=RESERVATION_ID_LENGTH_MAX)
    ] = None
    code: Id | None = None
    amount_minor: Minor = 0


class RefundLineIn(Strict):
    """Units given back."""

    line_id: Id
    quantity: Quantity


class RefundIn(Strict):
    """Money given back."""

    refund_id: Id
    lines: Annotated[list[RefundLineIn], Field(max_length=LINES_MAX)] = []
    amount_minor: Minor


class OrderIn(Strict):
    """An order placed, adjusted, refunded or cancelled."""

    model_config = ConfigDict(json_schema_extra={"examples": [ORDER]})

    event_id: Id
    order_id: Id
    member_id: Id
    kind: Literal["PLACED", "ADJUSTED", "REFUNDED", "CANCELLED"] = "PLACED"
    occurred_at: Moment
    store_id: Id
    channel: Channel = "UNKNOWN"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    lines: Annotated[list[LineIn], Field(max_length=LINES_MAX)]
    total_minor: Minor
    subtotal_minor: Minor
    tax_minor: Minor = 0
    applied: Annotated[list[AppliedIn], Field(max_length=APPLIED_MAX)] = []
    refund: RefundIn | None = None
    attributes: Annotated[
        dict[Id, Annotated[str, Field(max_length=TEXT_LENGTH_MAX)]],
        Field(max_length=ATTRIBUTES_MAX),
    ] = {}
    trace: Annotated[str, Field(max_length=128)] | None = None

    @model_validator(mode="after")
    def _names_reservations(self) -> Self:
        for one in self.applied:
            hold_id = hold_id_of(one.reservation_id, self.member_id)
            if hold_id is not None and len(hold_id) > ID_LENGTH_MAX:
                raise ValueError("a reservation_id is neither ours nor short enough")
        return self

    def event(self) -> OrderEvent:
        """Order as the rules know it."""
        refund = None
        if self.refund is not None:
            lines = tuple(RefundLine(x.line_id, x.quantity) for x in self.refund.lines)
            refund = Refund(self.refund.refund_id, lines, self.refund.amount_minor)
        return OrderEvent(
            self.event_id,
            self.order_id,
            self.member_id,
            self.kind,
            self.occurred_at,
            self.store_id,
            self.channel,
            self.currency,
            tuple(line_of(line) for line in self.lines),
            self.total_minor,
            self.subtotal_minor,
            self.tax_minor,
            tuple(
                Applied(
                    x.offer_id,
                    hold_id_of(x.reservation_id, self.member_id),
                    x.code,
                    x.amount_minor,
                )
                for x in self.applied
            ),
            refund,
            self.attributes,
            self.trace,
        )


class ActivityIn(Strict):
    """Something done in an app, on the web or near a store."""

    model_config = ConfigDict(json_schema_extra={"examples": [ACTIVITY]})

    event_id: Id
    member_id: Id
    type: Annotated[Id, Field(examples=["menu.viewed"])]
    occurred_at: Moment
    session_id: Id | None = None
    store_id: Id | None = None
    attributes: Annotated[dict[Id, Attribute], Field(max_length=ATTRIBUTES_MAX)] = {}

    def event(self) -> ActivityEvent:
        """Act as the rules know it."""
        return ActivityEvent(
            self.event_id,
            self.member_id,
            self.type,
            self.occurred_at,
            self.session_id,
            self.store_id,
            self.attributes,
        )


def line_of(line: LineIn) -> OrderLine:
    """Line as the rules know it."""
    return OrderLine(
        line.line_id,
        line.sku,
        line.category,
        tuple(line.labels),
        line.quantity,
        line.unit_price_minor,
        line.discount_minor,
        line.tax_minor,
        line.kind,
    )
