"""Who hears of what, in which words, and under which id."""

import json

import pytest

from delivery.wording import webhook_id
from loyalty.decision import OfferEvent
from stores.endpoints_contract import Endpoint
from stores.outbox_contract import DEAD, EXPIRED, UNROUTED, WAITING, Delivery
from streams.dispatching.planning import Planner, PlanRules, Surroundings
from tests.dispatching.updates import (
    NOW,
    OneProgram,
    a_message,
    an_endpoint,
    an_entry,
    an_update,
)

HOUR = 3_600_000
RULES = PlanRules(sends_mail=True, age_ms_max=HOUR)


def planned(
    update, *endpoints: Endpoint, rules: PlanRules = RULES, now: int = NOW
) -> list[Delivery]:
    around = Surroundings(tuple(endpoints), now)
    return list(Planner(OneProgram(), rules).deliveries(update, around))


def told(delivery: Delivery) -> dict:
    return json.loads(delivery.body)


def test_a_message_goes_to_each_endpoint_that_wants_its_channel() -> None:
    both = planned(
        an_update(a_message("push")),
        an_endpoint("a", "message.push"),
        an_endpoint("b", "message.push", "points.earned"),
        an_endpoint("c", "message.sms"),
    )

    assert [one.target for one in both] == ["ep_a", "ep_b"]
    assert {one.message_id for one in both} == {webhook_id("ann", "m.1")}
    assert both[0].delivery_id == f"{webhook_id('ann', 'm.1')}:ep_a"
    assert (told(both[0])["title"], told(both[0])["body"]) == ("Hello", "Hi Ann")
    assert told(both[0])["values"] == {"name": "Ann"}


@pytest.mark.parametrize(
    ("channel", "endpoint", "target", "status"),
    [
        ("inbox", None, "inbox", WAITING),
        ("email", None, "smtp", WAITING),
        ("email", an_endpoint("a", "message.email"), "ep_a", WAITING),
        ("webhook", None, "", UNROUTED),
        ("push", an_endpoint("a", "message.push", created_at=NOW + 1), "", UNROUTED),
    ],
    ids=["inbox", "mail", "an endpoint in place of mail", "nobody", "came too late"],
)
def test_a_channel_has_its_target(channel, endpoint, target: str, status: str) -> None:
    endpoints = [endpoint] if endpoint else []
    (one,) = planned(an_update(a_message(channel)), *endpoints)

    assert (one.target, one.status, one.member_id) == (target, status, "ann")


@pytest.mark.parametrize(
    ("message", "status", "detail"),
    [
        (a_message(template_id="gone"), DEAD, "template gone: : no text for webhook"),
        (a_message("sms"), DEAD, "template hello: : no text for sms"),
        (a_message(values=()), DEAD, "template hello: body: 'name' is undefined"),
        (a_message(expires_at=NOW), EXPIRED, "too late to be sent"),
    ],
    ids=["no template", "no channel", "no value", "over"],
)
def test_what_can_not_be_said_is_recorded(message, status: str, detail: str) -> None:
    kinds = ("message.webhook", "message.sms")
    (one,) = planned(an_update(message), an_endpoint("a", *kinds))

    assert (one.status, one.detail, one.body) == (status, detail, "")


def test_old_news_is_not_sent_even_if_it_has_no_end() -> None:
    endpoint = an_endpoint("a", "message.webhook", "tier.changed")
    update = an_update(a_message(), tier_before="basic", tier_after="gold")

    assert [one.status for one in planned(update, endpoint, now=NOW + HOUR + 1)] == [
        EXPIRED
    ]


def test_the_time_of_history_runs_from_its_arrival() -> None:
    message = a_message(created_at=NOW - 99 * HOUR, expires_at=NOW - 98 * HOUR)
    rules = RULES._replace(is_history=True)

    (live,) = planned(an_update(message), an_endpoint("a", "message.webhook"))
    (replayed,) = planned(
        an_update(message), an_endpoint("a", "message.webhook"), rules=rules
    )

    assert live.status == EXPIRED
    assert (replayed.status, replayed.expires_at) == (WAITING, NOW + HOUR)


def test_two_members_whose_messages_are_named_alike_each_get_theirs() -> None:
    endpoint = an_endpoint("a", "message.webhook")
    bobs = an_update(a_message())._replace(member_id="bob")
    (first,) = planned(an_update(a_message()), endpoint)
    (second,) = planned(bobs, endpoint)

    assert first.message_id != second.message_id
    assert first.delivery_id != second.delivery_id


def test_events_of_a_member_are_told_once_a_change() -> None:
    update = an_update(
        entries=[
            an_entry("EARN", 30, "points"),
            an_entry("EARN", 12, "points"),
            an_entry("BURN", -5, "stamps"),
        ],
        offer_events=[
            OfferEvent("dessert", "GRANTED", "near"),
            OfferEvent("soup", "WITHHELD", "holdout"),
        ],
        tier_before="basic",
        tier_after="gold",
    )
    kinds = ("points.earned", "points.used", "offer.granted", "tier.changed")
    events = {one.kind: one for one in planned(update, an_endpoint("a", *kinds))}

    assert told(events["points.earned"])["points"] == {"points": 42}
    assert told(events["points.used"])["points"] == {"stamps": 5}
    assert told(events["offer.granted"])["offers"] == [
        {"offer_id": "dessert", "reason": "near"}
    ]
    assert told(events["tier.changed"])["tier"] == {"before": "basic", "after": "gold"}
    assert len({one.message_id for one in events.values()}) == 4
    assert planned(update, an_endpoint("a", *kinds)) == list(events.values())
