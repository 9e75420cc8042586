"""The other systems: a real RabbitMQ, moto's server, stand-ins of Azure's."""

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.bridges.places import (
    AwsPlace,
    BusPlace,
    HttpPlace,
    MemoryPlace,
    Place,
    RabbitPlace,
)
from tests.bridges.rabbit import Rabbit, is_installed

if TYPE_CHECKING:
    from moto.server import ThreadedMotoServer

SOURCES = ("memory", "amqp", "sqs", "service-bus")
TARGETS = (*SOURCES, "sns", "eventbridge", "http")


@pytest.fixture(scope="session")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rabbit]:
    """A real RabbitMQ; without its packages the tests that need it are skipped."""
    if not is_installed():
        pytest.skip("RabbitMQ is not there: `make tools` fetches it")
    made = Rabbit(tmp_path_factory.mktemp("rabbit"))
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def aws() -> "Iterator[ThreadedMotoServer]":
    """SQS, SNS and EventBridge, as moto's server knows them."""
    # Slow to import, and few need it.
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def place_named(name: str, request: pytest.FixtureRequest) -> Place:
    """Place with queues of its own."""
    if name == "memory":
        return MemoryPlace()
    if name == "service-bus":
        return BusPlace()
    if name == "amqp":
        place = RabbitPlace(request.getfixturevalue("rabbit"))
        asyncio.run(place.prepare())
        return place
    return AwsPlace(request.getfixturevalue("aws"), name)


@pytest.fixture(params=SOURCES)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """Each system that events come from."""
    made = place_named(request.param, request)
    yield made
    made.cut()


@pytest.fixture(params=TARGETS)
def far_place(request: pytest.FixtureRequest) -> Iterator[Place | HttpPlace]:
    """Each system that member events go to."""
    if request.param == "http":
        http = HttpPlace()
        yield http
        http.cut()
        http.close()
        return
    made = place_named(request.param, request)
    yield made
    made.cut()
