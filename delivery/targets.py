"""Where a webhook may go: an address that leads to nobody inside."""

import ipaddress
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

URL_LENGTH_MAX: Final = 2_000
HOST_LENGTH_MAX: Final = 253
PORT_MIN: Final = 1_024
WELL_KNOWN_PORTS: Final = frozenset({80, 443})
# Names that mean this machine or this network wherever they are asked for.
_INNER_NAMES: Final = ("localhost", "local", "internal", "localdomain", "home.arpa")
# Shared address space of carriers, and what is reserved though Python calls it global.
_CLOSED: Final = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "240.0.0.0/4",
        "fec0::/10",
        "64:ff9b:1::/48",
    )
)
# `::` and `::1` are themselves.
_COMPATIBLE_MIN: Final = 0xFFFF
_NAT64: Final = ip_network("64:ff9b::/96")

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class TargetRefused(ValueError):
    """An address that nothing is sent to; the message says why."""


class TargetRules(NamedTuple):
    """
    What is allowed beside https to public addresses.

    `networks` are inner ones that the operator has named.
    """

    allows_http: bool = False
    networks: tuple[Network, ...] = ()


class Target(NamedTuple):
    """An address, taken apart once; `path` has the query with it."""

    scheme: str
    host: str
    port: int
    path: str


def target_of(url: str, rules: TargetRules) -> Target:
    """
    Take an address apart.

    A host that any resolver would read as a number is judged as that number.
    Raises: TargetRefused.
    """
    parts = _split(url)
    if parts.scheme != "https" and not (rules.allows_http and parts.scheme == "http"):
        raise TargetRefused("expected an https address")
    if parts.username is not None or parts.password is not None:
        raise TargetRefused("an address with a user name is not taken")
    if parts.fragment:
        raise TargetRefused("an address with a fragment is not taken")
    port = _port(parts)
    host = _host(parts)
    number = address_of(host)
    if number is not None:
        check_address(number, rules)
    elif _is_inner(host) and not rules.networks:
        raise TargetRefused(f"{host} is a name of this network")
    path = parts.path or "/"
    return Target(
        parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path
    )


def address_of(host: str) -> Address | None:
    """Number that a host is, in any form that resolvers take; None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        # Octal, hexadecimal, and fewer than four parts.
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def check_address(address: Address, rules: TargetRules) -> None:
    """
    Refuse what is not public, and not named by the operator.

    Raises: TargetRefused.
    """
    inner = _embedded(address)
    if any(inner in network for network in rules.networks):
        return
    if not is_public(inner):
        raise TargetRefused(f"{address} is not a public address")


def is_public(address: Address) -> bool:
    """Whether an address is anybody's on the internet, and only that."""
    address = _embedded(address)
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in _CLOSED)
    )


def checked_addresses(found: Sequence[str], rules: TargetRules) -> list[Address]:
    """
    Addresses that a name led to, if every one of them may be connected to.

    One bad address among good ones is an attack, or a fault nobody would find.
    Raises: TargetRefused.
    """
    addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in found]
    for address in addresses:
        check_address(address, rules)
    if not addresses:
        raise TargetRefused("the name leads nowhere")
    return addresses


def networks_of(text: str) -> tuple[Network, ...]:
    """
    Networks of a list that is separated by commas.

    Raises: ValueError.
    """
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def _split(url: str) -> SplitResult:
    # Browsers and clients disagree about these; nobody needs them.
    is_plain = url.isascii() and url.isprintable() and not set(url) & {" ", "\\"}
    if not is_plain or len(url) > URL_LENGTH_MAX:
        raise TargetRefused(
            f"expected at most {URL_LENGTH_MAX} printable ASCII characters"
        )
    try:
        return urlsplit(url)
    except ValueError as error:
        raise TargetRefused("not an address") from error


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError as error:
        raise TargetRefused("not a port") from error
    if port is None:
        return 443 if parts.scheme == "https" else 80
    if port not in WELL_KNOWN_PORTS and port < PORT_MIN:
        raise TargetRefused(f"port {port} is another service's")
    return port


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not 0 < len(host) <= HOST_LENGTH_MAX or "%" in host:
        raise TargetRefused("expected a host")
    return host


def _is_inner(host: str) -> bool:
    return any(host == name or host.endswith("." + name) for name in _INNER_NAMES)


def _embedded(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one that only wraps it."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    low = int(address) & 0xFFFFFFFF
    # NAT64 and the old IPv4-compatible form.
    if address in _NAT64 or (int(address) == low > _COMPATIBLE_MIN):
        return IPv4Address(low)
    return address
