"""How people come in: not at all, by choosing on their own machine, or by OIDC."""

import ipaddress
from typing import Final, NamedTuple

from fastapi import Request

LOOPBACK_NAMES: Final = frozenset({"localhost"})
CLOSED: Final = "closed"
LOCAL: Final = "local"
OIDC: Final = "oidc"


class WayIn(NamedTuple):
    """One of the ways; `issuer` is who knows people, for OIDC."""

    kind: str = CLOSED
    issuer: str = ""


def is_loopback(host: str) -> bool:
    """Whether an address or a name is this machine's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK_NAMES


def is_from_here(request: Request) -> bool:
    """
    Whether somebody at this machine asks for this machine by its own name.

    A page of elsewhere can let a name of its own point here; that name then stands
    in the address, and is not one of ours.
    """
    client = request.client.host if request.client else ""
    return is_loopback(client) and is_loopback(request.url.hostname or "")


def own_path(path: str, prefix: str) -> str:
    """Path within the console to go on to; the console's front for any other."""
    is_own = path.startswith(f"{prefix}/") and "\\" not in path and path.isprintable()
    return path if is_own else f"{prefix}/"
