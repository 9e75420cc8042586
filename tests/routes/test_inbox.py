"""A member's inbox over HTTP, e-mail addresses, and templates before they are sent."""

import asyncio
from typing import Any

import httpx
import pytest

from schemas.events import EventCodec
from schemas.topics import ACTIVITY
from stores.inbox_contract import InboxMessage, InboxWrite
from tests.builders import NOON
from tests.routes.client import DELIVERY_KEY, Client

PATH = "/v1/members/member-1/inbox"


def a_client(count: int, **changes: Any) -> Client:
    client = Client()
    client.hold_member()
    writes = [
        InboxWrite(
            "member-1",
            InboxMessage(
                f"msg_{n}", "spring", "hello", "Hi", "B", NOON + n // 2
            )._replace(**changes),
        )
        for n in range(count)
    ]
    asyncio.run(client.deliveries.inbox.put(writes))
    return client


def ids(answer: httpx.Response) -> list[str]:
    return [item["id"] for item in answer.json()["items"]]


def test_an_inbox_is_paged_newest_first_and_counts_what_is_unread() -> None:
    client = a_client(7)
    seen, cursor = [], ""
    while cursor is not None:
        answer = client.call(
            "GET", f"{PATH}?limit=2" + (f"&cursor={cursor}" if cursor else "")
        )
        seen += ids(answer)
        cursor = answer.json()["next_cursor"]
        assert answer.json()["unread"] == 7

    assert seen == [f"msg_{n}" for n in (6, 5, 4, 3, 2, 1, 0)]


def test_an_inbox_that_is_known_is_not_sent_again() -> None:
    client = a_client(1)
    etag = client.call("GET", PATH).headers["etag"]
    again = client.call("GET", PATH, headers={"if-none-match": etag})
    client.call("PUT", f"{PATH}/msg_0", json={"state": "read"})
    changed = client.call("GET", PATH, headers={"if-none-match": etag})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    assert changed.json()["unread"] == 0


@pytest.mark.parametrize("state", ["read", "dismissed"])
def test_what_a_member_does_with_a_message_is_in_the_log_once(state: str) -> None:
    client = a_client(1)
    for _ in range(2):
        answer = client.call("PUT", f"{PATH}/msg_0", json={"state": state})
        assert answer.status_code == 200
        assert answer.json()[f"{state}_at"] is not None
    acts = [
        EventCodec().decode_activity(key, value, NOON)
        for topic, key, value in client.publisher.published
        if topic == ACTIVITY.name
    ]

    assert [(act.type, act.event_id) for act in acts] == [
        (f"message.{state}", f"msg_0:{state}")
    ]
    assert acts[0].attributes == {"message_id": "msg_0", "campaign_id": "spring"}
    assert ids(client.call("GET", PATH)) == (["msg_0"] if state == "read" else [])


def test_what_is_over_is_not_shown() -> None:
    client = a_client(1, expires_at=NOON + 1_000)

    assert ids(client.call("GET", PATH)) == ["msg_0"]
    client.now_seconds += 1
    assert ids(client.call("GET", PATH)) == []


def test_a_message_that_is_not_there_is_not_found() -> None:
    answer = a_client(1).call("PUT", f"{PATH}/msg_9", json={"state": "read"})

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/message-not-found"


def test_another_members_inbox_is_as_one_that_is_not_there() -> None:
    client = a_client(1)
    client.token = client.tokens.token(member_id="member-2")

    for method, path in (("GET", PATH), ("PUT", f"{PATH}/msg_0")):
        body = {"json": {"state": "read"}} if method == "PUT" else {}
        answer = client.call(method, path, **body)
        assert answer.status_code == 404
        assert answer.json()["type"] == "/problems/member-not-found"


def test_an_address_is_kept_sealed_and_forgotten() -> None:
    client = a_client(0)
    path = "/v1/members/member-1/email-address"
    kept = client.call("PUT", path, json={"address": "Ann@Example.com"})
    sealed = asyncio.run(client.deliveries.addresses.get("member-1"))

    assert kept.status_code == 204
    assert sealed is not None
    assert DELIVERY_KEY.unseal(sealed) == "ann@example.com"
    assert client.call("DELETE", path).status_code == 204
    assert asyncio.run(client.deliveries.addresses.get("member-1")) is None


@pytest.mark.parametrize(
    "address", ["nobody", "a@b.c\r\nBcc: x@y.z", "a b@c.de", "a@b.c, d@e.f"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    client = a_client(0)
    path = "/v1/members/member-1/email-address"

    answer = client.call("PUT", path, json={"address": address})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/address"


def test_an_export_has_the_address_and_the_inbox() -> None:
    client = a_client(1)
    client.call(
        "PUT", "/v1/members/member-1/email-address", json={"address": "a@b.example"}
    )
    out = client.call("POST", "/v1/members/member-1/export").json()

    assert out["email_address"] == "a@b.example"
    assert [message["id"] for message in out["inbox"]] == ["msg_0"]


def preview(body: Any, **values: str) -> httpx.Response:
    template = {"id": "t", "purpose": "marketing", "texts": body}
    sent = {"template": template, "values": values}
    return Client().call("POST", "/v1/templates/preview", json=sent)


def test_a_template_is_shown_as_members_would_read_it() -> None:
    texts = {
        "inbox": {"title": "{{ name }}", "body": "{{ points }} to go"},
        "email": {"title": "Hi", "body": "x", "html": "<p>{{ name }}</p>"},
    }
    answer = preview(texts, name="<Ann>", points="3")

    assert answer.status_code == 200, answer.text
    assert answer.json()["names"] == ["name", "points"]
    shown = {text["channel"]: text for text in answer.json()["texts"]}
    assert (shown["inbox"]["title"], shown["inbox"]["body"]) == ("<Ann>", "3 to go")
    assert shown["email"]["html"] == "<p>&lt;Ann&gt;</p>"


@pytest.mark.parametrize(
    ("texts", "pointer"),
    [
        ({"inbox": {"body": "{{ points }}"}}, "/template/texts/inbox/body"),
        ({"push": {"title": "{{ 1 + 1 }}", "body": "x"}}, "/template/texts/push/title"),
        ({"push": {"body": "{{ x"}}, "/template/texts/push/body"),
        ({"push": {"title": "x"}}, "/template/texts/push/body"),
        ({"carrier-pigeon": {"body": "x"}}, "/template/texts/carrier-pigeon"),
    ],
)
def test_what_is_wrong_with_a_template_is_pointed_at(texts: Any, pointer: str) -> None:
    answer = preview(texts)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/template-invalid"
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


def test_a_template_that_nobody_knows_is_pointed_at() -> None:
    answer = Client().call(
        "POST", "/v1/templates/preview", json={"template_id": "gone"}
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/template_id"


@pytest.mark.parametrize(
    ("body", "status"), [("{{ points }} to go", 201), ("{{ 9 ** 9 }}", 422)]
)
def test_a_template_is_a_rule_and_an_unsound_one_is_refused(
    body: str, status: int
) -> None:
    template = {
        "id": "near",
        "purpose": "marketing",
        "texts": {"push": {"title": "Soon", "body": body}},
    }
    sent = {"section": "templates", "rule": template}
    answer = Client().call("POST", "/v1/rules", json=sent)

    assert answer.status_code == status, answer.text
    if status == 422:
        pointers = [error["pointer"] for error in answer.json()["errors"]]
        assert pointers == ["/rule/texts/push/body"]
    else:
        assert "A marketing message by push" in answer.text
