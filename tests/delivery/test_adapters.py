"""The adapters of the page, over rendered messages, against the providers' shapes."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from loyalty.messages import MessageValue
from stores.outbox_contract import Delivery
from streams.dispatching.planning import Planner, PlanRules, Surroundings
from streams.dispatching.senders import payload
from tests.dispatching.updates import NOW, OneProgram, a_message, an_endpoint, an_update

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "adapters.md"
HOUR_MS = 3_600_000
SERVICE = "MG" + "0123456789abcdef" * 2
ENDPOINT = an_endpoint("push", "message.push", "message.webhook")


def functions() -> dict[str, Any]:
    """What the page's code defines, run as it stands there."""
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert code is not None
    names: dict[str, Any] = {}
    exec(code[1], names)  # noqa: S102 - our own page
    return names


def bodies(webhook_id: str, data: dict[str, Any], now: int) -> dict[str, Any]:
    """What each provider is sent for a message."""
    made: dict[str, Callable[..., Any]] = functions()
    return {
        "braze": made["braze"](webhook_id, data, now),
        "fcm": made["fcm"](webhook_id, data, now, token="a-token"),
        "twilio": made["twilio"](data, now, number="+12025550123", service_sid=SERVICE),
    }


def rendered(**changes: Any) -> tuple[str, dict[str, Any]]:
    """Id and data of a message as an endpoint gets it."""
    update = an_update(a_message("push", **changes))
    planner = Planner(OneProgram(), PlanRules(sends_mail=False, age_ms_max=HOUR_MS))
    found: list[Delivery] = list(
        planner.deliveries(update, Surroundings((ENDPOINT,), NOW))
    )
    (delivery,) = found
    told = json.loads(payload(delivery))
    assert told["type"] == "message.push"
    return delivery.message_id, told["data"]


@pytest.mark.parametrize("provider", ["braze", "fcm", "twilio"])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"expires_at": NOW + HOUR_MS},
        {"expires_at": NOW + 400 * 24 * HOUR_MS},
        {"values": (MessageValue("name", 'Zoë "😀" ' * 9),)},
        {"campaign_id": "journey:welcome é" + "x" * 60},
    ],
    ids=["plain", "an hour", "longer than any provider", "unicode", "a long campaign"],
)
def test_what_is_sent_has_the_providers_shape(
    provider: str, changes: dict[str, Any]
) -> None:
    webhook_id, data = rendered(**changes)
    shape = json.loads((HERE / "shapes" / f"{provider}.json").read_text())

    body = bodies(webhook_id, data, NOW)[provider]

    jsonschema.Draft202012Validator.check_schema(shape)
    jsonschema.validate(body, shape, cls=jsonschema.Draft202012Validator)
    text = json.dumps(body, ensure_ascii=False)
    assert json.dumps(data["body"], ensure_ascii=False)[1:-1] in text


def test_what_says_what_where_is_what_the_message_says() -> None:
    webhook_id, data = rendered(expires_at=NOW + HOUR_MS)
    made = bodies(webhook_id, data, NOW)

    apple = made["braze"]["messages"]["apple_push"]
    android = made["braze"]["messages"]["android_push"]
    assert made["braze"]["external_user_ids"] == ["ann"]
    assert apple["alert"] == {"title": "Hello", "body": "Hi Ann"}
    assert (android["title"], android["alert"]) == ("Hello", "Hi Ann")
    assert android["time_to_live"] == 3_600
    message = made["fcm"]["message"]
    assert message["notification"] == {"title": "Hello", "body": "Hi Ann"}
    assert message["android"]["ttl"] == "3600s"
    assert message["data"]["webhook_id"] == webhook_id
    assert (made["twilio"]["Body"], made["twilio"]["ValidityPeriod"]) == (
        "Hi Ann",
        "3600",
    )


def test_a_repeat_makes_the_same_so_that_it_takes_the_firsts_place() -> None:
    webhook_id, data = rendered()

    assert bodies(webhook_id, data, NOW) == bodies(webhook_id, data, NOW)
    other = bodies("msg_" + "f" * 32, data, NOW)
    place = "notification_id"
    first = bodies(webhook_id, data, NOW)["braze"]["messages"]["android_push"][place]
    assert other["braze"]["messages"]["android_push"][place] != first


@pytest.mark.parametrize("expires_at", [NOW, NOW - 1, NOW + 999])
def test_what_is_over_has_no_seconds_left(expires_at: int) -> None:
    _, data = rendered()
    left = functions()["seconds_left"](data | {"expires_at": expires_at}, NOW, 60)

    assert left == 0
