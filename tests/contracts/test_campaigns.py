"""One contract for campaigns in Redis and their twin in memory."""

import asyncio
from typing import Any

import pytest

from local.stack import Stack
from loyalty.campaign_pace import CampaignPace
from stores import campaign_steps as steps
from stores.audiences_contract import ALL, Audience
from stores.campaigns import RedisCampaigns
from stores.campaigns_contract import (
    DONE,
    DRAFT,
    LEASE_MS,
    LISTED_MAX,
    MESSAGE,
    PAUSED,
    RUNNING,
    SCHEDULED,
    STEPS_KEPT_MAX,
    STOPPED,
    Campaign,
    Campaigns,
    Going,
    Plan,
    Progress,
)
from stores.memory_campaigns import MemoryCampaigns
from stores.unavailable import StoreUnavailable
from tests.contracts.both_stores import Use, using

pytestmark = pytest.mark.end_to_end
NOW = 1_705_320_000_000
PLAN = Plan(
    "Garden é\N{BEER MUG}",
    MESSAGE,
    Audience(ALL),
    CampaignPace(100),
    "spring-hello",
    "campaign.spring",
)
FROZEN = Progress("spring/1", 30, 2)
GOING = Going("member-9", 10, NOW)


def a_draft(name: str = "spring", created_at: int = NOW) -> Campaign:
    return Campaign(name, DRAFT, PLAN, created_at, "ana")


@pytest.fixture(params=["redis", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Use:
    return using(
        request.param,
        servers,
        memory=MemoryCampaigns,
        real=lambda url: RedisCampaigns(url, "test"),
    )


async def begun(store: Campaigns, name: str = "spring") -> Campaign:
    """A campaign that somebody has started and a runner has taken."""
    assert await store.create(a_draft(name)) is None
    await store.change(name, lambda one: steps.scheduled(one, "bea", now=NOW))
    held = await store.change(name, lambda one: steps.taken(one, "us", NOW))
    assert held is not None
    return held


def test_a_new_campaign_is_found_and_one_of_its_id_does_not_replace_it(
    use: Use,
) -> None:
    async def something(store: Campaigns) -> None:
        assert await store.create(a_draft()) is None
        other = a_draft()._replace(written_by="eve")
        assert await store.create(other) == a_draft()
        assert await store.find("spring") == a_draft()
        assert await store.find("autumn") is None
        assert await store.count_active() == 0
        assert await store.due(NOW) == []

    use(something)


def test_campaigns_are_listed_newest_first_also_those_of_one_moment(use: Use) -> None:
    async def something(store: Campaigns) -> None:
        for name, at in (("b", NOW), ("a", NOW), ("c", NOW + 1), ("d", NOW - 1)):
            await store.create(a_draft(name, at))
        page = await store.page(before=None, limit=2)
        assert [one.campaign_id for one in page] == ["c", "b"]
        rest = await store.page(before=(NOW, "b"), limit=9)
        assert [one.campaign_id for one in rest] == ["a", "d"]
        assert await store.page(before=(NOW - 1, "d"), limit=9) == []

    use(something)


def test_only_the_newest_are_listed(use: Use) -> None:
    async def something(store: Campaigns) -> None:
        for number in range(LISTED_MAX + 2):
            await store.create(a_draft(f"c-{number}", NOW + number))
        page = await store.page(before=(NOW + 3, "c-3"), limit=9)
        assert [one.campaign_id for one in page] == ["c-2"]
        assert await store.find("c-0") is not None

    use(something)


def test_a_draft_is_due_once_it_was_started_and_its_time_has_come(use: Use) -> None:
    async def something(store: Campaigns) -> None:
        late = a_draft("late")._replace(plan=PLAN._replace(starts_at=NOW + 5))
        await store.create(late)
        await store.create(a_draft())
        for name in ("late", "spring"):
            await store.change(name, lambda one: steps.scheduled(one, "bea", now=NOW))
        assert [one.campaign_id for one in await store.due(NOW)] == ["spring"]
        both = await store.due(NOW + 5)
        assert [one.campaign_id for one in both] == ["spring", "late"]
        early = await store.change("late", lambda one: steps.taken(one, "us", NOW + 4))
        assert early is None
        assert await store.count_active() == 2
        known = await store.find("spring")
        assert known is not None
        assert (known.state, known.approved_by, known.revision) == (SCHEDULED, "bea", 2)
        assert known.steps[-1] == (NOW, "bea", "started")

    use(something)


def test_one_runner_has_it_and_another_only_after_silence_or_when_it_was_left(
    use: Use,
) -> None:
    async def something(store: Campaigns) -> None:
        held = await begun(store)
        assert (held.state, held.lease_until) == (RUNNING, NOW + LEASE_MS)

        async def take(at: int) -> Campaign | None:
            return await store.change("spring", lambda one: steps.taken(one, "w", at))

        async def renew(lease: str) -> Campaign | None:
            at = NOW + LEASE_MS
            return await store.change(
                "spring", lambda one: steps.renewed(one, lease, at)
            )

        assert await take(NOW + LEASE_MS - 1) is None
        assert await renew("us") is not None
        assert await take(NOW + LEASE_MS) is None
        assert await take(NOW + 2 * LEASE_MS) is not None
        assert await renew("us") is None
        left = await store.change("spring", lambda one: steps.left(one, "w"))
        assert left is not None
        assert await take(NOW) is not None

    use(something)


def test_whoever_goes_on_finds_what_was_noted_and_confirms_it(use: Use) -> None:
    async def something(store: Campaigns) -> None:
        await begun(store)

        async def change(step: Any) -> Campaign | None:
            return await store.change("spring", step)

        await change(lambda one: steps.frozen(one, "us", FROZEN, now=NOW))
        assert (
            await change(
                lambda one: steps.frozen(
                    one, "us", FROZEN._replace(audience=1), now=NOW
                )
            )
            is None
        )
        await change(lambda one: steps.going(one, "us", GOING, now=NOW))
        later = NOW + LEASE_MS
        await change(lambda one: steps.taken(one, "them", later))
        # The time is that of the first one: the records are the same ones.
        again = await change(
            lambda one: steps.going(one, "them", GOING._replace(at=later), now=later)
        )
        assert again is not None
        assert again.progress.going == GOING
        assert await change(lambda one: steps.confirmed(one, "us", GOING)) is None
        done = await change(lambda one: steps.confirmed(one, "them", GOING))
        assert done is not None
        assert done.progress == FROZEN._replace(sent=10, after="member-9")
        assert done.progress.left == 20
        assert await change(lambda one: steps.confirmed(one, "them", GOING)) is None

    use(something)


def test_a_pause_keeps_the_runner_from_going_on_and_lets_it_confirm(use: Use) -> None:
    async def something(store: Campaigns) -> None:
        await begun(store)

        async def change(step: Any) -> Campaign | None:
            return await store.change("spring", step)

        await change(lambda one: steps.frozen(one, "us", FROZEN, now=NOW))
        await change(lambda one: steps.going(one, "us", GOING, now=NOW))
        paused = await change(lambda one: steps.paused(one, "bea", now=NOW))
        assert paused is not None
        assert paused.state == PAUSED
        assert await store.count_active() == 1
        assert await change(lambda one: steps.renewed(one, "us", NOW)) is None
        assert await change(lambda one: steps.going(one, "us", GOING, now=NOW)) is None
        assert await change(lambda one: steps.taken(one, "us", NOW * 2)) is None
        told = await change(lambda one: steps.confirmed(one, "us", GOING))
        assert told is not None
        assert told.progress.sent == 10
        going_on = await change(lambda one: steps.resumed(one, "bea", now=NOW))
        assert going_on is not None
        assert await change(lambda one: steps.taken(one, "w", NOW)) is not None

    use(something)


def test_what_has_ended_is_not_active_and_nothing_more_follows(use: Use) -> None:
    async def something(store: Campaigns) -> None:
        held = await begun(store)
        ended = await store.change(
            "spring",
            lambda one: steps.finished(one, "us", steps.done(held, NOW, "late")),
        )
        assert ended is not None
        assert (ended.state, ended.detail) == (DONE, "late")
        assert await store.count_active() == 0
        assert await store.due(NOW) == []
        for step in (steps.stopped, steps.paused, steps.resumed, steps.scheduled):
            assert (
                await store.change("spring", lambda one, s=step: s(one, "e", now=NOW))
                is None
            )
        await store.create(a_draft("other"))
        given_up = await store.change(
            "other", lambda one: steps.stopped(one, "ana", now=NOW)
        )
        assert given_up is not None
        assert given_up.state == STOPPED

    use(something)


def test_of_many_steps_the_last_ones_are_kept(use: Use) -> None:
    async def something(store: Campaigns) -> None:
        await begun(store)
        for number in range(STEPS_KEPT_MAX):
            for step in (steps.paused, steps.resumed):
                await store.change(
                    "spring", lambda one, s=step, n=number: s(one, "b", now=NOW + n)
                )
        known = await store.find("spring")
        assert known is not None
        assert len(known.steps) == STEPS_KEPT_MAX
        assert known.steps[-1].what == "resumed"
        assert known.revision == 2 + 2 * STEPS_KEPT_MAX

    use(something)


def test_changes_at_once_are_all_made(use: Use) -> None:
    async def something(store: Campaigns) -> None:
        await store.create(a_draft())

        async def write(number: int) -> None:
            plan = PLAN._replace(name=f"name {number}")
            await store.change(
                "spring", lambda one: steps.written(one, plan, "ana", now=NOW)
            )

        await asyncio.gather(*map(write, range(5)))
        known = await store.find("spring")
        assert known is not None
        assert known.revision == 6

    use(something)


def test_a_store_that_is_away_says_so(servers: Stack) -> None:
    async def something() -> None:
        twin = MemoryCampaigns()
        twin.is_available = False
        real = RedisCampaigns("redis://127.0.0.1:1/0", "test")
        for store in (twin, real):
            with pytest.raises(StoreUnavailable):
                await store.find("spring")
            with pytest.raises(StoreUnavailable):
                await store.due(NOW)
            await store.close()

    del servers
    asyncio.run(something())
