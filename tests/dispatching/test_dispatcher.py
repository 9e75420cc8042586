"""What the loop does with attempts that go well, badly, late, or nowhere (FAULTS G4)."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest

from delivery.mail import PATIENCE
from runtime.settings import Settings
from stores.delivery_controls_contract import Breaker, Stop
from stores.endpoints_contract import DISABLED as ENDPOINT_DISABLED
from stores.memory_delivery_controls import MemoryDeliveryControls
from stores.memory_endpoints import MemoryEndpoints
from stores.memory_outbox import MemoryOutbox
from stores.outbox_contract import (
    DISABLED,
    EXPIRED,
    MAIL_TARGET,
    SENT,
    WAITING,
    Delivery,
)
from streams.dispatching.attempts import LADDER_MS, Attempt, answered, settled
from streams.dispatching.building import RECORD_MS, pacing_of
from streams.dispatching.dispatcher import Dispatcher
from streams.dispatching.pacing import Pacing
from tests.dispatching.updates import NOW, an_endpoint

LEASE = 30_000
MAIL_LEASE = 90_000


class ScriptedSender:
    """Answers as it is told; what it was given can be looked at."""

    batch_max = 1

    def __init__(self, *attempts: Attempt) -> None:
        self.attempts = list(attempts)
        self.seen: list[str] = []

    async def send(self, deliveries: Sequence[Delivery]) -> list[Attempt]:
        self.seen += [one.message_id for one in deliveries]
        last = self.attempts[0] if len(self.attempts) == 1 else self.attempts.pop(0)
        return [last for _ in deliveries]


class World:
    """A dispatcher over stores in memory, and a clock that a test moves."""

    def __init__(self, **senders: ScriptedSender) -> None:
        self.now, self.seconds = NOW, 0.0
        self.outbox = MemoryOutbox()
        self.controls = MemoryDeliveryControls()
        self.endpoints = MemoryEndpoints()
        self.senders = {f"ep_{name}": sender for name, sender in senders.items()}
        self.dispatcher = Dispatcher(
            self.outbox,
            self.controls,
            endpoints=self.endpoints,
            find_sender=lambda target, _: self.senders.get(target),
            pacing=Pacing(4, LEASE, MAIL_LEASE),
            clock=lambda: self.now / 1_000,
            timer=lambda: self.seconds,
        )

    async def put(self, *names: str, target: str = "ep_a", **changes: object) -> None:
        for name in names:
            one = Delivery(
                f"{name}:{target}",
                name,
                target,
                "spring",
                "push",
                "message.push",
                "ann",
                "{}",
                NOW,
            )
            await self.outbox.put([one._replace(**changes)], self.now)  # type: ignore[arg-type]

    async def look(self, after_ms: int = 0) -> int:
        self.now += after_ms
        started = await self.dispatcher.look()
        await self.dispatcher.settle_down()
        return started

    async def status(self, name: str, target: str = "ep_a") -> str:
        found = await self.outbox.find(f"{name}:{target}")
        return found.status if found else ""


def test_each_is_sent_once_and_several_at_a_time() -> None:
    sender = ScriptedSender(Attempt(True, 200))

    async def something() -> None:
        world = World(a=sender)
        await world.put(*"abcdef")
        assert [await world.look(), await world.look(), await world.look()] == [4, 2, 0]
        assert [await world.status(name) for name in "abcdef"] == [SENT] * 6

    asyncio.run(something())
    assert sorted(sender.seen) == list("abcdef")


def test_a_failure_comes_again_later_and_later_and_then_is_dead() -> None:
    sender = ScriptedSender(answered(500, 0))

    async def something() -> list[int]:
        world = World(a=sender)
        await world.put("a")
        waits = []
        while await world.status("a") == WAITING:
            began = world.now
            while not await world.look(1_000):
                # Breakers are another test's.
                await world.controls.note("ep_a", succeeded=True, now=world.now)
                world.now += 1_000 + (world.now - began) // 50
            waits.append(world.now - began)
        return waits

    waits = asyncio.run(something())
    assert len(sender.seen) == len(LADDER_MS) + 1
    for wait, step in zip(waits[1:], LADDER_MS, strict=True):
        assert step <= wait <= step * 1.3 + 5_000


def test_delays_have_jitter_and_never_less_than_the_ladder() -> None:
    one = Delivery("a:b", "a", "b", "", "push", "message.push", "ann", "{}", NOW)
    dues = {settled(one, answered(500, 0), NOW).due_at - NOW for _ in range(200)}

    assert len(dues) > 20
    assert min(dues) >= LADDER_MS[0]
    assert max(dues) <= LADDER_MS[0] * 1.2


@pytest.mark.parametrize("status", [429, 503])
def test_who_asks_for_time_gets_it(status: int) -> None:
    sender = ScriptedSender(answered(status, 90_000), Attempt(True, 200))

    async def something() -> None:
        world = World(a=sender)
        await world.put("a")
        await world.look()
        await world.put("b")
        assert await world.look(89_000) == 0
        assert await world.look(1_000) == 2
        assert await world.status("a") == SENT

    asyncio.run(something())


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 415, 500])
def test_whatever_else_is_answered_is_a_failure_that_is_tried_again(
    status: int,
) -> None:
    async def something() -> None:
        world = World(a=ScriptedSender(answered(status, 90_000), Attempt(True, 200)))
        await world.put("a")
        await world.look()
        assert await world.status("a") == WAITING
        await world.look(10_000)
        assert await world.status("a") == SENT

    asyncio.run(something())


def test_gone_disables_the_endpoint_and_all_that_waits_can_be_replayed() -> None:
    async def something() -> None:
        world = World(a=ScriptedSender(answered(410, 0)))
        await world.endpoints.add(an_endpoint("a", "message.push"))
        await world.put("a")
        await world.look()
        endpoint = await world.endpoints.find("ep_a")
        assert endpoint is not None
        assert (endpoint.status, endpoint.revision) == (ENDPOINT_DISABLED, 2)
        # Who finds senders knows none for it now.
        world.senders.clear()
        await world.put("b")
        await world.look()
        assert [await world.status(name) for name in "ab"] == [DISABLED, DISABLED]
        dead = await world.outbox.page("ep_a", dead=True, limit=9)
        assert await world.outbox.replay(dead, world.now) == 2

    asyncio.run(something())


def test_a_dead_target_is_tried_seldom_and_one_at_a_time() -> None:
    sender = ScriptedSender(Attempt(False, detail="no connection"))

    async def something() -> None:
        world = World(a=sender)
        await world.put(*(f"m{number}" for number in range(50)))
        while await world.look():
            pass
        assert 10 <= len(sender.seen) <= 13
        before = len(sender.seen)
        assert await world.look(30_000) == 1
        assert await world.look(1) == 0
        sender.attempts = [Attempt(True, 200)]
        assert await world.look(60_000) == 1
        # One that does well again is given runs at once, longer ones if it is quick.
        assert await world.look() == 8
        assert len(sender.seen) == before + 10

    asyncio.run(something())


def test_what_is_over_is_not_sent() -> None:
    sender = ScriptedSender(Attempt(True, 200))

    async def something() -> None:
        world = World(a=sender)
        await world.put("a", expires_at=NOW + 500)
        await world.look(500)
        assert await world.status("a") == EXPIRED

    asyncio.run(something())
    assert sender.seen == []


def test_a_retry_that_would_be_too_late_is_not_made() -> None:
    async def something() -> None:
        world = World(a=ScriptedSender(answered(500, 0)))
        await world.put("a", expires_at=NOW + 4_000)
        await world.look()
        assert await world.status("a") == EXPIRED

    asyncio.run(something())


@pytest.mark.parametrize("scope", ["all", "campaign:spring", "channel:push"])
def test_what_is_stopped_waits_and_nothing_else(scope: str) -> None:
    async def something() -> None:
        world = World(a=ScriptedSender(Attempt(True, 200)))
        await world.put("a")
        await world.put("b", campaign_id="autumn", channel="sms")
        await world.controls.stop(Stop(scope, "ann", NOW))
        await world.look()
        assert await world.status("a") == WAITING
        assert await world.status("b") == (WAITING if scope == "all" else SENT)
        await world.controls.start(scope)
        await world.look()
        assert await world.status("a") == SENT

    asyncio.run(something())


def test_an_attempt_that_nobody_recorded_is_made_again_under_its_id() -> None:
    sender = ScriptedSender(Attempt(True, 200))

    async def something() -> None:
        world = World(a=sender)
        await world.put("a")
        await world.dispatcher.look()
        # Redis is away just when the receiver has it.
        world.outbox.is_available = False
        await world.dispatcher.settle_down()
        world.outbox.is_available = True
        assert await world.look(LEASE - 1) == 0
        assert await world.look(1) == 1
        assert await world.status("a") == SENT

    asyncio.run(something())
    assert sender.seen == ["a", "a"]


class WaitingSender(ScriptedSender):
    """Answers once it is told to."""

    def __init__(self) -> None:
        super().__init__(Attempt(True))
        self.may_answer = asyncio.Event()

    async def send(self, deliveries: Sequence[Delivery]) -> list[Attempt]:
        found = await super().send(deliveries)
        await self.may_answer.wait()
        return found


@pytest.mark.parametrize("past_its_lease", [False, True])
def test_an_e_mail_under_way_is_not_sent_again_within_its_own_longer_lease(
    past_its_lease: bool,
) -> None:
    sender = WaitingSender()

    async def something() -> None:
        world = World()
        world.senders["smtp"] = sender
        await world.put("a", target="smtp", channel="email")
        assert await world.dispatcher.look() == 1
        await asyncio.sleep(0)
        world.now += MAIL_LEASE if past_its_lease else MAIL_LEASE - 1
        await world.dispatcher.look()
        sender.may_answer.set()
        await world.dispatcher.settle_down()
        assert await world.status("a", "smtp") == SENT

    asyncio.run(something())
    assert len(sender.seen) == (2 if past_its_lease else 1)


@pytest.mark.parametrize("timeout_ms", [500, 15_000, 30_000])
def test_a_lease_outlives_the_longest_attempt_of_its_target(timeout_ms: int) -> None:
    pacing = pacing_of(Settings(webhook_timeout_ms=timeout_ms))

    assert pacing.lease_of("ep_a") >= timeout_ms + RECORD_MS
    assert pacing.lease_of(MAIL_TARGET) >= PATIENCE.seconds_max * 1_000 + RECORD_MS


def test_a_small_campaign_does_not_wait_behind_a_large_one() -> None:
    sender = ScriptedSender(Attempt(True, 200))

    async def something() -> None:
        world = World(a=sender)
        await world.put(*(f"m{number}" for number in range(400)))
        world.now += 1_000
        await world.put("small", campaign_id="order-ready")
        assert await world.look() >= 3

    asyncio.run(something())
    assert "small" in sender.seen


def test_a_fault_of_ours_climbs_the_ladder_as_any_other() -> None:
    class FaultySender(ScriptedSender):
        async def send(self, deliveries: Sequence[Delivery]) -> list[Attempt]:
            raise KeyError(deliveries[0].body)

    async def something() -> None:
        world = World(a=FaultySender())
        await world.put("a")
        await world.look()
        found = await world.outbox.find("a:ep_a")
        assert found is not None
        assert (found.status, found.tries) == (WAITING, 1)
        assert (await world.controls.read()).breaker_of("ep_a").failures == 0

    asyncio.run(something())


class SlowSender(ScriptedSender):
    """Takes its time, by the world's own timer."""

    world: World
    seconds = 0.0

    def __init__(self) -> None:
        super().__init__(Attempt(True, 200))

    async def send(self, deliveries: Sequence[Delivery]) -> list[Attempt]:
        found = await super().send(deliveries)
        await asyncio.sleep(0)
        self.world.seconds += self.seconds
        return found


def test_a_quick_target_is_given_more_and_more_up_to_a_bound() -> None:
    async def something() -> list[int]:
        world = World(a=ScriptedSender(Attempt(True, 200)))
        await world.put(*(f"m{number}" for number in range(600)))
        return [await world.look() for _ in range(7)]

    assert asyncio.run(something()) == [4, 8, 16, 32, 64, 128, 128]


def test_what_a_slow_target_does_not_take_in_time_is_given_back() -> None:
    sender = SlowSender()

    async def something() -> None:
        world = sender.world = World(a=sender)
        await world.put(*(f"m{number:02}" for number in range(60)))
        while len(sender.seen) < 28:
            await world.look()
        sender.seconds = 0.3
        assert await world.look() == 32
        assert len(sender.seen) == 28 + 4
        # What was given back is due at once, and no second time from who was sent.
        sender.seconds = 0.0
        while await world.look():
            pass
        assert [await world.status(f"m{n:02}") for n in range(60)] == [SENT] * 60

    asyncio.run(something())
    assert len(sender.seen) == len(set(sender.seen)) == 60


def test_a_stop_ends_a_run_that_is_under_way() -> None:
    sender = SlowSender()

    async def something() -> None:
        world = sender.world = World(a=sender)
        await world.put(*(f"m{number}" for number in range(100)))
        while len(sender.seen) < 28:
            await world.look()
        assert await world.dispatcher.look() == 32
        while len(sender.seen) < 28 + 4:  # noqa: ASYNC110 - others go on meanwhile
            await asyncio.sleep(0)
        await world.controls.stop(Stop("campaign:spring", "ann", NOW))
        await world.look()
        # Those on their way end; of their runs nothing begins once it is known.
        assert 28 + 4 <= len(sender.seen) < 28 + 32
        assert await world.look() == 0

    asyncio.run(something())


def test_a_run_ends_with_its_first_failure() -> None:
    attempts = [Attempt(True, 200)] * 20 + [answered(500, 0)]
    sender = ScriptedSender(*attempts)

    async def something() -> None:
        world = World(a=sender)
        await world.put(*(f"m{number}" for number in range(100)))
        for _ in range(3):
            await world.look()
        counts = Counter([await world.status(f"m{n}") for n in range(100)])
        tried = [await world.outbox.find(f"m{n}:ep_a") for n in range(100)]
        assert counts[SENT] == 20
        # Two runs met it, failed once each, and what they had left was not tried.
        assert sum(one.attempts for one in tried if one) == len(sender.seen) == 22

    asyncio.run(something())


class CountingControls(MemoryDeliveryControls):
    """Counts what it is told."""

    notes = 0

    async def note(
        self, target: str, *, succeeded: bool, now: int, wait_until: int = 0
    ) -> Breaker:
        self.notes += 1
        return await super().note(
            target, succeeded=succeeded, now=now, wait_until=wait_until
        )


def test_of_a_target_that_does_well_nothing_is_noted() -> None:
    sender = ScriptedSender(answered(500, 0), Attempt(True, 200))

    async def something() -> list[int]:
        world = World(a=sender)
        controls = CountingControls()
        world.controls = world.dispatcher._controls = controls
        await world.put(*"abcdef")
        notes = []
        for _ in range(3):
            await world.look()
            notes.append(controls.notes)
        return notes

    # The failure, the success that closes it, and no more.
    first, *rest = asyncio.run(something())
    assert 1 <= first <= 4
    assert rest[-1] - first <= 4
