"""The way out of e-mails: looking changes nothing, one click does."""

from delivery.unsubscribing import Unsubscription, token_of
from schemas.events import EventCodec
from schemas.topics import COMMANDS
from tests.builders import NOON
from tests.routes.client import DELIVERY_KEY, Client

WISH = Unsubscription("member-1", "marketing", "msg_1")


def commands(client: Client) -> list[tuple[str, dict]]:
    found = [
        EventCodec().decode_command(key, value, NOON)
        for topic, key, value in client.publisher.published
        if topic == COMMANDS.name
    ]
    return [(command.type, dict(command.attributes)) for command in found]


def test_one_click_withdraws_the_consent_and_a_look_does_not() -> None:
    client = Client()
    client.hold_member()
    client.token = None
    path = f"/unsubscribe/{token_of(WISH, DELIVERY_KEY)}"
    looked = client.call("GET", path)

    assert looked.status_code == 200
    assert '<form method="post">' in looked.text
    assert commands(client) == []
    clicked = client.call("POST", path, data={"List-Unsubscribe": "One-Click"})
    client.call("POST", path)
    assert clicked.status_code == 200
    assert "script" not in clicked.text
    assert set(map(str, commands(client))) == {
        str(
            (
                "consent.set",
                {
                    "channel": "email",
                    "purpose": "marketing",
                    "given": False,
                    "source": "list-unsubscribe",
                },
            )
        )
    }


def test_a_link_that_was_changed_is_not_found() -> None:
    client = Client()
    client.hold_member()
    token = token_of(WISH, DELIVERY_KEY)
    for bad in (token[:-2], "x" + token, "nothing"):
        for method in ("GET", "POST"):
            answer = client.call(method, f"/unsubscribe/{bad}")
            assert answer.status_code == 404
            assert answer.json()["type"] == "/problems/link-invalid"
    assert commands(client) == []
