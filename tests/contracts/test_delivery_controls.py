"""One contract for the controls of deliveries in Redis and their twin in memory."""

import pytest

from local.stack import Stack
from stores.breaker import CLOSED, Breaker
from stores.delivery_controls import RedisDeliveryControls
from stores.delivery_controls_contract import (
    FREE,
    SCOPES_MAX,
    TARGET_RULES,
    DeliveryControls,
    Stop,
)
from stores.memory_delivery_controls import MemoryDeliveryControls
from stores.outbox_contract import Lane, Pace
from tests.contracts.both_stores import Use, using

pytestmark = pytest.mark.end_to_end
NOW = 1_700_000_000_000
LANE = Lane("ep_1", "push", "spring")


@pytest.fixture(params=["redis", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Use:
    return using(
        request.param,
        servers,
        memory=MemoryDeliveryControls,
        real=lambda url: RedisDeliveryControls(url, "test"),
    )


@pytest.mark.parametrize("scope", ["all", "channel:push", "campaign:spring"])
def test_a_stop_holds_its_scope_until_it_is_started(use: Use, scope: str) -> None:
    async def something(controls: DeliveryControls) -> None:
        assert await controls.read() == FREE
        assert await controls.stop(Stop(scope, "ann", NOW, "wrong é text"))
        now = await controls.read()
        assert now.is_stopped(LANE)
        assert not now.is_stopped(Lane("ep_1", "sms", "autumn")) or scope == "all"
        assert now.stops[scope].reason == "wrong é text"
        assert await controls.start(scope)
        assert not await controls.start(scope)
        assert await controls.read() == FREE

    use(something)


def test_a_lane_keeps_every_pace_of_its_scopes(use: Use) -> None:
    async def something(controls: DeliveryControls) -> None:
        paces = [Pace("all", 500), Pace("campaign:spring", 10, 60)]
        for pace in [*paces, Pace("channel:sms", 1)]:
            assert await controls.set_pace(pace)
        assert (await controls.read()).paces_of(LANE) == paces
        assert await controls.drop_pace("all")
        assert not await controls.drop_pace("all")
        assert (await controls.read()).paces_of(LANE) == paces[1:]

    use(something)


def test_there_are_only_so_many_stops(use: Use) -> None:
    async def something(controls: DeliveryControls) -> None:
        for number in range(SCOPES_MAX):
            assert await controls.stop(Stop(f"campaign:{number}", "ann", NOW))
        assert not await controls.stop(Stop("campaign:more", "ann", NOW))
        assert await controls.stop(Stop("campaign:1", "bob", NOW))
        assert await controls.set_pace(Pace("all", 1))

    use(something)


def test_a_target_that_fails_is_left_alone_for_longer_and_longer(use: Use) -> None:
    async def something(controls: DeliveryControls) -> None:
        async def fail(now: int) -> Breaker:
            return await controls.note("ep_1", succeeded=False, now=now)

        for number in range(1, TARGET_RULES.failures_max):
            assert await fail(NOW) == Breaker(number)
        opened = await fail(NOW)
        assert opened == Breaker(TARGET_RULES.failures_max, 1, NOW + 30_000)
        # What was under way does not open it further.
        assert await fail(NOW + 1) == opened
        assert (await controls.read()).breaker_of("ep_1").is_open(NOW + 29_999)
        again = await fail(NOW + 30_000)
        assert again == Breaker(TARGET_RULES.failures_max + 1, 2, NOW + 90_000)
        for _ in range(12):
            again = await fail(again.open_until)
        assert again.open_until - TARGET_RULES.open_ms_max > NOW
        assert await controls.note("ep_1", succeeded=True, now=NOW) == CLOSED
        assert (await controls.read()).breaker_of("ep_1") == CLOSED
        assert await fail(NOW) == Breaker(1)

    use(something)


def test_a_target_that_asks_for_time_gets_it(use: Use) -> None:
    async def something(controls: DeliveryControls) -> None:
        asked = await controls.note(
            "ep_1", succeeded=False, now=NOW, wait_until=NOW + 90_000
        )
        assert asked == Breaker(1, 0, NOW + 90_000)
        assert asked.is_open(NOW + 89_999)
        assert not asked.is_trying

    use(something)
