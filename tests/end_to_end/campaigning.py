"""A stack whose program tells members of campaigns, and what came of them there."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from jobs.traffic import TrafficRecord
from local.stack import Stack
from loyalty.campaign_pace import CampaignPace
from loyalty.limits import DAY_MS
from schemas.events import EventCodec
from schemas.topics import ACTIVITY, ORDERS
from stores.audiences_contract import Audience
from stores.campaigns import RedisCampaigns
from stores.campaigns_contract import MESSAGE, SCHEDULED, Campaign, Plan
from tests.builders import an_order
from tests.end_to_end.oracle import dump, read_effects
from tests.end_to_end.settled import send, wait_until_idle

SPRING = "campaign.spring"
TEXT = {"inbox": {"title": "Spring", "body": "Come and see the garden."}}
HELLO = {
    "id": "spring-hello",
    "kind": "activity",
    "activity": SPRING,
    "message": {"template": "spring", "channels": ["inbox"]},
}
DOCUMENT: dict[str, Any] = {
    "program": "garden",
    "version": 1,
    "currency": "USD",
    "earn": [{"id": "spend", "kind": "spend", "points": 1, "step_minor": 100}],
    "templates": [
        {"id": "spring", "texts": TEXT},
        {"id": "back", "texts": {"inbox": {"title": "Back?", "body": "Come back."}}},
    ],
    "triggers": [HELLO],
    "engagement": {"consent_assumed": ["inbox"]},
}


@contextmanager
def a_garden(folder: Path) -> Iterator[Stack]:
    """A stack that runs the program, without a runner of campaigns of its own."""
    file = folder / "program.yaml"
    file.write_text(yaml.safe_dump(DOCUMENT, sort_keys=False))
    made = Stack(folder / "stack", say=print)
    known = os.environ.get("REGULARS_PROGRAM_FILE")
    os.environ["REGULARS_PROGRAM_FILE"] = str(file)
    try:
        made.start_all()
        made.kill("campaigner")
        yield made
    finally:
        made.stop()
        os.environ.pop("REGULARS_PROGRAM_FILE")
        if known is not None:
            os.environ["REGULARS_PROGRAM_FILE"] = known


def now_ms() -> int:
    return int(time.time() * 1_000)


def enrol(stack: Stack, name: str, count: int, *, days_ago: int) -> set[str]:
    """Members whose only order was so long ago; their ids."""
    ids = {f"{name}-{number:04}" for number in range(count)}
    at = now_ms() - days_ago * DAY_MS
    orders = [
        an_order(f"order-{one}", member_id=one, occurred_at=at, subtotal_minor=10_00)
        for one in sorted(ids)
    ]
    send(stack, [TrafficRecord(ORDERS.name, one.member_id, one) for one in orders])
    wait_until_idle(stack)
    return ids


def a_campaign(name: str, audience: Audience, *, rate: int, **more: Any) -> Campaign:
    """A campaign that is due now."""
    plan = Plan(
        name, MESSAGE, audience, CampaignPace(rate), "spring-hello", SPRING, now_ms()
    )
    plan = plan._replace(**more)
    return Campaign(name, SCHEDULED, plan, now_ms(), "ana")


def using(stack: Stack, call: Callable[[RedisCampaigns], Awaitable[Any]]) -> Any:
    """What a call of the store of campaigns comes to."""

    async def inside() -> Any:
        store = RedisCampaigns(stack.addresses()["redis_url"], "regulars")
        try:
            return await call(store)
        finally:
            await store.close()

    return asyncio.run(inside())


def found(stack: Stack, name: str) -> Campaign:
    """A campaign as it stands."""
    campaign = using(stack, lambda store: store.find(name))
    assert isinstance(campaign, Campaign)
    return campaign


def wait_for(
    stack: Stack, name: str, holds: Callable[[Campaign], bool], seconds: float = 90
) -> Campaign:
    """A campaign once something holds of it."""
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        campaign = found(stack, name)
        if holds(campaign):
            return campaign
        time.sleep(0.05)
    raise AssertionError(f"{name} never came so far: {campaign}")


def messages_of(stack: Stack, trigger_id: str) -> Counter[str]:
    """How many messages of a trigger each member was sent, by the engine's own word."""
    seen = read_effects(stack.addresses()["bootstrap_servers"])
    assert seen.letters == []
    return Counter(
        member_id
        for member_id, changes in seen.changes.items()
        for change in changes
        for message in change.messages
        if message.campaign_id == trigger_id
    )


def acts_of(stack: Stack, campaign_id: str) -> list[tuple[str, str, int]]:
    """Acts of a campaign in the log: member, event id, and when the broker had it."""
    codec = EventCodec()
    acts = []
    for message in dump(stack.addresses()["bootstrap_servers"], ACTIVITY.name):
        at = message.timestamp()[1]
        act = codec.decode_activity(message.key(), message.value(), at)
        if act.attributes.get("campaign") == campaign_id:
            acts.append((act.member_id, act.event_id, at))
    return acts
