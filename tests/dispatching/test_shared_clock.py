"""Dispatchers go by the outbox's time, whatever their own machine says."""

import asyncio

import pytest

from stores.unavailable import StoreUnavailable
from streams.dispatching import shared_clock
from streams.dispatching.shared_clock import SharedClock

NOW = 1_700_000_000


class Outside:
    """An outbox that tells its time after a while, and a timer."""

    def __init__(self) -> None:
        self.seconds, self.is_away = 50.0, False
        self.told = NOW
        self.answered = asyncio.Semaphore(0)

    async def now(self) -> int:
        self.answered.release()
        if self.is_away:
            raise StoreUnavailable("redis", "away")
        self.seconds += 0.2
        return self.told * 1_000

    def timer(self) -> float:
        return self.seconds


def test_before_the_outbox_was_asked_nobody_knows_the_time() -> None:
    outside = Outside()

    with pytest.raises(StoreUnavailable, match="not known yet"):
        SharedClock(outside.now, outside.timer)()


def test_between_two_answers_the_timer_carries_it_on() -> None:
    outside = Outside()
    clock = SharedClock(outside.now, outside.timer)
    asyncio.run(clock.renew())
    outside.seconds += 30

    assert clock() == pytest.approx(NOW + 30 + 0.1)


def test_a_clock_that_is_set_is_followed() -> None:
    outside = Outside()
    clock = SharedClock(outside.now, outside.timer)
    asyncio.run(clock.renew())
    outside.told += 3_600
    asyncio.run(clock.renew())

    assert clock() == pytest.approx(NOW + 3_600 + 0.1)


def test_while_the_outbox_is_away_time_goes_on_and_it_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shared_clock, "RENEW_SECONDS", 0.001)
    outside = Outside()
    clock = SharedClock(outside.now, outside.timer)

    async def something() -> float:
        await clock.renew()
        await clock.known()
        outside.is_away = True
        running = asyncio.create_task(clock.run())
        for _ in range(4):
            await outside.answered.acquire()
        outside.seconds += 10
        during = clock()
        outside.is_away, outside.told = False, NOW + 11
        for _ in range(2):
            await outside.answered.acquire()
        await asyncio.sleep(0)
        running.cancel()
        return during

    assert asyncio.run(something()) == pytest.approx(NOW + 10 + 0.1)
    assert clock() == pytest.approx(NOW + 11, abs=1)
