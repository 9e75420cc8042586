"""E-mails by a real SMTP server: two forms, one way out, no header but ours."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from delivery.mail import Letter, MailNotSent, MailServer, Patience, send_mail
from delivery.sealing import DeliveryKey
from delivery.unsubscribing import Unsubscription, token_of, wish_of
from local.ports import free_port
from tests.delivery.slow_server import END, GREETING, SlowServer

KEY = DeliveryKey("k" * 32)
LETTER = Letter(
    "msg_1",
    "ann@example.com",
    "Almost there é",
    "30 points\n\nto <dessert>",
    unsubscribe_url="https://loyal.example.com/unsubscribe/t.s",
    at_ms=1_700_000_000_000,
)


class Mailbox:
    """What the server took; mail to nobody@ is refused for good, to busy@ for now."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        if address.startswith("busy@"):
            return "451 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it so
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        self.got.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, MailServer]]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    port = controller.port
    yield (
        box,
        MailServer("127.0.0.1", port, "none", "", "", "Bistro <news@bistro.example>"),
    )
    controller.stop()


def test_a_letter_has_two_forms_and_a_way_out(
    mailbox: tuple[Mailbox, MailServer],
) -> None:
    box, server = mailbox
    asyncio.run(send_mail(LETTER, server))
    (mail,) = box.got

    assert mail["From"] == "Bistro <news@bistro.example>"
    assert mail["To"] == "ann@example.com"
    assert mail["Subject"] == "Almost there é"
    assert mail["Message-ID"] == "<msg_1@bistro.example>"
    assert mail["List-Unsubscribe"] == "<https://loyal.example.com/unsubscribe/t.s>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = (part.get_content() for part in mail.iter_parts())
    assert text.replace("\r\n", "\n").strip() == LETTER.body
    assert "<p>to &lt;dessert&gt;</p>" in html


def test_a_letter_of_service_has_no_way_out(
    mailbox: tuple[Mailbox, MailServer],
) -> None:
    box, server = mailbox
    asyncio.run(send_mail(LETTER._replace(unsubscribe_url="", html="<b>x</b>"), server))

    assert box.got[0]["List-Unsubscribe"] is None
    assert "<b>x</b>" in list(box.got[0].iter_parts())[1].get_content()


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "ann@example.com\r\nBcc: all@example.com"},
        {"to": "ann@example.com, bob@example.com"},
        {"title": "Hi\r\nBcc: all@example.com"},
        {"title": "Hi\nX-Header: 1"},
        {"to": "nobody@example.com"},
    ],
    ids=["address", "two addresses", "title", "bare line feed", "no mailbox"],
)
def test_what_can_never_be_sent_is_final(
    mailbox: tuple[Mailbox, MailServer], changes: dict[str, str]
) -> None:
    box, server = mailbox
    with pytest.raises(MailNotSent) as found:
        asyncio.run(send_mail(LETTER._replace(**changes), server))

    assert found.value.is_final
    assert box.got == []


@pytest.mark.parametrize("is_away", [False, True], ids=["busy", "away"])
def test_what_fails_now_may_do_later(
    mailbox: tuple[Mailbox, MailServer], is_away: bool
) -> None:
    _, server = mailbox
    server = server._replace(port=1) if is_away else server
    with pytest.raises(MailNotSent) as found:
        asyncio.run(send_mail(LETTER._replace(to="busy@example.com"), server))

    assert not found.value.is_final


def said_by_a_slow_server(
    seconds: Mapping[str, float], patience: Patience
) -> tuple[str, int]:
    """What a letter comes to, empty for one that was taken; how many letters were."""
    server = SlowServer(seconds)

    async def send() -> str:
        async with server.serving() as address:
            try:
                await send_mail(LETTER, address, patience)
            except MailNotSent as error:
                return error.detail
        return ""

    return asyncio.run(send()), server.taken


def test_a_server_that_is_slow_at_each_step_is_given_up_as_a_whole() -> None:
    steps = dict.fromkeys((GREETING, "EHLO", "MAIL", "RCPT"), 0.6)
    started = time.monotonic()
    detail, taken = said_by_a_slow_server(steps, Patience(opening=1.0, answer=30.0))

    assert (detail, taken) == ("TimeoutError", 0)
    assert time.monotonic() - started < 2.2


def test_a_letter_that_a_server_thinks_about_for_long_is_waited_for() -> None:
    slow = {GREETING: 0.5, END: 3.5}

    assert said_by_a_slow_server(slow, Patience(opening=3.0, answer=30.0)) == ("", 1)


def test_a_letter_that_nobody_says_anything_about_is_given_up_in_the_end() -> None:
    detail, _ = said_by_a_slow_server({END: 9.0}, Patience(opening=5.0, answer=0.5))

    assert detail == "TimeoutError"


def test_a_letter_that_was_taken_is_sent_however_long_the_good_bye_lasts() -> None:
    patience = Patience(opening=3.0, answer=2.0)

    assert said_by_a_slow_server({"QUIT": 9.0}, patience) == ("", 1)


@pytest.mark.parametrize("member_id", ["ann", "ann é/=.x", "a" * 128])
def test_a_link_says_who_and_cannot_be_changed(member_id: str) -> None:
    wish = Unsubscription(member_id, "marketing", "msg_1")
    token = token_of(wish, KEY)
    other = token_of(wish._replace(member_id="bob"), DeliveryKey("x" * 32))

    assert wish_of(token, KEY) == wish
    for bad in (other, token[:-1], "x" + token, "", ".", "é.é"):
        assert wish_of(bad, KEY) is None
