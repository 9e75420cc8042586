"""Dead letters over HTTP and on the console: look, send again, discard, who and why."""

import json

import pytest

from schemas.events import EventCodec
from schemas.state import DeadLetter
from tests.builders import NOON, an_order
from tests.routes.client import Client
from tests.routes.desk import Visitor

LETTERS = "/v1/dead-letters"
WHY = {"why": "the till was repaired"}
ORDER = an_order("o1", member_id="member-1", occurred_at=NOON)


@pytest.fixture
def client() -> Client:
    return Client()


def a_letter(
    client: Client, value: bytes = b"\xff<b>", reason: str = "wrong-magic"
) -> str:
    """Letter of an order of member-1; returns its name."""
    letter = DeadLetter("orders", 1, 42, reason, "<i>x</i>", NOON, b"member-1", value)
    return client.dead_letters.hold(1, letter)


def post(client: Client, what: str, **body: object) -> tuple[int, dict[str, object]]:
    """Status and body of a deed."""
    answer = client.call("POST", f"/v1/dead-letter-{what}s", json=WHY | body)
    return answer.status_code, answer.json()


def test_letters_are_listed_by_page(client: Client) -> None:
    names = [a_letter(client), a_letter(client, reason="null-key"), a_letter(client)]

    first = client.call("GET", f"{LETTERS}?limit=2").json()
    second = client.call(
        "GET", f"{LETTERS}?limit=2&cursor={first['next_cursor']}"
    ).json()
    chosen = client.call("GET", f"{LETTERS}?reason=null-key").json()

    assert [one["letter_id"] for one in first["items"]] == names[:2]
    assert [one["letter_id"] for one in second["items"]] == names[2:]
    assert second["next_cursor"] is None
    assert [one["letter_id"] for one in chosen["items"]] == [names[1]]


def test_a_letter_shows_its_bytes_and_what_they_say(client: Client) -> None:
    value = EventCodec().encode_order(ORDER)
    broken, sound = a_letter(client), a_letter(client, value, "time-too-late")

    first = client.call("GET", f"{LETTERS}/{broken}").json()
    second = client.call("GET", f"{LETTERS}/{sound}").json()

    assert (first["value_base64"], first["document"]) == ("/zxiPg==", None)
    assert second["document"]["order_id"] == "o1"
    assert client.call("GET", f"{LETTERS}/1-99").json()["type"] == (
        "/problems/dead-letter-not-found"
    )


def test_a_letter_is_sent_again_once_in_the_name_of_who_asked(client: Client) -> None:
    name = a_letter(client)

    answers = [post(client, "redrive", letter_ids=[name]) for _ in range(2)]
    mark = client.call("GET", f"{LETTERS}/{name}").json()["mark"]

    assert answers == [
        (200, {"outcomes": {name: "redriven"}}),
        (200, {"outcomes": {name: "already"}}),
    ]
    assert client.dead_letters.sent == [("orders", b"member-1", b"\xff<b>")]
    assert (mark["why"], mark["is_edited"]) == (WHY["why"], False)
    assert mark["actor"]
    assert client.call("GET", LETTERS).json()["items"] == []


def test_an_edited_value_goes_under_the_same_key(client: Client) -> None:
    name = a_letter(client, EventCodec().encode_order(ORDER), "time-too-late")
    document = client.call("GET", f"{LETTERS}/{name}").json()["document"]

    done = post(
        client, "redrive", letter_ids=[name], document=document | {"store_id": "other"}
    )
    topic, key, value = client.dead_letters.sent[0]

    assert done == (200, {"outcomes": {name: "redriven"}})
    assert (topic, key) == ("orders", b"member-1")
    sent = EventCodec().decode_order(key, value, NOON)
    assert sent == ORDER._replace(store_id="other")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"member_id": "member-2"}, "key-mismatch"),
        ({"total_minor": "much"}, "undecodable"),
        ({"balance": 5}, "undecodable"),
        ({"occurred_at": 1_000}, "time-too-early"),
    ],
    ids=["another member", "not of its type", "not a field", "C10: out of time"],
)
def test_an_edit_that_the_engine_would_bury_again_is_refused(
    client: Client, change: dict[str, object], reason: str
) -> None:
    name = a_letter(client, EventCodec().encode_order(ORDER))
    document = client.call("GET", f"{LETTERS}/{name}").json()["document"]

    status, problem = post(
        client, "redrive", letter_ids=[name], document=document | change
    )

    assert (status, problem["reason"]) == (422, reason)
    assert client.dead_letters.sent == []


@pytest.mark.parametrize("what", ["redrive", "discard"])
def test_only_who_may_write_deals_with_letters(client: Client, what: str) -> None:
    name = a_letter(client)
    client.token = client.tokens.token(scope="operations:read events:write")

    assert post(client, what, letter_ids=[name])[0] == 403
    assert client.call("GET", f"{LETTERS}/{name}").json()["status"] == "open"


def test_without_kafka_it_is_503(client: Client) -> None:
    client.dead_letters.is_available = False

    assert client.call("GET", LETTERS).status_code == 503
    assert post(client, "discard", letter_ids=["1-1"])[0] == 503


def test_an_operator_picks_letters_and_sends_them_again(client: Client) -> None:
    names = [a_letter(client), a_letter(client), a_letter(client)]
    visitor = Visitor(client).sign_in("operator", "Olga")
    picked = {f"letter-{name}": "on" for name in names[:2]}

    page = "/operations/letters"
    answer = visitor.send(f"{page}/deal", page, do="redrive", why="repaired", **picked)
    after = visitor.get(page).text

    assert answer.status_code == 303
    assert "done=2+redriven" in answer.headers["location"]
    assert len(client.dead_letters.sent) == 2
    # As links, since a token of the session may hold any three characters.
    assert f'href="/console{page}/{names[0]}"' not in after
    assert f'href="/console{page}/{names[2]}"' in after


def test_an_operator_corrects_what_a_record_says(client: Client) -> None:
    name = a_letter(client, EventCodec().encode_order(ORDER), "time-too-late")
    visitor = Visitor(client).sign_in("operator", "Olga")
    page = f"/operations/letters/{name}"
    document = client.call("GET", f"{LETTERS}/{name}").json()["document"]
    changed = json.dumps(document | {"store_id": "corrected"})

    visitor.send(
        "/operations/letters/deal", page, do="redrive", why="w", document=changed
    )
    shown = visitor.get(page).text

    assert b"corrected" in (client.dead_letters.sent[0][2] or b"")
    assert "edited" in shown
    assert "Send again" not in shown


def test_an_operator_discards_a_letter(client: Client) -> None:
    name = a_letter(client)
    visitor = Visitor(client).sign_in("operator")
    page = f"/operations/letters/{name}"

    visitor.send("/operations/letters/deal", page, do="discard", why="a test")

    assert client.dead_letters.sent == []
    assert "discarded" in visitor.get(page).text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"letter-1-0": "on", "why": ""}, 422),
        ({"why": "w"}, 422),
        ({"letter-1-0": "on", "why": "w", "document": "{", "do": "redrive"}, 422),
        ({"letter-1-0": "on", "why": "w", "document": "[]", "do": "redrive"}, 422),
    ],
    ids=["no reason", "nothing picked", "no JSON", "no object"],
)
def test_a_deed_that_cannot_be_is_told_on_a_page(
    client: Client, fields: dict[str, str], status: int
) -> None:
    a_letter(client)
    visitor = Visitor(client).sign_in("operator")
    page = "/operations/letters"

    assert visitor.send(f"{page}/deal", page, **fields).status_code == status
    assert client.dead_letters.sent == []


def test_words_of_strangers_are_words(client: Client) -> None:
    name = a_letter(client)
    visitor = Visitor(client).sign_in("operator")

    for page in ("/operations/letters", f"/operations/letters/{name}"):
        assert "&lt;i&gt;x&lt;/i&gt;" in visitor.get(page).text


def test_who_may_only_look_finds_no_buttons(client: Client) -> None:
    name = a_letter(client)
    visitor = Visitor(client).sign_in("everything")

    assert "Send again" in visitor.get(f"/operations/letters/{name}").text
    answer = Visitor(client).sign_in("analyst").get("/operations/letters")
    assert answer.status_code == 403
