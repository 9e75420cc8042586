"""One contract for the notes of imports in Redis and their twin in memory."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import redis

from local.stack import Stack
from stores.imports import RedisImports
from stores.imports_contract import (
    FAULTS_KEPT_MAX,
    FINISHED,
    KEPT_SECONDS,
    ImportJob,
    Imports,
    RowFault,
)
from stores.memory_imports import MemoryImports

pytestmark = pytest.mark.end_to_end
JOB = ImportJob("i-1", "orders", "till", "like", 5, 6)
FAULT = RowFault(3, "/lines/0", "wröng")
Use = Callable[[Imports], Awaitable[Any]]


@pytest.fixture(params=["redis", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Callable[[Use], Any]:
    def run(something: Use) -> Any:
        async def inside() -> Any:
            imports: Imports = MemoryImports()
            if request.param == "redis":
                url = servers.addresses()["redis_url"]
                redis.Redis.from_url(url).flushall()
                imports = RedisImports(url, "test")
            try:
                return await something(imports)
            finally:
                await imports.close()

        return asyncio.run(inside())

    return run


def test_the_first_one_with_an_id_is_noted(use: Callable[[Use], Any]) -> None:
    async def something(imports: Imports) -> None:
        assert await imports.claim(JOB) == JOB
        assert await imports.claim(JOB._replace(likeness="other")) == JOB
        assert await imports.find("i-1") == JOB
        assert await imports.find("i-2") is None
        assert await imports.faults("i-1") == []

    use(something)


def test_progress_and_faults_are_kept(use: Callable[[Use], Any]) -> None:
    async def something(imports: Imports) -> None:
        await imports.claim(JOB)
        done = JOB._replace(status=FINISHED, rows_taken=9, detail="all")
        await imports.keep(JOB, [FAULT])
        await imports.keep(done, [FAULT._replace(row=4)])
        await imports.keep(done)
        assert await imports.find("i-1") == done
        assert await imports.faults("i-1") == [FAULT, FAULT._replace(row=4)]

    use(something)


def test_the_first_faults_are_kept_and_no_more(use: Callable[[Use], Any]) -> None:
    async def something(imports: Imports) -> None:
        many = [FAULT._replace(row=n) for n in range(FAULTS_KEPT_MAX + 10)]
        await imports.keep(JOB, many)
        await imports.keep(JOB, many)
        assert await imports.faults("i-1") == many[:FAULTS_KEPT_MAX]

    use(something)


def test_who_begins_anew_has_no_faults(use: Callable[[Use], Any]) -> None:
    async def something(imports: Imports) -> None:
        await imports.keep(JOB._replace(rows_taken=5), [FAULT])
        await imports.begin(JOB)
        assert await imports.find("i-1") == JOB
        assert await imports.faults("i-1") == []

    use(something)


def test_an_import_is_forgotten_after_a_week(servers: Stack) -> None:
    url = servers.addresses()["redis_url"]

    async def something() -> None:
        imports = RedisImports(url, "old")
        await imports.keep(JOB, [FAULT])
        await imports.close()

    asyncio.run(something())
    client = redis.Redis.from_url(url)
    for name in ("old:import:i-1", "old:import:i-1:faults"):
        assert KEPT_SECONDS - 60 < client.ttl(name) <= KEPT_SECONDS
