"""One contract for Redis and its twin in memory."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import redis

from local.stack import Stack
from stores.member_views import RedisMemberViews
from stores.member_views_contract import (
    CodeWrite,
    MemberViews,
    ResultWrite,
    ViewWrite,
)
from stores.memory_member_views import MemoryMemberViews
from stores.unavailable import StoreUnavailable

pytestmark = pytest.mark.end_to_end
Use = Callable[[MemberViews], Awaitable[Any]]


@pytest.fixture(params=["redis", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Callable[[Use], Any]:
    """Run something with an empty store of either kind."""

    def run(something: Use) -> Any:
        async def inside() -> Any:
            views: MemberViews = MemoryMemberViews()
            if request.param == "redis":
                redis.Redis.from_url(servers.addresses()["redis_url"]).flushall()
                views = RedisMemberViews(servers.addresses()["redis_url"], "test")
            try:
                return await something(views)
            finally:
                await views.close()

        return asyncio.run(inside())

    return run


def test_a_view_is_read_as_it_was_written(use: Callable[[Use], Any]) -> None:
    async def something(views: MemberViews) -> None:
        assert await views.put([ViewWrite("m", 1, b'{"a":1}')]) == 1
        stored = await views.get("m")
        assert stored is not None
        assert (stored.version, stored.document) == (1, b'{"a":1}')
        assert await views.get("nobody") is None
        await views.ping()

    use(something)


def test_an_older_version_never_overwrites_a_newer(use: Callable[[Use], Any]) -> None:
    async def something(views: MemberViews) -> None:
        newer, older = ViewWrite("m", 10, b"new"), ViewWrite("m", 9, b"old")
        assert await views.put([newer, older, newer]) == 1
        assert await views.put([older]) == 0
        stored = await views.get("m")
        assert stored is not None
        assert stored.document == b"new"

    use(something)


def test_versions_are_compared_as_numbers(use: Callable[[Use], Any]) -> None:
    async def something(views: MemberViews) -> None:
        large = 2**53 - 2
        await views.put([ViewWrite("m", 9, b"nine"), ViewWrite("m", 10, b"ten")])
        await views.put([ViewWrite("n", large, b"a"), ViewWrite("n", large + 1, b"b")])
        ten, last = await views.get("m"), await views.get("n")
        assert ten is not None
        assert last is not None
        assert (ten.document, last.document) == (b"ten", b"b")

    use(something)


def test_an_erased_member_stays_erased(use: Callable[[Use], Any]) -> None:
    async def something(views: MemberViews) -> None:
        await views.put([ViewWrite("m", 1, b"here")])
        await views.put([ViewWrite("m", 2, b"")])
        await views.put([ViewWrite("m", 1, b"again")])
        assert await views.get("m") is None

    use(something)


def test_many_members_are_written_at_once(use: Callable[[Use], Any]) -> None:
    async def something(views: MemberViews) -> None:
        writes = [ViewWrite(f"m{n}", 1, b"x" * 300) for n in range(2_000)]
        assert await views.put(writes) == 2_000
        assert await views.put(writes) == 0
        assert await views.put([]) == 0

    use(something)


def test_members_that_are_written_at_once_keep_apart(use: Callable[[Use], Any]) -> None:
    def written(n: int, version: int) -> ViewWrite:
        state = b"" if (n + version) % 2 else b"state %d" % n
        return ViewWrite(f"m{n}", version, b"view %d of %d" % (version, n), state)

    async def something(views: MemberViews) -> None:
        first = [written(n, 1 + n % 3) for n in range(170)]
        assert await views.put(first) == 170
        second = [written(n, 2) for n in range(170)]
        assert await views.put(second) == sum(n % 3 == 0 for n in range(170))
        latest = [
            max(pair, key=lambda one: one.version)
            for pair in zip(second, first, strict=True)
        ]
        assert await views.all_of([one.member_id for one in latest]) == latest

    use(something)


def test_the_first_result_of_a_command_stays(use: Callable[[Use], Any]) -> None:
    async def something(views: MemberViews) -> None:
        assert await views.get_result("c-1") is None
        await views.put_results(
            [ResultWrite("c-1", b"first"), ResultWrite("c-2", b"x")]
        )
        await views.put_results([ResultWrite("c-1", b"second")])
        assert await views.get_result("c-1") == b"first"
        assert await views.get_result("c-2") == b"x"

    use(something)


@pytest.mark.parametrize(
    ("views_count", "results_count"),
    [(0, 0), (1, 1), (499, 3), (500, 501), (1_100, 1_700), (0, 501)],
)
def test_results_go_with_the_views_however_many(
    use: Callable[[Use], Any], views_count: int, results_count: int
) -> None:
    async def something(views: MemberViews) -> None:
        writes = [ViewWrite(f"m{n}", 1, b"view") for n in range(views_count)]
        results = [ResultWrite(f"c{n}", b"%d" % n) for n in range(results_count)]
        assert await views.put(writes, results) == views_count
        for number in {0, 1, 499, 500, results_count - 1} & set(range(results_count)):
            assert await views.get_result(f"c{number}") == b"%d" % number
        assert await views.get_result(f"c{results_count}") is None

    use(something)


@pytest.mark.parametrize("kind", ["redis", "memory"])
def test_a_result_ends_with_its_time(kind: str, servers: Stack) -> None:
    url = servers.addresses()["redis_url"]

    async def something() -> None:
        views: MemberViews = MemoryMemberViews(result_ttl_seconds=1)
        if kind == "redis":
            views = RedisMemberViews(url, "brief", result_ttl_seconds=1)
        await views.put_results([ResultWrite("c", b"first")])
        assert await views.get_result("c") == b"first"
        await asyncio.sleep(1.2)
        assert await views.get_result("c") is None
        await views.put_results([ResultWrite("c", b"second")])
        assert await views.get_result("c") == b"second"
        await views.close()

    asyncio.run(something())


def test_scripts_that_the_server_forgot_are_loaded_again(servers: Stack) -> None:
    url = servers.addresses()["redis_url"]

    async def something() -> None:
        views = RedisMemberViews(url, "forgetful")
        await views.put([ViewWrite("m", 1, b"a")])
        redis.Redis.from_url(url).script_flush()
        assert await views.put([ViewWrite("m", 2, b"b")]) == 1
        await views.close()

    asyncio.run(something())


def test_a_server_that_is_not_there_is_unavailable_in_time() -> None:
    async def something() -> None:
        views = RedisMemberViews("redis://127.0.0.1:1/0", "test")
        with pytest.raises(StoreUnavailable):
            await views.get("m")
        with pytest.raises(StoreUnavailable):
            await views.put([ViewWrite("m", 1, b"a")])
        with pytest.raises(StoreUnavailable):
            await views.get_result("c")
        with pytest.raises(StoreUnavailable):
            await views.put_results([ResultWrite("c", b"a")])

    started = time.monotonic()
    asyncio.run(something())
    assert time.monotonic() - started < 10


def test_a_state_is_never_older_than_its_view(use: Callable[[Use], Any]) -> None:
    async def something(views: MemberViews) -> None:
        await views.put([ViewWrite("m", 2, b"two", b"state \x00\xff two")])
        await views.put([ViewWrite("m", 1, b"one", b"state one")])
        stored = await views.get_state("m")
        assert stored is not None
        assert (stored.version, stored.state) == (2, b"state \x00\xff two")
        assert await views.get_state("nobody") is None

    use(something)


def test_a_state_that_is_no_longer_kept_goes_with_the_next_view(
    use: Callable[[Use], Any],
) -> None:
    async def something(views: MemberViews) -> None:
        await views.put([ViewWrite("m", 1, b"one", b"state one")])
        await views.put([ViewWrite("m", 2, b"two")])
        stored = await views.get_state("m")
        assert stored is not None
        assert (stored.version, stored.state) == (2, b"")

    use(something)


def test_the_state_of_an_erased_member_is_gone(use: Callable[[Use], Any]) -> None:
    async def something(views: MemberViews) -> None:
        await views.put([ViewWrite("m", 1, b"one", b"state one")])
        assert await views.delete("m", 2)
        assert await views.get_state("m") is None

    use(something)


def test_a_repair_writes_over_what_it_found_and_nothing_else(
    use: Callable[[Use], Any],
) -> None:
    async def something(views: MemberViews) -> None:
        await views.put([ViewWrite("m", 7, b"wrong", b"state")])

        assert not await views.replace(ViewWrite("m", 5, b"late"), found=6)
        assert not await views.replace(ViewWrite("m", 5, b"late"), found=None)
        assert await views.replace(ViewWrite("m", 5, b"right"), found=7)
        assert await views.replace(ViewWrite("new", 1, b"n"), found=None)

        assert await views.all_of(["m", "nobody", "new"]) == [
            ViewWrite("m", 5, b"right"),
            None,
            ViewWrite("new", 1, b"n"),
        ]

    use(something)


def test_whose_a_code_is_is_known_with_the_view(use: Callable[[Use], Any]) -> None:
    async def something(views: MemberViews) -> None:
        codes = [CodeWrite("spring", 7, "ann é"), CodeWrite("spring", 70, "bob")]
        await views.put([ViewWrite("ann é", 1, b"{}")], (), codes)
        await views.put((), (), codes[:1])
        assert await views.holder_of("spring", 7) == "ann é"
        assert await views.holder_of("spring", 70) == "bob"
        assert await views.holder_of("spring", 0) is None
        assert await views.holder_of("autumn", 7) is None

    use(something)
