"""The service desk sends a message again: once for each time, and only what is right."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from api.console.resending import (
    RESEND_DAYS_MAX,
    RESENDS_MAX,
    resent_id,
    resent_ids,
)
from delivery.wording import webhook_id
from schemas.deliveries import DeliveryEvent
from stores.endpoints_contract import Endpoint
from stores.outbox_contract import FIRST, INBOX_TARGET, SENT, Delivery, Settled
from tests.builders import A_FULL_PROGRAM, NOON
from tests.dispatching.updates import TEMPLATE, a_message, an_update
from tests.routes.client import Client
from tests.routes.desk import Visitor

PROGRAM = replace(A_FULL_PROGRAM, templates=(TEMPLATE,))
PAGE, PATH = "/members/ann", "/members/ann/resend"
MESSAGE_ID = webhook_id("ann", "m.1")
PUSHED = DeliveryEvent(
    f"{MESSAGE_ID}:ep_app",
    1,
    "ann",
    MESSAGE_ID,
    "spring",
    "push",
    "message.push",
    "ep_app",
    SENT,
    200,
    "",
    NOON,
    NOON + 10,
)
DAY_SECONDS = 86_400


class Desk(Visitor):
    """A desk before which Ann sits, who agreed to pushes and was sent one."""

    def __init__(self, *, agrees: bool = True, **changes: Any) -> None:
        super().__init__(Client(PROGRAM))
        client = self.client
        client.ask("POST", "/v1/members", key="ann", member_id="ann")
        consent = {"channel": "push", "purpose": "marketing", "given": agrees}
        proof = {"source": "app", "text_version": "1"}
        client.ask("PUT", f"/v1{PAGE}/consents", key="consent", **consent, **proof)
        message = a_message("push", created_at=NOON, **changes)
        endpoint = Endpoint(
            "ep_app", "https://example.com/", ("message.push",), (), NOON
        )
        self.run(client.deliveries.endpoints.add(endpoint))
        self.run(client.analytics.insert_updates([an_update(message)], token="u"))
        self.tell(PUSHED)
        self.sign_in("service")

    def run(self, work: Any) -> Any:
        """Wait for a store."""
        return asyncio.run(work)

    def tell(self, *events: DeliveryEvent) -> None:
        """Tell analysts what became of deliveries."""
        self.run(self.client.analytics.insert_deliveries(list(events), token="d"))

    def resend(self, number: object = 1, **fields: str) -> str:
        """Fill in the form; where it leads to, or what it says."""
        told = {"delivery_id": PUSHED.delivery_id, "reason": "lost it"}
        known = told | {"number": str(number)} | fields
        answer = self.send(PATH, PAGE, **known)
        return answer.headers.get("location", answer.text)

    def queued(self) -> list[Delivery]:
        """What the outbox holds of the message's further times, in their order."""
        found = (
            self.run(self.client.deliveries.outbox.find(one))
            for one in resent_ids(PUSHED)
        )
        return [one for one in found if one is not None]


@pytest.fixture
def desk() -> Desk:
    """A desk with one message that can be sent again."""
    return Desk()


def test_the_same_words_go_out_under_an_id_of_their_own(desk: Desk) -> None:
    assert "Send again" in desk.get(PAGE).text
    assert desk.resend().endswith("/members/ann?resent=1#messages")

    [one] = desk.queued()
    assert one.message_id == resent_id(MESSAGE_ID, 1) != MESSAGE_ID
    assert one.delivery_id == f"{one.message_id}:ep_app"
    assert (one.target, one.channel, one.member_id) == ("ep_app", "push", "ann")
    body = json.loads(one.body)
    assert (body["message_id"], body["body"]) == ("m.1", "Hi Ann")


def test_it_is_due_at_once_and_told_with_its_reason(desk: Desk) -> None:
    desk.resend()
    outbox = desk.client.deliveries.outbox
    now = int(desk.client.now_seconds * 1_000)
    [lane] = desk.run(outbox.due_lanes(now))
    taken = desk.run(outbox.take(lane, now, limit=9, lease_ms=1, paces=()))
    assert [one.delivery_id for one in taken] == resent_ids(PUSHED)[:1]

    [told] = desk.run(outbox.outcomes(limit=9)).events
    assert (told.attempt, told.detail) == (0, "sent again: lost it (Ada)")
    desk.tell(told, told._replace(attempt=1, status=SENT, detail=""))
    page = desk.get(PAGE).text
    assert "sent again: lost it (Ada)" in page
    # The next form is for the second time, and none is for what was sent again.
    assert page.count('name="number"') == 1
    assert 'name="number" value="2"' in page


def test_a_form_that_is_sent_twice_sends_once(desk: Desk) -> None:
    desk.resend()
    [first] = desk.queued()
    sent = first._replace(status=SENT, attempts=1, attempted_at=NOON + 20)
    desk.run(desk.client.deliveries.outbox.settle([Settled(sent)], NOON + 20))
    again = desk.resend(reason="clicked twice")

    assert again.endswith("?resent=0#messages")
    page = desk.get(f"{PAGE}?resent=0").text
    assert "was sent again already" in page
    assert [one.status for one in desk.queued()] == [SENT]


def test_a_message_is_sent_again_so_often_and_no_more(desk: Desk) -> None:
    for number in range(1, RESENDS_MAX + 1):
        assert "resent=1" in desk.resend(number)

    assert "as often as it may be" in desk.resend(RESENDS_MAX + 1)
    assert len(desk.queued()) == RESENDS_MAX


@pytest.mark.parametrize("number", [2, 0, -1, "", "one", "1.0"])
def test_a_time_before_which_another_is_missing_is_none(
    desk: Desk, number: object
) -> None:
    assert "Nothing was done" in desk.resend(number)
    assert desk.queued() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"expires_at": NOON - 1}, "has ended", id="over"),
        pytest.param({"agrees": False}, "does not agree", id="no-consent"),
        pytest.param({"values": ()}, "is not known any more", id="no-values"),
        pytest.param({"template_id": "gone"}, "is not known any more", id="no-words"),
    ],
)
def test_what_would_be_wrong_now_is_not_sent(
    changes: dict[str, Any], said: str
) -> None:
    desk = Desk(**changes)

    assert said in desk.resend()
    assert desk.queued() == []


def test_what_an_order_needs_goes_without_a_consent() -> None:
    assert "resent=1" in Desk(agrees=False, purpose="service").resend()


@pytest.mark.parametrize(
    ("event", "said"),
    [
        pytest.param(PUSHED._replace(status="waiting"), "sent or given up", id="waits"),
        pytest.param(PUSHED._replace(status="expired"), "sent or given up", id="ended"),
        pytest.param(
            PUSHED._replace(kind="points.earned"), "sent or given up", id="no-message"
        ),
        pytest.param(
            PUSHED._replace(delivery_id="x", target="ep_gone"), "takes none", id="gone"
        ),
        pytest.param(
            PUSHED._replace(delivery_id="x", message_id="msg_x"), "not known", id="new"
        ),
    ],
)
def test_a_delivery_that_is_not_over_or_has_no_way_is_not_made_again(
    desk: Desk, event: DeliveryEvent, said: str
) -> None:
    desk.tell(event._replace(attempted_at=NOON + 50))

    assert said in desk.resend(delivery_id=event.delivery_id)
    assert desk.queued() == []


def test_a_message_of_another_member_is_not_known_here(desk: Desk) -> None:
    desk.client.ask("POST", "/v1/members", key="bob", member_id="bob")
    fields = {"delivery_id": PUSHED.delivery_id, "number": "1", "reason": "x"}
    answer = desk.send("/members/bob/resend", PAGE, **fields)

    assert "not known" in answer.text
    assert desk.queued() == []


def test_a_message_that_is_too_old_is_neither_offered_nor_sent(desk: Desk) -> None:
    desk.client.now_seconds += (RESEND_DAYS_MAX + 1) * DAY_SECONDS
    desk.sign_in("service")

    assert "Send again" not in desk.get(PAGE).text
    assert "sent or given up" in desk.resend()


def test_the_inbox_gets_it_once_more(desk: Desk) -> None:
    put = PUSHED._replace(
        delivery_id=f"{MESSAGE_ID}:inbox",
        channel="inbox",
        kind="message.inbox",
        target=INBOX_TARGET,
    )
    desk.tell(put)

    assert "resent=1" in desk.resend(delivery_id=put.delivery_id)
    recent = desk.run(
        desk.client.deliveries.outbox.page(
            INBOX_TARGET, dead=False, place=FIRST, limit=9
        )
    )
    assert [one.message_id for one in recent] == [resent_id(MESSAGE_ID, 1)]


def test_whoever_is_forgotten_is_sent_nothing_again(desk: Desk) -> None:
    desk.resend()
    assert desk.run(desk.client.deliveries.outbox.forget("ann")) == 1
    desk.send(f"{PAGE}/erase", PAGE, typed="ann", reason="by letter")

    fields = {"delivery_id": PUSHED.delivery_id, "number": "1", "reason": "x"}
    assert desk.send(PATH, "/members", **fields).status_code == 404
    assert desk.queued() == []


def test_a_reason_is_needed(desk: Desk) -> None:
    assert "A reason is needed" in desk.resend(reason=" ")
    assert desk.queued() == []


def test_whoever_only_reads_sends_nothing(desk: Desk) -> None:
    desk.sign_in("analyst")
    assert "Send again" not in desk.get(PAGE).text
    fields = {"delivery_id": PUSHED.delivery_id, "number": "1", "reason": "x"}

    assert desk.send(PATH, PAGE, **fields).status_code == 403
    assert desk.queued() == []
