"""One contract for identities in Redis and their twin in memory."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import redis

from local.stack import Stack
from stores.identities import RedisIdentities
from stores.identities_contract import EMAIL, PHONE, Identities, LiveCode
from stores.memory_identities import MemoryIdentities
from stores.unavailable import StoreUnavailable

pytestmark = pytest.mark.end_to_end
Use = Callable[[Identities], Awaitable[Any]]
ANN = "ann é\N{BEER MUG}"


@pytest.fixture(params=["redis", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Callable[[Use], Any]:
    """Run something with an empty store of either kind."""

    def run(something: Use) -> Any:
        async def inside() -> Any:
            identities: Identities = MemoryIdentities()
            if request.param == "redis":
                url = servers.addresses()["redis_url"]
                redis.Redis.from_url(url).flushall()
                identities = RedisIdentities(url, "test")
            try:
                return await something(identities)
            finally:
                await identities.close()

        return asyncio.run(inside())

    return run


def test_a_contact_is_the_first_ones_who_claims_it(use: Callable[[Use], Any]) -> None:
    async def something(identities: Identities) -> None:
        assert await identities.find("d1") is None
        assert await identities.claim(ANN, {PHONE: "d1", EMAIL: "d2"}) is None
        assert await identities.claim(ANN, {PHONE: "d1"}) is None
        assert await identities.claim("bob", {PHONE: "d3", EMAIL: "d2"}) == EMAIL
        assert await identities.find("d1") == ANN
        assert await identities.find("d3") is None

    use(something)


def test_of_many_who_claim_at_once_one_has_it(use: Callable[[Use], Any]) -> None:
    async def something(identities: Identities) -> list[str | None]:
        claims = [identities.claim(f"m{n}", {PHONE: "d"}) for n in range(30)]
        return list(await asyncio.gather(*claims))

    assert use(something).count(None) == 1


def test_a_settled_contact_takes_the_place_of_the_one_before(
    use: Callable[[Use], Any],
) -> None:
    async def something(identities: Identities) -> None:
        await identities.settle(ANN, {PHONE: "d1", EMAIL: "e1"}, 1)
        await identities.settle(ANN, {PHONE: "d2"}, 2)
        assert await identities.find("d1") is None
        assert await identities.find("d2") == ANN
        assert await identities.kinds(ANN) == {PHONE, EMAIL}
        await identities.settle(ANN, {EMAIL: ""}, 3)
        assert await identities.find("e1") is None
        assert await identities.kinds(ANN) == {PHONE}

    use(something)


@pytest.mark.parametrize("version", [1, 5], ids=["older", "repeated"])
def test_an_older_change_undoes_no_newer_one(
    use: Callable[[Use], Any], version: int
) -> None:
    async def something(identities: Identities) -> None:
        await identities.settle(ANN, {PHONE: "d2"}, 5)
        await identities.settle(ANN, {PHONE: "d1"}, version)
        assert await identities.find("d2") == ANN
        assert await identities.find("d1") is None

    use(something)


def test_what_is_let_go_is_free_and_what_is_settled_stays(
    use: Callable[[Use], Any],
) -> None:
    async def something(identities: Identities) -> None:
        await identities.settle(ANN, {PHONE: "d1"}, 1)
        await identities.claim(ANN, {PHONE: "d1", EMAIL: "e1"})
        await identities.let_go("bob", {PHONE: "d1", EMAIL: "e1"})
        assert await identities.find("e1") == ANN
        await identities.let_go(ANN, {PHONE: "d1", EMAIL: "e1"})
        assert await identities.find("d1") == ANN
        assert await identities.find("e1") is None

    use(something)


def test_who_is_forgotten_has_none_and_no_repeat_brings_them_back(
    use: Callable[[Use], Any],
) -> None:
    async def something(identities: Identities) -> None:
        await identities.settle(ANN, {PHONE: "d1", EMAIL: "e1"}, 1)
        assert await identities.forget(ANN, 2) == 2
        assert await identities.forget(ANN, 2) == 0
        await identities.settle(ANN, {PHONE: "d1"}, 1)
        assert await identities.find("d1") is None
        assert await identities.kinds(ANN) == frozenset()
        assert await identities.claim("bob", {PHONE: "d1"}) is None

    use(something)


def test_anothers_contact_is_not_settled(use: Callable[[Use], Any]) -> None:
    async def something(identities: Identities) -> None:
        await identities.settle(ANN, {PHONE: "d1"}, 1)
        await identities.settle("bob", {PHONE: "d1"}, 9)
        assert await identities.find("d1") == ANN
        assert await identities.kinds("bob") == frozenset()

    use(something)


def test_digits_lead_to_one_code_at_a_time(use: Callable[[Use], Any]) -> None:
    async def something(identities: Identities) -> None:
        code = LiveCode(ANN, 7)
        assert await identities.show_code("12345678", code, 60)
        assert await identities.show_code("12345678", code, 60)
        assert not await identities.show_code("12345678", LiveCode("bob", 7), 60)
        assert await identities.find_code("12345678") == code
        assert await identities.find_code("00000000") is None

    use(something)


def test_a_code_is_one_tills(use: Callable[[Use], Any]) -> None:
    async def something(identities: Identities) -> None:
        assert await identities.use_code("m", "till-1", 60)
        assert await identities.use_code("m", "till-1", 60)
        assert not await identities.use_code("m", "till-2", 60)

    use(something)


def test_a_claim_ends_and_a_settled_contact_does_not(servers: Stack) -> None:
    url = servers.addresses()["redis_url"]

    async def something() -> None:
        identities = RedisIdentities(url, "ends")
        await identities.claim("ann", {PHONE: "d1", EMAIL: "e1"})
        await identities.settle("ann", {PHONE: "d1"}, 1)
        await identities.close()

    asyncio.run(something())
    client = redis.Redis.from_url(url)

    assert client.ttl("ends:contact:d1") == -1
    assert 0 < int(str(client.ttl("ends:contact:e1"))) <= 86_400


def test_a_server_that_is_not_there_is_unavailable() -> None:
    async def something() -> None:
        identities = RedisIdentities("redis://127.0.0.1:1/0", "test")
        for call in (
            identities.find("d"),
            identities.claim("m", {PHONE: "d"}),
            identities.use_code("m", "t", 1),
        ):
            with pytest.raises(StoreUnavailable):
                await call

    asyncio.run(something())
