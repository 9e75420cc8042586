"""Kafka, Redis and ClickHouse behind TLS and passwords, on real servers."""

import asyncio
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest
import redis
from clickhouse_connect.driver.exceptions import ClickHouseError

from local import kafka, processes
from local.stack import PROJECT, Stack
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


class SecureBroker(NamedTuple):
    """Where it takes certificates, and where it takes passwords, both over TLS."""

    by_certificate: str
    by_password: str


PROPERTIES = """\
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL
ssl.keystore.type=PEM
ssl.truststore.type=PEM
ssl.keystore.location={chain}
ssl.truststore.location={ca}
listener.name.ssl.ssl.client.auth=required
sasl.enabled.mechanisms=PLAIN
listener.name.sasl_ssl.plain.sasl.jaas.config=\
org.apache.kafka.common.security.plain.PlainLoginModule required user_regulars="{word}";
"""


@pytest.fixture(scope="module")
def broker(
    tmp_path_factory: pytest.TempPathFactory, certificates: Certificates
) -> Iterator[SecureBroker]:
    """A broker with three doors: our own look at its health, TLS, TLS and SASL."""
    folder = tmp_path_factory.mktemp("secure-kafka")
    port, tls, sasl, controller = (processes.free_port() for _ in range(4))
    command = kafka.prepare(folder, port, controller)
    properties = folder / "server.properties"
    text = properties.read_text()
    more = f",SSL://127.0.0.1:{tls},SASL_SSL://127.0.0.1:{sasl}"
    for name in ("listeners", "advertised.listeners"):
        line = next(one for one in text.splitlines() if one.startswith(f"{name}="))
        text = text.replace(f"{line}\n", f"{line}{more}\n", 1)
    properties.write_text(
        text
        + PROPERTIES.format(chain=certificates.chain, ca=certificates.ca, word=WORD)
    )
    log = folder / "kafka.log"
    identity = processes.start(command, log=log)
    try:
        processes.wait_until(
            lambda: kafka.is_healthy(port), name="kafka", identity=identity, log=log
        )
        yield SecureBroker(f"127.0.0.1:{tls}", f"127.0.0.1:{sasl}")
    finally:
        processes.stop(identity)


def job(address: str, *arguments: str) -> tuple[int, str]:
    """Exit code and complaints of a job that reaches Kafka at an address."""
    done = subprocess.run(
        [sys.executable, "-m", "jobs", *arguments],
        env=dict(os.environ) | {"REGULARS_KAFKA_BOOTSTRAP_SERVERS": address},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stderr


def test_kafka_is_reached_by_tls_with_a_certificate_or_a_password(
    broker: SecureBroker, certificates: Certificates, tmp_path: Path
) -> None:
    """Jobs go through librdkafka, the engine through aiokafka as well."""
    ca = f"?ca={certificates.ca}"
    own = f"&certificate={certificates.chain}&key={certificates.key}"
    by_certificate = f"ssl://{broker.by_certificate}{ca}{own}"
    sasl = f"{broker.by_password}{ca}&mechanism=PLAIN"
    by_password = f"sasl_ssl://regulars:{ENCODED}@{sasl}"
    tick = ("send-ticks", "--at", "2026-01-01")

    assert job(by_certificate, "create-topics") == (0, "")
    assert job(by_certificate, *tick) == (0, "")
    assert job(by_password, *tick) == (0, "")
    for refused in (
        f"ssl://{broker.by_certificate}{ca}",
        f"sasl_ssl://regulars:wrong@{sasl}",
    ):
        code, said = job(refused, *tick)
        assert code == 2
        assert "wrong" not in said
    log = tmp_path / "engine.log"
    environment = dict(os.environ) | {"REGULARS_KAFKA_BOOTSTRAP_SERVERS": by_password}
    identity = processes.start(
        [sys.executable, "-m", "streams", "engine"],
        log=log,
        environment=environment,
        folder=PROJECT,
    )
    try:
        code, said = job(
            by_certificate, "wait-until-idle", "--group", "engine", "--seconds", "60"
        )
    finally:
        processes.stop(identity)
    text = log.read_text(errors="replace")
    assert code == 0, said + text[-3_000:]
    assert text.count("partition ready") == 8
    assert WORD not in text


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
