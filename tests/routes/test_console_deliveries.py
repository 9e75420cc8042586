"""The console's page of deliveries: it shows, stops only what was typed, replays."""

import asyncio
from typing import Any

import pytest

from schemas.deliveries import DeliveryEvent
from stores.delivery_controls_contract import Stop
from stores.inbox_contract import InboxMessage, InboxWrite
from stores.outbox_contract import Delivery
from tests.builders import NOON
from tests.routes.client import Client
from tests.routes.desk import Visitor
from tests.routes.test_webhooks import created, dead_ones


def controls(client: Client) -> Any:
    return asyncio.run(client.deliveries.controls.read())


def a_waiting_one(client: Client, target: str) -> None:
    one = Delivery(
        f"msg_w:{target}",
        "msg_w",
        target,
        "spring",
        "push",
        "message.push",
        "ann",
        "{}",
        NOON,
    )
    asyncio.run(client.deliveries.outbox.put([one], NOON))


def test_it_shows_endpoints_lanes_and_what_is_dead() -> None:
    client = Client()
    made = created(client)
    a_waiting_one(client, made["id"])
    dead_ones(client, made["id"], 2)
    for _ in range(10):
        failed = client.deliveries.controls.note(made["id"], succeeded=False, now=NOON)
        asyncio.run(failed)
    text = Visitor(client).sign_in("operator").get("/deliveries").text

    assert "hooks.example.com" in text
    assert "Left alone" in text
    assert "answered 500" in text
    assert "spring" in text


@pytest.mark.parametrize(
    ("campaign", "typed", "scope"),
    [
        ("spring", "spring", "campaign:spring"),
        ("", "all", "all"),
        ("spring", "all", None),
        ("spring", "Spring", None),
        ("", "", None),
        ("", "spring", None),
    ],
)
def test_the_kill_switch_needs_the_name_typed(
    campaign: str, typed: str, scope: str | None
) -> None:
    client = Client()
    visitor = Visitor(client).sign_in("marketer", name="Ada")
    form = {"campaign": campaign, "typed": typed, "reason": "wrong price"}
    answer = visitor.send("/deliveries/stop", "/deliveries", **form)

    stops = controls(client).stops
    assert set(stops) == ({scope} if scope else set())
    assert answer.status_code == (303 if scope else 422)
    if scope:
        assert (stops[scope].by, stops[scope].reason) == ("Ada", "wrong price")


def test_what_is_stopped_is_started_again() -> None:
    client = Client()
    asyncio.run(client.deliveries.controls.stop(Stop("all", "Ada", NOON)))
    visitor = Visitor(client).sign_in("operator")

    assert "Everything was stopped by Ada" in visitor.get("/deliveries").text
    visitor.send("/deliveries/start", "/deliveries", scope="all")
    assert controls(client).stops == {}


def test_what_is_dead_is_sent_again() -> None:
    client = Client()
    made = created(client)
    dead_ones(client, made["id"], 3)
    visitor = Visitor(client).sign_in("operator")
    answer = visitor.send("/deliveries/replay", "/deliveries", target=made["id"])

    assert answer.headers["location"] == "/console/deliveries?sent=3"
    assert "3 go out again" in visitor.get("/deliveries?sent=3").text


def test_a_form_without_its_secret_stops_nothing() -> None:
    client = Client()
    visitor = Visitor(client).sign_in("operator")
    answer = visitor.post("/deliveries/stop", campaign="", typed="all")

    assert answer.status_code == 400
    assert controls(client).stops == {}


def test_the_desk_sees_what_a_member_was_told_and_read() -> None:
    client = Client()
    client.hold_member()
    message = InboxMessage("msg_1", "spring", "hello", "Hi", "B", NOON)
    first = DeliveryEvent(
        "msg_1:inbox",
        1,
        "member-1",
        "msg_1",
        "spring-sale",
        "inbox",
        "message.inbox",
        "inbox",
        "sent",
        0,
        "",
        NOON,
        NOON,
    )

    async def put() -> None:
        await client.deliveries.inbox.put([InboxWrite("member-1", message)])
        await client.deliveries.inbox.mark("member-1", "msg_1", "read", at=NOON)
        await client.analytics.insert_deliveries([first], token="t")

    asyncio.run(put())
    text = Visitor(client).sign_in("service").get("/members/member-1").text

    assert "spring-sale" in text
    assert ", read " in text
