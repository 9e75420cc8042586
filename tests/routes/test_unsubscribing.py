"""The way out of e-mails: looking changes nothing, one click does."""

import asyncio
import re

import pytest

from delivery.mail import Letter, composed
from delivery.unsubscribing import Unsubscription, token_of, wish_of
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


def path_in_mail(wish: Unsubscription) -> str:
    """Path of the link in an e-mail, as a mail program reads what was sent."""
    url = f"https://loyal.example.com/unsubscribe/{token_of(wish, DELIVERY_KEY)}"
    letter = Letter(wish.message_id, "ann@example.com", "Hi", "Hello", "", url)
    raw = composed(letter, "Bistro <news@bistro.example>").as_bytes()
    # One line, which nobody has encoded.
    found = re.search(rb"\r\nList-Unsubscribe: <https://[^/]+(/[^>\s]+)>\r\n", raw)
    assert found is not None
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    return found[1].decode()


def test_the_link_in_an_e_mail_as_it_is_sent_ends_in_a_command() -> None:
    client = Client()
    client.hold_member()
    client.token = None
    path = path_in_mail(WISH)

    clicked = client.call("POST", path, data={"List-Unsubscribe": "One-Click"})

    assert clicked.status_code == 200
    ((kind, said),) = commands(client)
    assert (kind, said["channel"], said["given"]) == ("consent.set", "email", False)


@pytest.mark.parametrize("member_id", ["household-900", "é" * 128, "0" * 128])
def test_the_longest_ids_make_a_link_that_is_read(member_id: str) -> None:
    wish = Unsubscription(member_id, "marketing", "msg_" + "a" * 32)

    token = path_in_mail(wish).removeprefix("/unsubscribe/")

    assert wish_of(token, DELIVERY_KEY) == wish


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


def consents(client: Client, member_id: str) -> dict[tuple[str, str], bool]:
    client.token = client.tokens.token()
    found = client.call("GET", f"/v1/members/{member_id}/consents").json()["items"]
    return {(one["channel"], one["purpose"]): one["given"] for one in found}


def a_guest_who_consented(client: Client) -> str:
    """Path of the link in an e-mail to a guest who has consented, and ann is there."""
    for member_id in ("ann", "guest-7"):
        client.ask("POST", "/v1/members", key=member_id, member_id=member_id)
    said = {"channel": "email", "purpose": "marketing", "given": True, "source": "app"}
    path = "/v1/members/guest-7/consents"
    assert client.ask("PUT", path, key="yes", **said).status_code == 200
    return path_in_mail(WISH._replace(member_id="guest-7"))


def test_an_old_link_of_a_merged_member_withdraws_what_the_survivor_has() -> None:
    client = Client()
    path = a_guest_who_consented(client)
    merge = "/v1/members/ann/merges"
    client.ask("POST", merge, key="merge", from_member_id="guest-7")
    assert consents(client, "ann")["email", "marketing"] is True

    clicked = client.call("POST", path, data={"List-Unsubscribe": "One-Click"})

    assert clicked.status_code == 200
    assert consents(client, "ann")["email", "marketing"] is False


def test_what_is_refused_is_not_said_to_be_done() -> None:
    client = Client()
    path = a_guest_who_consented(client)
    views = client.views
    (before,) = asyncio.run(views.all_of(["guest-7"]))
    client.ask("POST", "/v1/members/ann/merges", key="merge", from_member_id="guest-7")
    (after,) = asyncio.run(views.all_of(["guest-7"]))
    assert before is not None
    assert after is not None
    # The sink is behind: nobody can see yet that they are one.
    asyncio.run(views.replace(before, found=after.version))
    clicked = client.call("POST", path)

    assert clicked.status_code == 404
    assert clicked.json()["type"] == "/problems/link-invalid"
    assert "newest e-mail" in clicked.json()["detail"]
    assert consents(client, "ann")["email", "marketing"] is True
    asyncio.run(views.replace(after, found=before.version))
    assert ">Done<" in client.call("POST", path).text
    assert consents(client, "ann")["email", "marketing"] is False


def test_what_is_not_decided_yet_is_said_to_be_on_its_way() -> None:
    client = Client()
    path = a_guest_who_consented(client)
    client.publisher.is_paused = True

    sent = client.call("POST", path)
    assert (sent.status_code, "On its way" in sent.text) == (202, True)
    assert ">Done<" not in sent.text
    client.publisher.is_paused = False
    asyncio.run(client.publisher.catch_up())
    assert ">Done<" in client.call("POST", path).text
    assert consents(client, "guest-7")["email", "marketing"] is False
