"""One contract for uploaded codes in Redis and their twin in memory."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from local.stack import Stack
from stores.code_lists import RedisCodeLists
from stores.code_lists_contract import (
    CODES_AT_ONCE_MAX,
    CodeEntry,
    CodeLists,
    CodePlace,
)
from stores.memory_code_lists import MemoryCodeLists
from stores.unavailable import StoreUnavailable
from tests.contracts.both_stores import using

pytestmark = pytest.mark.end_to_end
Use = Callable[[Callable[[CodeLists], Awaitable[Any]]], Any]


@pytest.fixture(params=["redis", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Use:
    """Run something with empty lists of either kind."""
    return using(
        request.param,
        servers,
        memory=MemoryCodeLists,
        real=lambda url: RedisCodeLists(url, "test"),
    )


def entries(*codes: str) -> list[CodeEntry]:
    return [CodeEntry(code, code.replace("-", "").upper()) for code in codes]


def test_codes_are_read_by_number_and_found_however_they_are_written(use: Use) -> None:
    async def something(lists: CodeLists) -> None:
        assert await lists.add("spring", 5, entries("a-1", "é2")) == []
        assert await lists.codes_of("spring", [4, 5, 6, 7]) == [None, "a-1", "é2", None]
        assert await lists.codes_of("spring", []) == []
        assert await lists.find("A1") == CodePlace("spring", 5)
        assert await lists.find("B1") is None
        assert await lists.count("spring") == 2
        assert await lists.count("autumn") == 0

    use(something)


def test_the_same_part_again_changes_nothing(use: Use) -> None:
    async def something(lists: CodeLists) -> None:
        assert await lists.add("spring", 0, entries("a", "b")) == []
        assert await lists.add("spring", 0, entries("a", "b", "c")) == []
        assert await lists.count("spring") == 3

    use(something)


@pytest.mark.parametrize(
    ("pool", "first", "codes", "in_the_way"),
    [
        ("spring", 0, ("x", "b"), [0]),
        ("spring", 2, ("c", "a"), [1]),
        ("autumn", 0, ("c", "b"), [1]),
        ("spring", 2, ("c", "C"), [1]),
    ],
    ids=["number taken", "code stands before", "code of another pool", "code twice"],
)
def test_what_is_in_the_way_keeps_the_whole_part_out(
    use: Use, pool: str, first: int, codes: tuple[str, ...], in_the_way: list[int]
) -> None:
    async def something(lists: CodeLists) -> None:
        await lists.add("spring", 0, entries("a", "b"))
        assert await lists.add(pool, first, entries(*codes)) == in_the_way
        assert await lists.find("C") is None
        assert await lists.count("spring") == 2
        assert await lists.count("autumn") == 0

    use(something)


def test_a_part_may_be_as_large_as_is_published(use: Use) -> None:
    async def something(lists: CodeLists) -> None:
        codes = entries(*(f"c{number}" for number in range(CODES_AT_ONCE_MAX)))
        assert await lists.add("spring", 0, codes) == []
        assert await lists.count("spring") == CODES_AT_ONCE_MAX
        assert await lists.find("C9999") == CodePlace("spring", 9_999)

    use(something)


def test_a_server_that_is_away_is_told_as_such() -> None:
    async def something() -> None:
        lists = RedisCodeLists("redis://127.0.0.1:1", "test")
        with pytest.raises(StoreUnavailable):
            await lists.find("A")
        await lists.close()

    asyncio.run(something())
