"""Source records: bytes to and from the events of `loyalty`."""

from typing import Final

from loyalty.accounts import (
    is_account,
)
from loyalty.budgets import (
    RESERVED_TYPES,
)
from loyalty.events import (
    ActivityEvent,
    Applied,
    Command,
    InvalidEvent,
    OrderEvent,
    OrderLine,
    Refund,
    RefundLine,
    Tick,
    check_activity,
    check_command,
    check_order,
)
from loyalty.passages import RESERVED_TYPES as MERGE_TYPES
from schemas.framing import MalformedRecord, Registry
from schemas.tuples import TupleFraming

KEY_BYTES_MAX: Final = 256


class EventCodec:
    """Reads and writes what flows in on the source topics."""

    def __init__(self, registry: Registry | None = None) -> None:
        """Compile the four schemas."""
        self.registry = registry
        orders = (OrderEvent, OrderLine, Applied, Refund, RefundLine)
        self._orders = TupleFraming[OrderEvent]("order_event", orders, registry)
        self._activity = TupleFraming[ActivityEvent](
            "activity_event", (ActivityEvent,), registry
        )
        self._commands = TupleFraming[Command]("command", (Command,), registry)
        self._ticks = TupleFraming[Tick]("tick", (Tick,), registry)

    def encode_order(self, order: OrderEvent) -> bytes:
        """Write an order."""
        return self._orders.encode(order)

    def encode_activity(self, activity: ActivityEvent) -> bytes:
        """Write an act."""
        return self._activity.encode(activity)

    def encode_command(self, command: Command) -> bytes:
        """Write a command."""
        return self._commands.encode(command)

    def encode_tick(self, tick: Tick) -> bytes:
        """Write a tick."""
        return self._ticks.encode(tick)

    def decode_order(
        self, key: bytes | None, value: bytes | None, recorded_at: int
    ) -> OrderEvent:
        """
        Read an order that arrived at a time.

        Raises: MalformedRecord for bytes, a key or bounds that do not hold.
        """
        order = self.read_order(value, recorded_at)
        check_key(key, order.member_id)
        return order

    def read_order(self, value: bytes | None, recorded_at: int) -> OrderEvent:
        """
        Read an order that another member has passed on.

        Raises: MalformedRecord for bytes or bounds that do not hold.
        """
        order = self._orders.decode(value)
        try:
            check_order(order, recorded_at)
        except InvalidEvent as invalid:
            raise MalformedRecord(invalid.reason, invalid.detail) from invalid
        return order

    def decode_activity(
        self, key: bytes | None, value: bytes | None, recorded_at: int
    ) -> ActivityEvent:
        """
        Read an act that arrived at a time.

        Raises: MalformedRecord for bytes, a key or bounds that do not hold.
        """
        activity = self.read_activity(value, recorded_at)
        check_key(key, activity.member_id)
        return activity

    def read_activity(self, value: bytes | None, recorded_at: int) -> ActivityEvent:
        """
        Read an act that another member has passed on.

        Raises: MalformedRecord for bytes or bounds that do not hold.
        """
        activity = self._activity.decode(value)
        try:
            check_activity(activity, recorded_at)
        except InvalidEvent as invalid:
            raise MalformedRecord(invalid.reason, invalid.detail) from invalid
        return activity

    def decode_command(
        self, key: bytes | None, value: bytes | None, recorded_at: int
    ) -> Command:
        """
        Read a command that arrived at a time.

        Raises: MalformedRecord for bytes, a key or bounds that do not hold.
        """
        command = self._commands.decode(value)
        _check_key(key, command.member_id)
        try:
            check_command(command, recorded_at)
        except InvalidEvent as invalid:
            raise MalformedRecord(invalid.reason, invalid.detail) from invalid
        return command

    def decode_tick(self, value: bytes | None) -> Tick:
        """
        Read a tick.

        Raises: MalformedRecord for bytes that are not one.
        """
        return self._ticks.decode(value)


def check_key(key: bytes | None, member_id: str) -> None:
    """
    Refuse a record whose key is not the member it speaks of, or no member's at all.

    Raises: MalformedRecord with reason `null-key`, `key-invalid`, `key-mismatch` or
    `key-reserved`.
    """
    _check_key(key, member_id)
    if is_account(member_id):
        detail = f"the id {member_id[:64]!r} is kept for the accounts of budgets"
        raise MalformedRecord("key-reserved", detail)


def check_outside_command(command: Command, recorded_at: int) -> None:
    """
    Refuse a command from outside that no member may be sent, or nobody but us sends.

    For whoever takes commands in, such as the API, before they reach the topic.

    Raises: MalformedRecord as `check_key`, and with reason `command-reserved`;
    InvalidEvent.
    """
    check_key(command.member_id.encode(), command.member_id)
    if command.type.startswith((RESERVED_TYPES, MERGE_TYPES)):
        detail = f"commands {RESERVED_TYPES}… and {MERGE_TYPES}… are sent by the engine"
        raise MalformedRecord("command-reserved", detail)
    check_command(command, recorded_at)


def _check_key(key: bytes | None, member_id: str) -> None:
    if not key:
        raise MalformedRecord("null-key", "the record has no key")
    if len(key) > KEY_BYTES_MAX or key[0] == 0:
        detail = (
            f"the key has {len(key)} bytes, at most {KEY_BYTES_MAX}, none NUL first"
        )
        raise MalformedRecord("key-invalid", detail)
    if key != member_id.encode():
        raise MalformedRecord(
            "key-mismatch", f"the key is {key[:64]!r}, member_id is {member_id[:64]!r}"
        )
