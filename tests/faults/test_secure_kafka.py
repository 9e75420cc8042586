"""Kafka behind TLS, with certificates and with passwords."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from local import kafka, processes
from local.ports import free_port
from local.stack import PROJECT
from tests.contracts.certificates import Certificates, made_in

WORD = "a word/with:signs@all"
ENCODED = "a%20word%2Fwith%3Asigns%40all"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """An authority, and a certificate of this machine."""
    return made_in(tmp_path_factory.mktemp("certificates"))


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
    port, tls, sasl, controller = (free_port() for _ in range(4))
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
