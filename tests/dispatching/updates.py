"""Updates with messages and events, as plain records that the dispatcher reads."""

from dataclasses import replace
from typing import Any

from loyalty.messages import ChannelText, MessageTemplate
from loyalty.program import Program
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


def a_message(channel: str = "webhook", **changes: Any) -> dict[str, Any]:
    return {
        "message_id": "m.1",
        "campaign_id": "spring",
        "channel": channel,
        "purpose": "marketing",
        "template_id": "hello",
        "values": [{"name": "name", "value": "Ann"}],
        "created_at": NOW,
        "expires_at": 0,
        "reason": "because",
    } | changes


def an_update(*messages: dict[str, Any], **changes: Any) -> dict[str, Any]:
    change = {
        "version": 7,
        "event_id": "e-1",
        "event_kind": "tick",
        "order_id": "",
        "occurred_at": NOW,
        "recorded_at": NOW,
        "entries": [],
        "offer_events": [],
        "tier_before": "",
        "tier_after": "",
        "refusal": "",
        "result": None,
        "messages": list(messages),
    }
    return {"member_id": "ann", "version": 7, "changes": [change | changes]}


def an_endpoint(name: str, *kinds: str, created_at: int = NOW) -> Endpoint:
    return Endpoint(f"ep_{name}", "https://example.com/", kinds, (), created_at)
