"""Facts that reach us, and the bounds within which we believe them."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from loyalty.currencies import is_currency
from loyalty.limits import (
    AHEAD_MS_MAX,
    AMOUNT_MINOR_MAX,
    APPLIED_MAX,
    ATTRIBUTES_MAX,
    ID_LENGTH_MAX,
    LABELS_MAX,
    LINES_MAX,
    OCCURRED_AT_MIN_MS,
    QUANTITY_MAX,
    TEXT_LENGTH_MAX,
)

# Named tuples, not dataclasses: an order is built for each record of the hot
# path, and a tuple is made from a decoded record in a third of the time.

PLACED: Final = "PLACED"
ADJUSTED: Final = "ADJUSTED"
REFUNDED: Final = "REFUNDED"
CANCELLED: Final = "CANCELLED"
ITEM: Final = "ITEM"
# Actor of the commands that one member's decision sends to another.
ENGINE: Final = "engine"

Attribute = str | int | float | bool


class InvalidEvent(ValueError):
    """An event that no member can be judged by: `reason` is a stable code."""

    def __init__(self, reason: str, detail: str) -> None:
        """Keep the stable code beside the sentence for people."""
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class OrderLine(NamedTuple):
    """One line of an order; amounts in minor units, discount and tax of the line."""

    line_id: str
    sku: str
    category: str
    labels: tuple[str, ...]
    quantity: int
    unit_price_minor: int
    discount_minor: int
    tax_minor: int
    kind: str


class Applied(NamedTuple):
    """A benefit that was used on the order."""

    offer_id: str | None
    reservation_id: str | None
    code: str | None
    amount_minor: int


class RefundLine(NamedTuple):
    """Units of one line that were given back."""

    line_id: str
    quantity: int


class Refund(NamedTuple):
    """Money given back, before tax, minor units."""

    refund_id: str
    lines: tuple[RefundLine, ...]
    amount_minor: int


class OrderEvent(NamedTuple):
    """An order placed, adjusted, refunded or cancelled; times in ms since 1970."""

    event_id: str
    order_id: str
    member_id: str
    kind: str
    occurred_at: int
    store_id: str
    channel: str
    currency: str
    lines: tuple[OrderLine, ...]
    total_minor: int
    subtotal_minor: int
    tax_minor: int
    applied: tuple[Applied, ...]
    refund: Refund | None
    attributes: Mapping[str, str]
    trace: str | None


class ActivityEvent(NamedTuple):
    """Something done in an app, on the web or near a store."""

    event_id: str
    member_id: str
    type: str
    occurred_at: int
    session_id: str | None
    store_id: str | None
    attributes: Mapping[str, Attribute]


class Command(NamedTuple):
    """A request to change one member, decided in order with everything else."""

    command_id: str
    member_id: str
    type: str
    occurred_at: int
    actor: str
    attributes: Mapping[str, Attribute]


class Tick(NamedTuple):
    """A time that has come for one member: what was due becomes true."""

    at: int


MemberEvent = OrderEvent | ActivityEvent | Command | Tick


def check_order(order: OrderEvent, recorded_at: int) -> None:
    """
    Refuse an order outside the published bounds.

    Raises: InvalidEvent with a stable reason.
    """
    if not _is_sound(order, recorded_at):
        _explain(order, recorded_at)


def _is_sound(order: OrderEvent, recorded_at: int) -> bool:
    """All of `_explain` in a few comparisons: the way that every good order takes."""
    for line in order.lines:
        gross_minor = line.quantity * line.unit_price_minor
        if not (
            0 < line.quantity <= QUANTITY_MAX
            and 0 <= line.discount_minor <= gross_minor <= AMOUNT_MINOR_MAX
            and 0 <= line.tax_minor <= AMOUNT_MINOR_MAX
            and len(line.sku) <= ID_LENGTH_MAX
            and len(line.category) <= ID_LENGTH_MAX
            and len(line.labels) <= LABELS_MAX
        ):
            return False
    return (
        order.kind == PLACED
        and order.refund is None
        and OCCURRED_AT_MIN_MS <= order.occurred_at <= recorded_at + AHEAD_MS_MAX
        and 0 < len(order.event_id) <= ID_LENGTH_MAX
        and 0 < len(order.order_id) <= ID_LENGTH_MAX
        and 0 <= order.total_minor <= AMOUNT_MINOR_MAX
        and 0 <= order.subtotal_minor <= AMOUNT_MINOR_MAX
        and 0 <= order.tax_minor <= AMOUNT_MINOR_MAX
        and len(order.lines) <= LINES_MAX
        and len(order.store_id) <= TEXT_LENGTH_MAX
        and len(order.applied) <= APPLIED_MAX
        and len(order.attributes) <= ATTRIBUTES_MAX
        and is_currency(order.currency)
    )


def _explain(order: OrderEvent, recorded_at: int) -> None:
    _check_id("event_id", order.event_id)
    _check_id("order_id", order.order_id)
    _check_time(order.occurred_at, recorded_at)
    _check_text("store_id", order.store_id)
    currency = order.currency
    if not is_currency(currency):
        raise InvalidEvent("currency", f"currency {currency[:8]!r} is not ISO 4217")
    _check_amount("total_minor", order.total_minor)
    _check_amount("subtotal_minor", order.subtotal_minor)
    _check_amount("tax_minor", order.tax_minor)
    _check_count("lines", len(order.lines), LINES_MAX)
    _check_count("applied", len(order.applied), APPLIED_MAX)
    _check_count("attributes", len(order.attributes), ATTRIBUTES_MAX)
    for line in order.lines:
        _check_line(line)
    _check_refund(order)


def check_activity(activity: ActivityEvent, recorded_at: int) -> None:
    """
    Refuse an act outside the published bounds.

    Raises: InvalidEvent with a stable reason.
    """
    _check_id("event_id", activity.event_id)
    _check_id("type", activity.type)
    _check_time(activity.occurred_at, recorded_at)
    _check_count("attributes", len(activity.attributes), ATTRIBUTES_MAX)


def check_command(command: Command, recorded_at: int) -> None:
    """
    Refuse a command outside the published bounds.

    Raises: InvalidEvent with a stable reason.
    """
    _check_id("command_id", command.command_id)
    _check_id("type", command.type)
    _check_time(command.occurred_at, recorded_at)
    _check_count("attributes", len(command.attributes), ATTRIBUTES_MAX)


def _check_line(line: OrderLine) -> None:
    if not 0 < line.quantity <= QUANTITY_MAX:
        raise InvalidEvent(
            "quantity-out-of-range",
            f"line {line.line_id[:ID_LENGTH_MAX]}: quantity {line.quantity}, "
            f"expected 1 to {QUANTITY_MAX}",
        )
    # One comparison each on the way that every good line takes.
    if not (
        0 <= line.unit_price_minor <= AMOUNT_MINOR_MAX
        and 0 <= line.discount_minor <= line.quantity * line.unit_price_minor
        and 0 <= line.tax_minor <= AMOUNT_MINOR_MAX
        and line.quantity * line.unit_price_minor <= AMOUNT_MINOR_MAX
    ):
        raise InvalidEvent(
            "amount-out-of-range",
            f"line {line.line_id[:ID_LENGTH_MAX]}: {line.quantity} x "
            f"{line.unit_price_minor} less {line.discount_minor}, tax "
            f"{line.tax_minor}: each 0 to {AMOUNT_MINOR_MAX}, and no discount "
            "above the price",
        )
    _check_count("labels", len(line.labels), LABELS_MAX)
    if len(line.sku) > ID_LENGTH_MAX or len(line.category) > ID_LENGTH_MAX:
        raise InvalidEvent(
            "text-too-long", f"sku or category over {ID_LENGTH_MAX} characters"
        )


def _check_refund(order: OrderEvent) -> None:
    if order.refund is not None:
        _check_id("refund_id", order.refund.refund_id)
        _check_amount("refund.amount_minor", order.refund.amount_minor)
        _check_count("refund.lines", len(order.refund.lines), LINES_MAX)
    elif order.kind == REFUNDED:
        raise InvalidEvent("refund-missing", "kind is REFUNDED but refund is null")


def _check_id(name: str, value: str) -> None:
    if not 0 < len(value) <= ID_LENGTH_MAX:
        raise InvalidEvent(
            "id-length",
            f"{name} has {len(value)} characters, expected 1 to {ID_LENGTH_MAX}",
        )


def _check_text(name: str, value: str) -> None:
    if len(value) > TEXT_LENGTH_MAX:
        raise InvalidEvent(
            "text-too-long",
            f"{name} has {len(value)} characters, at most {TEXT_LENGTH_MAX}",
        )


def _check_time(occurred_at: int, recorded_at: int) -> None:
    if occurred_at < OCCURRED_AT_MIN_MS:
        raise InvalidEvent(
            "time-too-early", f"occurred_at {occurred_at} is before the year 2000"
        )
    if occurred_at > recorded_at + AHEAD_MS_MAX:
        raise InvalidEvent(
            "time-too-late",
            f"occurred_at {occurred_at} is more than a day after the broker's "
            f"time {recorded_at}",
        )


def _check_amount(name: str, value: int) -> None:
    if not 0 <= value <= AMOUNT_MINOR_MAX:
        raise InvalidEvent(
            "amount-out-of-range",
            f"{name} is {value}, expected 0 to {AMOUNT_MINOR_MAX}",
        )


def _check_count(name: str, count: int, count_max: int) -> None:
    if count > count_max:
        raise InvalidEvent(
            "too-many", f"{name} has {count} elements, at most {count_max}"
        )
