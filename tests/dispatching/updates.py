"""Updates with messages and events, as the dispatcher reads them."""

from dataclasses import replace
from typing import Any

from loyalty.decision import LedgerEntry
from loyalty.messages import ChannelText, Message, MessageTemplate, MessageValue
from loyalty.program import Program
from schemas.update_reader import Update
from schemas.updates import Change
from stores.endpoints_contract import Endpoint
from tests.builders import A_FULL_PROGRAM

NOW = 1_700_000_000_000
TEXTS = ("inbox", "push", "email", "webhook")
TEMPLATE = MessageTemplate(
    "hello",
    "marketing",
    tuple(ChannelText(name, "Hello", "Hi {{ name }}") for name in TEXTS),
)


class OneProgram:
    """The same program at every time."""

    latest: Program = replace(A_FULL_PROGRAM, templates=(TEMPLATE,))

    def at(self, _time: int, /) -> Program:
        return self.latest


def a_message(channel: str = "webhook", **changes: Any) -> Message:
    values = (MessageValue("name", "Ann"),)
    message = Message(
        *("m.1", "spring", channel, "marketing", "hello"), values, NOW, 0, "because"
    )
    return message._replace(**changes)


def an_entry(kind: str, points: int, wallet: str = "points") -> LedgerEntry:
    return LedgerEntry("e", kind, points, "", "", "", "", 0, NOW, 0, wallet)


def an_update(*messages: Message, **changes: Any) -> Update:
    change = Change(
        version=7,
        event_id="e-1",
        event_kind="tick",
        order_id="",
        occurred_at=NOW,
        recorded_at=NOW,
        topic="clock",
        offset=0,
        why="",
        entries=(),
        offer_events=(),
        triggers=(),
        tier_before="",
        tier_after="",
        messages=messages,
    )
    return Update("ann", 7, NOW, 0, "", b"{}", [change._replace(**changes)])


def an_endpoint(name: str, *kinds: str, created_at: int = NOW) -> Endpoint:
    return Endpoint(f"ep_{name}", "https://example.com/", kinds, (), created_at)
