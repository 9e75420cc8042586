"""The guard round a store: when it opens, what it refuses, how it closes again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from prometheus_client import REGISTRY

from stores.breaker import CLOSED, Breaker, BreakerRules, noted
from stores.guard import Guard, guarded
from stores.unavailable import StoreUnavailable

RULES = BreakerRules(failures_max=3, open_ms_min=1_000, open_ms_max=3_000)
AWAY = StoreUnavailable("redis", "does not answer")
REFUSES = StoreUnavailable("redis", "says no", is_away=False)


@pytest.mark.parametrize(
    ("known", "succeeded", "now", "expected"),
    [
        (CLOSED, True, 0, CLOSED),
        (CLOSED, False, 0, Breaker(1)),
        (Breaker(2), True, 0, CLOSED),
        (Breaker(2), False, 50, Breaker(3, 1, 1_050)),
        (Breaker(3, 1, 1_050), False, 1_049, Breaker(3, 1, 1_050)),
        (Breaker(3, 1, 1_050), True, 1_049, CLOSED),
        (Breaker(3, 1, 1_050), False, 1_050, Breaker(4, 2, 3_050)),
        (Breaker(4, 2, 3_050), False, 3_050, Breaker(5, 3, 6_050)),
        (Breaker(9, 10, 0), False, 1, Breaker(10, 10, 3_001)),
        (Breaker(4, 2, 3_050), True, 3_050, CLOSED),
    ],
    ids=[
        "closed, well",
        "closed, a failure",
        "closed, well again",
        "closed, the last failure opens it",
        "open, one that was under way fails",
        "open, one that was under way is well",
        "half-open, the trial fails: twice the time",
        "half-open, up to the longest time",
        "half-open, for ever: no longer than the longest",
        "half-open, the trial is well",
    ],
)
def test_a_breaker_after_an_attempt(
    known: Breaker, succeeded: bool, now: int, expected: Breaker
) -> None:
    assert noted(known, RULES, succeeded=succeeded, now=now) == expected


class Scene:
    """A guard, its clock, and a store that does what it is told."""

    def __init__(self, calls_max: int = 10) -> None:
        self.seconds = 100.0
        self.fails: StoreUnavailable | None = None
        self.calls = 0
        self.waits: asyncio.Event | None = None
        self.guard = Guard("test", calls_max, rules=RULES, clock=lambda: self.seconds)

    async def ask(self) -> str:
        """Answer, wait or fail."""
        self.calls += 1
        if self.waits is not None:
            await self.waits.wait()
        if self.fails is not None:
            raise self.fails
        return "answer"

    async def outcome(self) -> str:
        """What a guarded call comes to."""
        try:
            return await self.guard.call(self.ask)
        except StoreUnavailable as error:
            return error.detail

    async def open(self) -> None:
        """Fail until nothing is called any more."""
        self.fails = AWAY
        for _ in range(RULES.failures_max):
            await self.outcome()
        self.fails = None
        assert self.guard.state == "open"


def run(story: Callable[[Scene], Awaitable[None]], **options: Any) -> None:
    """Tell a story on a loop."""
    asyncio.run(story(Scene(**options)))  # type: ignore[arg-type] # a coroutine


def test_an_open_breaker_calls_nobody_and_says_when_to_come_again() -> None:
    async def story(scene: Scene) -> None:
        await scene.open()
        with pytest.raises(StoreUnavailable) as refused:
            await scene.guard.call(scene.ask)
        assert scene.calls == RULES.failures_max
        assert refused.value.retry_after_seconds == 1
        assert (
            REGISTRY.get_sample_value("regulars_breaker_state", {"dependency": "test"})
            == 2
        )

    run(story)


def test_half_open_one_call_tries_and_closes_it() -> None:
    async def story(scene: Scene) -> None:
        await scene.open()
        scene.seconds += 1
        assert scene.guard.state == "half-open"
        scene.waits = asyncio.Event()
        trial = asyncio.create_task(scene.outcome())
        await asyncio.sleep(0)
        assert await scene.outcome() == "is away"
        scene.waits.set()
        assert await trial == "answer"
        assert scene.guard.state == "closed"
        assert await scene.outcome() == "answer"

    run(story)


def test_a_trial_that_is_given_up_lets_another_one_try() -> None:
    async def story(scene: Scene) -> None:
        await scene.open()
        scene.seconds += 1
        scene.waits = asyncio.Event()
        trial = asyncio.create_task(scene.outcome())
        await asyncio.sleep(0)
        trial.cancel()
        await asyncio.wait([trial])
        scene.waits = None
        assert await scene.outcome() == "answer"

    run(story)


def test_one_call_too_many_fails_at_once_and_room_is_given_back() -> None:
    async def story(scene: Scene) -> None:
        scene.waits = asyncio.Event()
        held = [asyncio.create_task(scene.outcome()) for _ in range(2)]
        await asyncio.sleep(0)
        assert await scene.outcome() == "2 calls wait"
        scene.waits.set()
        assert await asyncio.gather(*held) == ["answer", "answer"]
        assert await scene.outcome() == "answer"
        assert scene.guard.state == "closed"

    run(story, calls_max=2)


def test_a_store_that_answers_no_is_not_away() -> None:
    async def story(scene: Scene) -> None:
        scene.fails = REFUSES
        for _ in range(RULES.failures_max * 2):
            assert await scene.outcome() == "says no"
        assert scene.guard.state == "closed"

    run(story)


class Shop:
    """A store of which two calls are alike, but for what they may do twice."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.calls = 0

    @property
    def is_open(self) -> bool:
        """No call at all."""
        return True

    async def look(self) -> int:
        """Fail at first."""
        self.calls += 1
        if self.calls <= self.failures:
            raise AWAY
        return self.calls

    async def buy(self) -> int:
        """The same, and it must not be done twice."""
        return await self.look()


@pytest.mark.parametrize(
    ("name", "failures", "calls", "is_done"),
    [
        ("look", 1, 2, True),
        ("look", 2, 2, False),
        ("buy", 1, 1, False),
        ("buy", 0, 1, True),
    ],
    ids=["a read, tried again", "a read, no third time", "a write, once", "a write"],
)
def test_only_reads_are_tried_again(
    name: str, failures: int, calls: int, is_done: bool
) -> None:
    shop = Shop(failures)
    reached = guarded(shop, Guard("test", 5, rules=RULES), reads=frozenset({"look"}))

    async def story() -> bool:
        try:
            await getattr(reached, name)()
        except StoreUnavailable:
            return False
        return True

    assert reached.is_open
    assert asyncio.run(story()) is is_done
    assert shop.calls == calls


def test_a_read_that_waited_long_is_not_tried_again() -> None:
    async def story(scene: Scene) -> None:
        async def slow() -> str:
            scene.seconds += 5
            scene.calls += 1
            raise AWAY

        with pytest.raises(StoreUnavailable):
            await scene.guard.read(slow)
        assert scene.calls == 1

    run(story)
