"""One contract for endpoints of webhooks in Redis and their twin in memory."""

import pytest

from local.stack import Stack
from stores.endpoints import RedisEndpoints
from stores.endpoints_contract import (
    DISABLED,
    ENDPOINTS_MAX,
    Endpoint,
    Endpoints,
    SealedSecret,
)
from stores.memory_endpoints import MemoryEndpoints
from tests.contracts.both_stores import Use, using

pytestmark = pytest.mark.end_to_end
NOW = 1_700_000_000_000


@pytest.fixture(params=["redis", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Use:
    return using(
        request.param,
        servers,
        memory=MemoryEndpoints,
        real=lambda url: RedisEndpoints(url, "test"),
    )


def an_endpoint(name: str, at: int = NOW) -> Endpoint:
    secrets = (SealedSecret("new", NOW), SealedSecret("old", 1, NOW + 100))
    kinds = ("message.push", "points.earned")
    return Endpoint(f"ep_{name}", "https://é.example/", kinds, secrets, at, "ann")


def test_an_endpoint_is_kept_whole_and_listed_oldest_first(use: Use) -> None:
    async def something(endpoints: Endpoints) -> None:
        assert await endpoints.all() == ()
        assert await endpoints.add(an_endpoint("b", NOW + 1))
        assert await endpoints.add(an_endpoint("a"))
        assert not await endpoints.add(an_endpoint("a"))
        assert await endpoints.all() == (an_endpoint("a"), an_endpoint("b", NOW + 1))
        assert await endpoints.find("ep_a") == an_endpoint("a")
        assert await endpoints.find("ep_c") is None

    use(something)


def test_of_two_who_change_the_same_revision_one_does(use: Use) -> None:
    async def something(endpoints: Endpoints) -> None:
        one = an_endpoint("a")
        assert not await endpoints.change(one._replace(revision=2))
        await endpoints.add(one)
        changed = one._replace(status=DISABLED, revision=2)
        assert await endpoints.change(changed)
        assert not await endpoints.change(one._replace(revision=2))
        assert await endpoints.find("ep_a") == changed
        assert await endpoints.remove("ep_a")
        assert not await endpoints.remove("ep_a")
        assert not await endpoints.change(changed._replace(revision=3))

    use(something)


def test_there_are_only_so_many(use: Use) -> None:
    async def something(endpoints: Endpoints) -> None:
        for number in range(ENDPOINTS_MAX):
            assert await endpoints.add(an_endpoint(str(number)))
        assert not await endpoints.add(an_endpoint("more"))

    use(something)


def test_a_replaced_secret_signs_until_its_end() -> None:
    one = an_endpoint("a")

    assert [s.sealed for s in one.secrets_at(NOW + 99)] == ["new", "old"]
    assert [s.sealed for s in one.secrets_at(NOW + 100)] == ["new"]
    assert one.wants("points.earned")
    assert not one._replace(status=DISABLED).wants("points.earned")
