"""
Keeps bytes that a release has written: `python -m tests.schemas.keep 0.1.0`, once for each.

`tests/schemas/kept/<release>.json` is never written again. `test_kept_bytes.py` reads each
of them with today's codecs: a field that was there says the same, one that is new has its
default. `shapes` are the fields of what is kept as MessagePack, where no schema tells.
"""

import base64
import json
import sys
import typing
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple, get_args

from loyalty.budget_books import Lease, LeaseBook, Lent, Owner, OwnerBook, Request
from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.events import Tick
from loyalty.member import NEW_MEMBER, Member
from loyalty.program import Program
from loyalty.view import view_of
from schemas.dead_letter_marks import Mark, MarkCodec
from schemas.deliveries import DeliveryCodec, DeliveryEvent
from schemas.events import EventCodec
from schemas.state import Checkpoint, DeadLetter, StateCodec
from schemas.updates import Source, UpdateCodec, change_record
from stores.programs import load_program
from tests.builders import (
    A_FULL_PROGRAM,
    NOON,
    a_refund,
    an_activity,
    an_adjustment,
    an_order,
)

KEPT = Path(__file__).parent / "kept"
DEMO = Path(__file__).parents[2] / "programs" / "demo.yaml"
HOUR_MS = 3_600_000
LIFE = [
    an_order("a", subtotal_minor=90_00),
    an_order("b", subtotal_minor=310_00, occurred_at=NOON + HOUR_MS),
    a_refund("a", amount_minor=10_00, occurred_at=NOON + 2 * HOUR_MS),
    an_activity(),
    an_adjustment(7),
]


class Kind(NamedTuple):
    """One kind of record: how it is read, and what it is as a value."""

    name: str
    decode: Callable[[bytes], Any]


EVENTS, STATES, UPDATES = EventCodec(), StateCodec(), UpdateCodec()
KINDS = {
    kind.name: kind
    for kind in (
        Kind("order_event", lambda value: EVENTS.read_order(value, NOON)),
        Kind("activity_event", lambda value: EVENTS.read_activity(value, NOON)),
        Kind("command", lambda value: EVENTS.decode_command(b"member-1", value, NOON)),
        Kind("tick", EVENTS.decode_tick),
        Kind("member_state", STATES.decode_member),
        Kind("member_update", UPDATES.decode),
        Kind("checkpoint", STATES.decode_checkpoint),
        Kind("dead_letter", STATES.decode_dead_letter),
        Kind("dead_letter_mark", MarkCodec().decode),
        Kind("delivery_event", DeliveryCodec().decode),
        Kind("account_state", lambda value: STATES.accounts.decode(value)[1]),
    )
}


def written() -> Iterator[tuple[str, bytes]]:
    """A record or more of each kind, as today's codecs write them."""
    yield "order_event", EVENTS.encode_order(LIFE[0])
    yield "order_event", EVENTS.encode_order(LIFE[2])
    yield "activity_event", EVENTS.encode_activity(LIFE[3])
    yield "command", EVENTS.encode_command(LIFE[4])
    yield "tick", EVENTS.encode_tick(Tick(NOON))
    yield "checkpoint", STATES.encode_checkpoint(Checkpoint({"orders": 7}, 5, 1, 1))
    letter = DeadLetter("orders", 1, 7, "null-key", "no key", NOON, None, b"\x07")
    yield "dead_letter", STATES.encode_dead_letter(letter)
    yield "dead_letter_mark", MarkCodec().encode(_example(Mark))
    yield "delivery_event", DeliveryCodec().encode(_example(DeliveryEvent))
    lease = Lease("spring", 3, 2, books=(LeaseBook(0),))
    owner = Owner(4, 1, books=(OwnerBook(0, (Lent(1, 5),), (Request(2, 1, 3),)),))
    yield "account_state", STATES.accounts.encode("lease:spring:3", lease)
    yield "account_state", STATES.accounts.encode("budget:spring", owner)
    for program in (A_FULL_PROGRAM, load_program(DEMO)):
        yield from _of_a_life(program)


def _of_a_life(program: Program) -> Iterator[tuple[str, bytes]]:
    member, changes = NEW_MEMBER, []
    for number, event in enumerate(LIFE):
        decision = decide(member, event, program, member_id="member-1")
        assert isinstance(decision, Decision), decision
        member = decision.member
        source = Source("orders", number, event.occurred_at)
        change = change_record(
            decision,
            source,
            event_id=f"e{number}",
            event_kind="PLACED",
            occurred_at=event.occurred_at,
            order_id="a",
        )
        changes.append(change)
        yield "member_state", STATES.encode_member(member)
    state = STATES.encode_member(member)
    view = view_of("member-1", member, program)
    yield "member_update", UPDATES.encode("member-1", view, changes, state=state)


def _example(shape: Any) -> Any:
    """A value of a named tuple with something in each field."""
    values = {}
    for name, kind in typing.get_type_hints(shape).items():
        kinds = {kind, *get_args(kind)}
        values[name] = 7 if int in kinds else True if bool in kinds else f"a {name}"
    return shape(**values)


def said(value: Any) -> Any:
    """A value as JSON, with the names of its fields."""
    if hasattr(value, "_fields"):
        return {name: said(getattr(value, name)) for name in value._fields}
    if isinstance(value, dict):
        return {str(name): said(one) for name, one in sorted(value.items())}
    if isinstance(value, (tuple, list)):
        return [said(one) for one in value]
    if isinstance(value, bytes):
        return value.hex()
    return value


def shape_of(shape: Any) -> str:
    """Digest of a named tuple's fields, their types and defaults, and those of its parts."""
    found: dict[str, str] = {}

    def visit(kind: Any) -> None:
        for part in get_args(kind):
            visit(part)
        if hasattr(kind, "_fields") and kind.__name__ not in found:
            hints = typing.get_type_hints(kind)
            found[kind.__name__] = repr(
                [(name, str(hints[name])) for name in kind._fields]
            )
            for name in kind._fields:
                visit(hints[name])

    visit(shape)
    return blake2b(repr(sorted(found.items())).encode(), digest_size=16).hexdigest()


def kept_now() -> dict[str, Any]:
    """Everything that is kept of a release."""
    return {
        "shapes": {shape.__name__: shape_of(shape) for shape in (Member, Lease, Owner)},
        "records": [
            {
                "kind": name,
                "bytes": base64.b64encode(value).decode(),
                "says": said(KINDS[name].decode(value)),
            }
            for name, value in written()
        ],
    }


if __name__ == "__main__":
    KEPT.mkdir(exist_ok=True)
    file = KEPT / f"{sys.argv[1]}.json"
    assert not file.exists(), f"{file} is kept already"
    file.write_text(json.dumps(kept_now(), indent=1) + "\n")
