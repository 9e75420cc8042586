"""A runner of campaigns over the twins: what it does when something is away, or late."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from jobs.campaigning import desk as desk_module
from jobs.campaigning import running
from jobs.campaigning.desk import CampaignDesk
from jobs.campaigning.running import CampaignRun, Reach
from loyalty.campaign_pace import CampaignPace
from loyalty.campaigns import WAKE
from schemas.events import EventCodec
from stores import campaign_steps as steps
from stores.audiences_contract import ALL, Audience
from stores.campaigns_contract import (
    DONE,
    LEASE_MS,
    MESSAGE,
    PAUSED,
    RUNNING,
    SCHEDULED,
    STOPPED,
    Campaign,
    Plan,
)
from stores.campaigns_contract import WAKE as WAKE_KIND
from stores.memory_audiences import Known, MemoryAudiences
from stores.memory_campaigns import MemoryCampaigns
from stores.publisher import MemoryPublisher
from stores.unavailable import StoreUnavailable
from tests.builders import NOON

MEMBERS = {f"member-{number:03}": Known() for number in range(50)}
HEARD = {"triggers": [{"id": "hello", "activity": "campaign.spring"}]}
PLAN = Plan(
    "Spring",
    MESSAGE,
    Audience(ALL),
    CampaignPace(5_000),
    "hello",
    "campaign.spring",
    NOON,
)


class Log(MemoryPublisher):
    """A log that does something before a record of a number."""

    def __init__(self) -> None:
        super().__init__()
        self.before: dict[int, Callable[[], Awaitable[None]]] = {}
        self._calls = 0

    async def publish(self, topic: str, *, key: bytes, value: bytes) -> Any:
        """Keep a record."""
        self._calls += 1
        happens = self.before.pop(self._calls, None)
        if happens is not None:
            await happens()
        return await super().publish(topic, key=key, value=value)


class World:
    """Stores in memory, a clock that stands, and a campaign that is due."""

    def __init__(self, plan: Plan = PLAN) -> None:
        self.campaigns = MemoryCampaigns()
        self.audiences = MemoryAudiences(MEMBERS)
        self.log = Log()
        self.now = NOON
        self.document: Mapping[str, Any] = HEARD
        self.plan = plan
        self.stopping = asyncio.Event()

    @property
    def reach(self) -> Reach:
        return Reach(
            self.campaigns,
            self.audiences,
            self.log,
            EventCodec(),
            lambda: self.now,
            self._program,
        )

    async def begin(self) -> None:
        campaign = Campaign("spring", SCHEDULED, self.plan, NOON, "ana")
        assert await self.campaigns.create(campaign) is None

    async def take(self, lease: str) -> CampaignRun:
        held = await self.change(lambda one: steps.taken(one, lease, self.now))
        assert held is not None
        return CampaignRun(held, self.reach, self.stopping)

    async def change(self, step: Any) -> Campaign | None:
        return await self.campaigns.change("spring", step)

    async def found(self) -> Campaign:
        found = await self.campaigns.find("spring")
        assert found is not None
        return found

    def acts(self) -> Counter[bytes]:
        """How often each record is in the log, by its bytes."""
        return Counter(value for _, _, value in self.log.published)

    async def _program(self) -> Mapping[str, Any]:
        return self.document


def check_all_are_told(world: World, ended: Campaign) -> None:
    """One record for each member, perhaps more than once, and always the same bytes."""
    assert (ended.state, ended.progress.left) == (DONE, 0)
    assert ended.progress.sent == len(MEMBERS)
    assert len(world.acts()) == len(MEMBERS)
    keys = {key.decode() for _, key, _ in world.log.published}
    assert keys == MEMBERS.keys()


def test_a_campaign_goes_to_its_end_and_each_member_is_sent_one_act() -> None:
    async def something() -> None:
        world = World()
        await world.begin()
        await (await world.take("us")).run()
        ended = await world.found()
        check_all_are_told(world, ended)
        assert set(world.acts().values()) == {1}
        topics = {topic for topic, _, _ in world.log.published}
        assert topics == {"app-activity"}
        act = EventCodec().decode_activity(*world.log.published[0][1:], NOON)
        assert act.type == "campaign.spring"
        assert act.occurred_at == NOON

    asyncio.run(something())


@pytest.mark.parametrize("dies_at", [1, 7, 50])
def test_whoever_goes_on_after_a_death_sends_the_very_same_records(
    dies_at: int,
) -> None:
    async def something() -> None:
        world = World()
        await world.begin()

        async def die() -> None:
            raise _Died

        world.log.before[dies_at] = die
        with pytest.raises(_Died):
            await (await world.take("us")).run()
        half = await world.found()
        assert half.progress.going is not None
        # Later, by another clock: the acts keep the time that was noted.
        world.now += LEASE_MS
        await (await world.take("them")).run()
        check_all_are_told(world, await world.found())
        # Others of the stride were on their way when it died.
        assert max(world.acts().values()) == (2 if dies_at else 1)

    asyncio.run(something())


class _Died(Exception):
    """As if the process were gone."""


def test_what_the_broker_does_not_take_is_sent_again_and_only_then_confirmed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "AGAIN_SECONDS", 0.01)

    async def something() -> None:
        world = World()
        await world.begin()

        async def away() -> None:
            found = await world.found()
            assert found.progress.sent == 0
            raise StoreUnavailable("kafka", "away")

        world.log.before[3] = away
        await (await world.take("us")).run()
        check_all_are_told(world, await world.found())

    asyncio.run(something())


def test_a_pause_while_members_are_on_their_way_counts_them_and_goes_no_further() -> (
    None
):
    async def something() -> None:
        world = World(PLAN._replace(pace=CampaignPace(50)))
        await world.begin()

        async def pause() -> None:
            await world.change(lambda one: steps.paused(one, "bea", now=NOON))

        world.log.before[15] = pause
        await (await world.take("us")).run()
        held = await world.found()
        assert held.state == PAUSED
        # Ten a stride: the second one was on its way.
        assert held.progress.sent == len(world.log.published) == 20
        await world.change(lambda one: steps.resumed(one, "bea", now=NOON))
        await (await world.take("them")).run()
        check_all_are_told(world, await world.found())
        assert set(world.acts().values()) == {1}

    asyncio.run(something())


def test_whoever_was_not_reached_by_its_end_is_left_out() -> None:
    async def something() -> None:
        world = World(PLAN._replace(pace=CampaignPace(50), ends_at=NOON + 5))
        await world.begin()

        async def later() -> None:
            world.now = NOON + 5

        world.log.before[1] = later
        await (await world.take("us")).run()
        ended = await world.found()
        assert (ended.state, ended.progress.sent, ended.progress.left) == (DONE, 10, 40)
        assert ended.detail == running.NOT_REACHED

    asyncio.run(something())


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"triggers": None},
        {"triggers": [{"id": "other", "activity": "campaign.spring"}]},
        {"triggers": [{"id": "hello", "activity": "campaign.autumn"}]},
    ],
)
def test_without_its_trigger_it_is_given_up_before_anybody_is_sent_to(
    document: Mapping[str, Any],
) -> None:
    async def something() -> None:
        world = World()
        world.document = document
        await world.begin()
        await (await world.take("us")).run()
        ended = await world.found()
        assert ended.state == STOPPED
        assert "hello" in ended.detail
        assert world.log.published == []

    asyncio.run(something())


def test_a_look_at_everybody_needs_no_trigger() -> None:
    async def something() -> None:
        plan = PLAN._replace(kind=WAKE_KIND, trigger_id="", activity=WAKE)
        world = World(plan)
        world.document = {}
        await world.begin()
        await (await world.take("us")).run()
        check_all_are_told(world, await world.found())
        act = EventCodec().decode_activity(*world.log.published[0][1:], NOON)
        assert act.type == WAKE

    asyncio.run(something())


def test_an_audience_that_cannot_be_worked_out_is_tried_again_by_the_next_one() -> None:
    async def something() -> None:
        world = World()
        await world.begin()
        world.audiences.is_available = False
        with pytest.raises(StoreUnavailable):
            await (await world.take("us")).run()
        assert (await world.found()).state == RUNNING
        world.audiences.is_available = True
        world.now += LEASE_MS
        await (await world.take("them")).run()
        assert (await world.found()).state == DONE

    asyncio.run(something())


def test_a_desk_that_is_told_to_stop_leaves_its_campaign_to_the_next_at_once() -> None:
    async def something() -> None:
        world = World(PLAN._replace(pace=CampaignPace(50)))
        await world.begin()

        async def stop() -> None:
            world.stopping.set()

        world.log.before[15] = stop
        await CampaignDesk(world.reach, world.stopping).work()
        left = await world.found()
        assert (left.state, left.lease, left.progress.sent) == (RUNNING, "", 20)
        world.stopping = asyncio.Event()
        await CampaignDesk(world.reach, world.stopping).work(until_empty=True)
        check_all_are_told(world, await world.found())
        assert set(world.acts().values()) == {1}

    asyncio.run(something())


def test_two_desks_send_one_campaign_once_and_many_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desk_module, "LOOK_SECONDS", 0.01)

    async def something() -> None:
        world = World(PLAN._replace(pace=CampaignPace(500)))
        names = [f"c-{number}" for number in range(12)]
        for name in names:
            await world.campaigns.create(
                Campaign(name, SCHEDULED, world.plan, NOON, "ana")
            )
        desks = [CampaignDesk(world.reach, world.stopping) for _ in range(2)]
        await asyncio.gather(*(one.work(until_empty=True) for one in desks))
        for name in names:
            found = await world.campaigns.find(name)
            assert found is not None
            assert found.state == DONE
        assert len(world.acts()) == len(names) * len(MEMBERS)
        assert set(world.acts().values()) == {1}

    asyncio.run(something())


def test_a_desk_waits_for_a_store_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "AWAY_SECONDS", 0.01)

    async def something() -> None:
        world = World()
        await world.begin()
        world.campaigns.is_available = False
        desk = CampaignDesk(world.reach, world.stopping)
        working = asyncio.create_task(desk.work(until_empty=True))
        await asyncio.sleep(0.05)
        world.campaigns.is_available = True
        await working
        check_all_are_told(world, await world.found())

    asyncio.run(something())
