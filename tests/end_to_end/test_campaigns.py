"""Campaigns on real servers: whatever is killed, each member is told once."""

import time
from collections.abc import Iterator

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
from tests.end_to_end.settled import wait_until_idle

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
