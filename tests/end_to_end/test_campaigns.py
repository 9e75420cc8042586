"""Campaigns on real servers: whatever is killed, each member is told once."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from local.stack import Stack
from stores import campaign_steps as steps
from stores.audiences_contract import ALL, IDLE, Audience
from stores.campaigns_contract import DONE, PAUSED
from tests.end_to_end.campaigning import (
    a_campaign,
    a_garden,
    acts_of,
    enrol,
    found,
    messages_of,
    now_ms,
    using,
    wait_for,
)
from tests.end_to_end.engines import Worker
from tests.end_to_end.oracle import read_effects
from tests.end_to_end.settled import wait_until_idle
from tests.end_to_end.signing import signed_by

RUNNER = ("jobs", "run-campaigns")
MEMBERS = 400


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack with members who came lately, and some who stayed away."""
    with a_garden(tmp_path_factory.mktemp("campaigns")) as made:
        yield made


@pytest.fixture(scope="module")
def away(stack: Stack) -> set[str]:
    return enrol(stack, "away", MEMBERS, days_ago=100)


@pytest.fixture(scope="module")
def lately(stack: Stack) -> set[str]:
    return enrol(stack, "lately", MEMBERS, days_ago=2)


@pytest.fixture
def runners(stack: Stack) -> Iterator[list[Worker]]:
    """Two runners, killed at the end."""
    made = [Worker(stack, f"campaigner-{number}", RUNNER) for number in (1, 2)]
    for one in made:
        one.start()
    for one in made:
        one.wait_until_ready()
    yield made
    for one in made:
        one.kill()


@pytest.mark.timeout(400)
def test_whoever_is_killed_each_member_of_the_audience_is_told_once_and_nobody_else(
    stack: Stack, away: set[str], lately: set[str], runners: list[Worker]
) -> None:
    campaign = a_campaign("killed", Audience(IDLE, idle_days=60), rate=50)
    assert using(stack, lambda store: store.create(campaign)) is None

    # One of them has it: whichever, it dies with members on their way.
    for place, sent in ((0, 60), (1, 160), (0, 260)):
        wait_for(stack, "killed", lambda one, sent=sent: one.progress.sent >= sent)
        runners[place].kill()
        time.sleep(1)
        runners[place].start()
    ended = wait_for(stack, "killed", lambda one: one.is_over)
    wait_until_idle(stack)

    assert (ended.state, ended.progress.sent, ended.progress.left) == (
        DONE,
        len(away),
        0,
    )
    acts = acts_of(stack, "killed")
    assert {member_id for member_id, _, _ in acts} == away
    assert len({event_id for _, event_id, _ in acts}) == len(away)
    assert messages_of(stack, "spring-hello") == dict.fromkeys(away, 1)
    assert not away & lately


@pytest.mark.timeout(400)
def test_a_pause_holds_within_a_second_and_a_resumed_campaign_leaves_nobody_out(
    stack: Stack, away: set[str], lately: set[str], runners: list[Worker]
) -> None:
    told = messages_of(stack, "spring-hello")
    campaign = a_campaign("paused", Audience(ALL), rate=100)
    using(stack, lambda store: store.create(campaign))
    wait_for(stack, "paused", lambda one: one.progress.sent >= 100)

    paused_at = now_ms()
    using(
        stack,
        lambda store: store.change(
            "paused", lambda known: steps.paused(known, "bea", now=paused_at)
        ),
    )
    time.sleep(4)
    last_at = max(at for _, _, at in acts_of(stack, "paused"))
    held = found(stack, "paused")
    assert held.state == PAUSED
    assert 100 <= held.progress.sent < len(away | lately)
    assert last_at - paused_at < 1_000

    using(
        stack,
        lambda store: store.change(
            "paused", lambda known: steps.resumed(known, "bea", now=now_ms())
        ),
    )
    wait_for(stack, "paused", lambda one: one.state == DONE)
    wait_until_idle(stack)
    after = messages_of(stack, "spring-hello")
    assert after - told == dict.fromkeys(away | lately, 1)
    print("after the pause, ms:", last_at - paused_at)


class Desk:
    """The marketing desk over HTTP: each asks in their own name."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._url = stack.addresses()["api_url"]

    def ask(
        self, who: str, method: str, path: str, body: Any = None, **headers: str
    ) -> dict[str, Any]:
        signed = signed_by(self._stack, who) | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        content = {"content": body} if isinstance(body, str) else {"json": body}
        answer = httpx.request(
            method, f"{self._url}/v1{path}", headers=signed, timeout=20, **content
        )
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.mark.timeout(400)
def test_a_list_is_told_by_http_and_strangers_on_it_stay_strangers(
    stack: Stack, away: set[str], lately: set[str]
) -> None:
    told = messages_of(stack, "spring-hello")
    chosen = set(sorted(away)[:10]) | set(sorted(lately)[:10])
    rows = "".join(f"{one}\n" for one in sorted(chosen | {"stranger", "nobody"}))
    desk = Desk(stack)
    listed = desk.ask(
        "ana",
        "POST",
        "/campaigns/lists",
        f"member_id\n{rows}",
        content_type="text/csv",
    )
    body = {
        "campaign_id": "by-http",
        "name": "By HTTP",
        "trigger": "spring-hello",
        "audience": {"kind": "list", "name": listed["list_id"]},
        "rate_per_second": 50,
    }
    desk.ask("ana", "POST", "/campaigns", body)
    desk.ask("bea", "POST", "/campaigns/by-http/start")
    stack.start("campaigner")
    wait_for(stack, "by-http", lambda one: one.state == DONE)
    wait_until_idle(stack)

    progress = desk.ask("ana", "GET", "/campaigns/by-http")["progress"]
    assert (progress["sent"], progress["left"], progress["refused"]) == (20, 0, 2)
    assert messages_of(stack, "spring-hello") - told == dict.fromkeys(chosen, 1)
    seen = read_effects(stack.addresses()["bootstrap_servers"])
    assert not {"stranger", "nobody"} & seen.changes.keys()
    # All the way to the app of one of them.
    inbox = inbox_of(desk, min(chosen), count=1 + told[min(chosen)])
    assert {one["title"] for one in inbox} == {"Spring"}


def inbox_of(desk: Desk, member_id: str, *, count: int) -> list[dict[str, Any]]:
    """A member's inbox once so many messages are there."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        items = desk.ask("ana", "GET", f"/members/{member_id}/inbox")["items"]
        if len(items) >= count:
            assert len(items) == count
            return list(items)
        time.sleep(0.2)
    raise AssertionError(f"{len(items)} messages of {count}: {items}")


@pytest.mark.timeout(400)
def test_a_new_rule_of_time_reaches_the_dormant_once_all_were_looked_at(
    stack: Stack, away: set[str], lately: set[str]
) -> None:
    dormant = enrol(stack, "dormant", 100, days_ago=366)
    desk = Desk(stack)
    rule = {
        "id": "come-back",
        "kind": "lapsed",
        "days": 300,
        "message": {"template": "back", "channels": ["inbox"]},
    }
    desk.ask("ana", "POST", "/rules", {"section": "triggers", "rule": rule})
    for who, step in (("ana", "submit"), ("bea", "approve"), ("ana", "publish")):
        desk.ask(who, "POST", f"/rules/come-back/{step}", {}, if_match="*")
    time.sleep(3)
    stack.run_job("send-ticks", "--at", str(now_ms()))
    wait_until_idle(stack)
    # Nothing of theirs is due, and nothing happens to them: nobody looks.
    assert messages_of(stack, "come-back") == {}

    stack.start("campaigner")
    wake = desk.ask(
        "bea",
        "POST",
        "/campaigns/wakes",
        {"rate_per_second": 500},
        idempotency_key="after-come-back",
    )
    wait_for(stack, wake["campaign_id"], lambda one: one.state == DONE)
    wait_until_idle(stack)

    assert messages_of(stack, "come-back") == dict.fromkeys(dormant, 1)
    assert not dormant & (away | lately)
