"""
The address of Kafka: hosts alone, or with how to reach them, as those of other servers.

`host:9092,host:9092`, or `sasl_ssl://user:password@host:9093,host:9093?ca=/etc/ca.pem`:
the protocol as Kafka names it (ssl, sasl_plaintext, sasl_ssl), a user of SASL, and as
options `ca`, `certificate`, `key` (files of PEM) and `mechanism` (SCRAM-SHA-512 unless
said otherwise). User and password are percent-encoded.
"""

import ssl
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, unquote

PROTOCOLS: Final = ("plaintext", "ssl", "sasl_plaintext", "sasl_ssl")
MECHANISMS: Final = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
OPTIONS: Final = frozenset({"ca", "certificate", "key", "mechanism"})


class KafkaAddress(NamedTuple):
    """An address taken apart; files are names, empty where there is none."""

    hosts: str
    protocol: str = "plaintext"
    user: str = ""
    password: str = ""
    mechanism: str = "SCRAM-SHA-512"
    ca: str = ""
    certificate: str = ""
    key: str = ""

    @property
    def has_tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.protocol.endswith("ssl")

    @property
    def has_sasl(self) -> bool:
        """Whether a user signs in."""
        return self.protocol.startswith("sasl")


def kafka_address(address: str) -> KafkaAddress:
    """
    Take an address apart.

    Raises: ValueError that does not repeat the password.
    """
    scheme, separator, rest = address.partition("://")
    if not separator:
        return KafkaAddress(address)
    protocol = scheme.lower()
    if protocol not in PROTOCOLS:
        raise ValueError(f"expected one of {', '.join(PROTOCOLS)}, found {scheme!r}")
    where, _, query = rest.partition("?")
    who, _, hosts = where.rpartition("@")
    user, _, password = who.partition(":")
    options = dict(parse_qsl(query, strict_parsing=bool(query)))
    unknown = sorted(options.keys() - OPTIONS)
    if unknown:
        raise ValueError(f"unknown option {', '.join(unknown)}")
    if options.get("mechanism", "PLAIN") not in MECHANISMS:
        raise ValueError(f"mechanism: expected one of {', '.join(MECHANISMS)}")
    found = KafkaAddress(hosts, protocol, unquote(user), unquote(password), **options)
    if found.has_sasl != bool(user):
        raise ValueError("a user is for sasl_plaintext and sasl_ssl, which need one")
    return found


def kafka_hosts(address: str) -> str:
    """Hosts of an address: what may be shown."""
    return kafka_address(address).hosts


def kafka_access(address: str) -> dict[str, Any]:
    """How confluent-kafka's clients reach the brokers of an address."""
    found = kafka_address(address)
    config = {"bootstrap.servers": found.hosts}
    if found.protocol != "plaintext":
        config["security.protocol"] = found.protocol
    if found.has_sasl:
        config |= {
            "sasl.mechanism": found.mechanism,
            "sasl.username": found.user,
            "sasl.password": found.password,
        }
    files = {
        "ssl.ca.location": found.ca,
        "ssl.certificate.location": found.certificate,
        "ssl.key.location": found.key,
    }
    return config | {name: file for name, file in files.items() if file}


def aiokafka_access(address: str) -> dict[str, Any]:
    """How aiokafka's clients reach the brokers of an address."""
    found = kafka_address(address)
    return {
        "bootstrap_servers": found.hosts,
        "security_protocol": found.protocol.upper(),
        "ssl_context": tls_context(found) if found.has_tls else None,
        "sasl_mechanism": found.mechanism if found.has_sasl else "PLAIN",
        "sasl_plain_username": found.user or None,
        "sasl_plain_password": found.password or None,
    }


def tls_context(found: KafkaAddress) -> ssl.SSLContext:
    """
    What certificates are believed, and which is ours.

    Raises: OSError, ssl.SSLError for files that are not there, or are no such.
    """
    context = ssl.create_default_context(cafile=found.ca or None)
    if found.certificate:
        context.load_cert_chain(found.certificate, found.key or None)
    return context
