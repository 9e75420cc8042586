"""The sender of e-mails, with a real server: who has an address gets one."""

import asyncio
import json
from typing import Any

from delivery.mail import MailServer
from delivery.unsubscribing import wish_of
from local.ports import free_port
from stores.email_addresses_contract import MemoryEmailAddresses
from stores.outbox_contract import Delivery
from streams.dispatching.attempts import Attempt
from streams.dispatching.mail_sender import MailSender
from tests.delivery.test_mail import KEY, Mailbox
from tests.dispatching.updates import NOW


def a_mail(member_id: str, purpose: str = "marketing") -> Delivery:
    body = json.dumps(
        {"title": "Hi", "body": "Come in", "html": "", "purpose": purpose}
    )
    return Delivery(
        f"msg_{member_id}:smtp",
        f"msg_{member_id}",
        "smtp",
        "spring",
        "email",
        "message.email",
        member_id,
        body,
        NOW,
    )


def sent(*deliveries: Delivery, sealed: str = "") -> tuple[list[Attempt], Mailbox]:
    from aiosmtpd.controller import Controller

    box = Mailbox()
    controller: Any = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    server = MailServer(
        "127.0.0.1", controller.port, "none", "", "", "Bistro <news@bistro.example>"
    )

    async def send() -> list[Attempt]:
        addresses = MemoryEmailAddresses()
        await addresses.put("ann", sealed or KEY.seal("ann@example.com"))
        await addresses.put("gone", KEY.seal("nobody@example.com"))
        sender = MailSender(
            server, addresses, key=KEY, public_address="https://loyal.example.com"
        )
        return await sender.send(deliveries)

    try:
        return asyncio.run(send()), box
    finally:
        controller.stop()


def test_a_letter_of_marketing_has_a_signed_way_out_and_one_of_service_none() -> None:
    attempts, box = sent(a_mail("ann"), a_mail("ann", "service"))

    assert [attempt.succeeded for attempt in attempts] == [True, True]
    link = box.got[0]["List-Unsubscribe"].strip("<>")
    wish = wish_of(link.rpartition("/")[2], KEY)
    assert wish is not None
    assert (wish.member_id, wish.purpose) == ("ann", "marketing")
    assert box.got[1]["List-Unsubscribe"] is None


def test_whoever_has_no_address_or_no_mailbox_is_not_tried_again() -> None:
    attempts, box = sent(a_mail("bob"), a_mail("gone"))

    assert box.got == []
    assert [(a.is_final, a.counts) for a in attempts] == [(True, False)] * 2
    assert [a.detail for a in attempts] == ["no address is known", "answered 550"]


def test_an_address_of_another_key_waits_for_its_key() -> None:
    (attempt,), box = sent(a_mail("ann"), sealed="of another key")

    assert box.got == []
    assert (attempt.succeeded, attempt.is_final, attempt.counts) == (
        False,
        False,
        False,
    )
