"""Who waits for a command is woken by its ring, and by nothing is held up."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from api.result_hub import ResultHub
from stores.member_views_contract import ResultWrite
from stores.result_bell import MemoryResultBell

SOON = 5.0
# Far longer than a ring takes, and short for who waits in vain.
SILENT = 0.1
Something = Callable[[ResultHub, MemoryResultBell], Awaitable[Any]]


def with_hub(something: Something) -> Any:
    async def inside() -> Any:
        bell = MemoryResultBell()
        hub = ResultHub(bell)
        try:
            return await something(hub, bell)
        finally:
            await hub.close()

    return asyncio.run(inside())


async def heard(hub: ResultHub, *, wanted: bool = True) -> None:
    """Wait until the hub listens, or does not."""
    for _ in range(500):
        if hub.is_heard is wanted:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"is_heard is not {wanted}")


async def seconds_of(waiting: Awaitable[None]) -> float:
    started = time.monotonic()
    await waiting
    return time.monotonic() - started


def test_a_ring_wakes_those_who_wait_for_it_and_no_others() -> None:
    async def something(hub: ResultHub, bell: MemoryResultBell) -> list[float]:
        with (
            hub.waited("c1") as one,
            hub.waited("c1") as same,
            hub.waited("c2") as other,
        ):
            await heard(hub)
            # What rang before they listened may be of any.
            await asyncio.gather(*(ring.wait(SILENT) for ring in (one, same, other)))
            waits = asyncio.gather(
                seconds_of(one.wait(SOON)),
                seconds_of(same.wait(SOON)),
                seconds_of(other.wait(SILENT)),
            )
            await asyncio.sleep(0)
            bell.ring([ResultWrite("c1", b"1")])
            return await waits

    one, same, other = with_hub(something)

    assert max(one, same) < SOON
    assert other >= SILENT * 0.9


def test_a_ring_that_came_first_is_not_missed() -> None:
    async def something(hub: ResultHub, bell: MemoryResultBell) -> float:
        with hub.waited("c1") as ring:
            await heard(hub)
            bell.ring([ResultWrite("c1", b"1")])
            await asyncio.sleep(SILENT)
            return await seconds_of(ring.wait(SOON))

    assert with_hub(something) < SILENT


def test_while_the_bell_is_away_that_is_known() -> None:
    async def something(hub: ResultHub, bell: MemoryResultBell) -> bool:
        bell.is_available = False
        with hub.waited("c1") as ring:
            await ring.wait(SILENT)
            return hub.is_heard

    assert with_hub(something) is False


def test_a_bell_that_breaks_off_rings_for_all_once_it_is_back() -> None:
    async def something(hub: ResultHub, bell: MemoryResultBell) -> float:
        with hub.waited("c1") as ring:
            await heard(hub)
            await ring.wait(SILENT)
            bell.is_available = False
            bell.ring([ResultWrite("other", b"1")])
            await heard(hub, wanted=False)
            bell.is_available = True
            return await seconds_of(ring.wait(SOON))

    assert with_hub(something) < SOON
