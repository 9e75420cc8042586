"""Kafka, Redis and ClickHouse behind TLS and passwords, on real servers."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress

import pytest
import redis
from clickhouse_connect.driver.exceptions import ClickHouseError

from local.stack import Stack
from runtime.kafka_access import KafkaAddress, kafka_address, kafka_hosts
from runtime.settings import Settings, told_settings
from stores.clickhouse import connect
from stores.member_views import RedisMemberViews
from stores.member_views_contract import ViewWrite
from stores.unavailable import StoreUnavailable
from tests.contracts.certificates import Certificates, made_in

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300)]
WORD = "a word/with:signs@all"
ENCODED = "a%20word%2Fwith%3Asigns%40all"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """An authority, and a certificate of this machine."""
    return made_in(tmp_path_factory.mktemp("certificates"))


@contextmanager
def behind_tls(port: int, certificates: Certificates) -> Iterator[int]:
    """Port that speaks TLS, and passes on what it hears to a port that does not."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.chain)
    loop = asyncio.new_event_loop()
    ready: Future[int] = Future()

    async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await source.read(65_536):
                target.write(piece)
                await target.drain()
        target.close()

    async def take(inner: asyncio.StreamReader, outer: asyncio.StreamWriter) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pump(inner, writer), pump(reader, outer))

    async def serve() -> None:
        server = await asyncio.start_server(take, "127.0.0.1", 0, ssl=context)
        ready.set_result(server.sockets[0].getsockname()[1])

    starting = loop.create_task(serve())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield ready.result(10)
        assert starting.done()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def test_redis_is_reached_by_tls_and_a_user_of_its_acl(
    servers: Stack, certificates: Certificates
) -> None:
    plain = redis.Redis.from_url(servers.addresses()["redis_url"])
    plain.acl_setuser(  # type: ignore[no-untyped-call] # redis ships no type
        "regulars",
        enabled=True,
        passwords=[f"+{WORD}"],
        keys=["secure:*"],
        commands=["+@all"],
    )

    async def written(url: str) -> bytes:
        views = RedisMemberViews(url, "secure")
        try:
            await views.put([ViewWrite("m", 1, b"view")])
            stored = await views.get("m")
        finally:
            await views.close()
        assert stored is not None
        return stored.document

    with behind_tls(servers.port("valkey", "valkey"), certificates) as port:
        where = f"127.0.0.1:{port}/0?ssl_ca_certs={certificates.ca}"
        assert asyncio.run(written(f"rediss://regulars:{ENCODED}@{where}")) == b"view"
        for url in (
            f"rediss://regulars:wrong@{where}",
            f"rediss://regulars:{ENCODED}@127.0.0.1:{port}/0",
        ):
            with pytest.raises(StoreUnavailable):
                asyncio.run(written(url))


def test_clickhouse_is_reached_by_tls_alone(
    servers: Stack, certificates: Certificates
) -> None:
    port = servers.port("clickhouse", "clickhouse")
    with behind_tls(port, certificates) as secure:
        client = connect(f"https://127.0.0.1:{secure}?ca={certificates.ca}")
        assert client.query("SELECT 1").result_rows == [(1,)]
        client.close()
        with pytest.raises(ClickHouseError):
            connect(f"https://127.0.0.1:{secure}")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("a:1,b:2", KafkaAddress("a:1,b:2")),
        ("ssl://a:1", KafkaAddress("a:1", "ssl")),
        (
            f"sasl_ssl://u:{ENCODED}@a:1,b:2?ca=/c.pem",
            KafkaAddress("a:1,b:2", "sasl_ssl", "u", WORD, ca="/c.pem"),
        ),
        (
            "SASL_PLAINTEXT://u:p@a:1?mechanism=PLAIN",
            KafkaAddress("a:1", "sasl_plaintext", "u", "p", "PLAIN"),
        ),
    ],
)
def test_an_address_says_how_kafka_is_reached(
    address: str, expected: KafkaAddress
) -> None:
    assert kafka_address(address) == expected
    assert kafka_hosts(address) == expected.hosts


@pytest.mark.parametrize(
    "address",
    [
        "tls://a:1",
        "ssl://u:secret@a:1",
        "sasl_ssl://a:1",
        "sasl_ssl://u:secret@a:1?mechanism=GSSAPI",
        "sasl_ssl://u:secret@a:1?cafile=x",
    ],
)
def test_an_address_that_cannot_be_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(ValueError, match=r"expected|unknown|need") as refused:
        kafka_address(address)

    assert "secret" not in str(refused.value)


def test_passwords_of_addresses_are_never_shown() -> None:
    told = told_settings(
        Settings(
            kafka_bootstrap_servers="sasl_ssl://u:secret@a:1",
            redis_url="rediss://u:secret@a:1/0",
            clickhouse_url="https://u:secret@a:1",
        )
    )

    assert "secret" not in str(
        [value for name, value in told if name.endswith(("URL", "SERVERS"))]
    )
