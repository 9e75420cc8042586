"""How people come in: not at all, by choosing on their own machine, or by OIDC."""

import ipaddress
from typing import Final, NamedTuple

from fastapi import Request

from api.access import Verifier
from api.console.oidc import Client, OidcClient
from api.token_keys import LOOPBACK, is_safe_address
from runtime.settings import InvalidSettings, Settings

CLOSED: Final = "closed"
LOCAL: Final = "local"
OIDC: Final = "oidc"
# Whoever passes a request on for somebody else says so in one of these.
FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


class WayIn(NamedTuple):
    """One of the ways; `oidc` is there for that one."""

    kind: str = CLOSED
    oidc: OidcClient | None = None


def way_in_of(settings: Settings, verifier: Verifier | None) -> WayIn:
    """
    Way that the settings ask for.

    Raises: InvalidSettings for one that would let strangers in, or nobody.
    """
    name = "REGULARS_CONSOLE_SIGN_IN"
    if settings.console_sign_in == LOCAL:
        if not is_loopback(settings.api_host):
            raise InvalidSettings(
                f"{name}=local needs REGULARS_API_HOST on this machine only, found "
                f"{settings.api_host!r}"
            )
        if verifier is not None and not settings.access_jwks_file:
            raise InvalidSettings(
                f"{name}=local is for an issuer of this machine; people that "
                f"{settings.access_issuer!r} knows sign in by oidc"
            )
        return WayIn(LOCAL)
    if settings.console_sign_in == OIDC:
        if verifier is None or not is_safe_address(settings.access_issuer):
            raise InvalidSettings(f"{name}=oidc needs an issuer with OpenID discovery")
        if not settings.console_client_id:
            raise InvalidSettings(f"{name}=oidc needs REGULARS_CONSOLE_CLIENT_ID")
        if not is_safe_address(settings.console_address):
            raise InvalidSettings(
                f"{name}=oidc needs REGULARS_CONSOLE_ADDRESS, an https address (http "
                f"on this machine), found {settings.console_address!r}"
            )
        client = Client(
            settings.access_issuer,
            settings.access_audience,
            settings.console_client_id,
            settings.console_client_secret,
            settings.console_address.rstrip("/"),
        )
        return WayIn(OIDC, OidcClient(client, verifier))
    return WayIn()


def is_loopback(host: str) -> bool:
    """Whether an address or a name is this machine's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK


def is_from_here(request: Request) -> bool:
    """
    Whether somebody at this machine asks for this machine by its own name.

    A page of elsewhere can let a name of its own point here; that name then stands
    in the address, and is not one of ours.
    """
    client = request.client.host if request.client else ""
    is_direct = not any(name in request.headers for name in FORWARDED)
    return is_direct and is_loopback(client) and is_loopback(request.url.hostname or "")


def own_path(path: str, prefix: str) -> str:
    """Path within the console to go on to; the console's front for any other."""
    is_own = path.startswith(f"{prefix}/") and "\\" not in path and path.isprintable()
    return path if is_own else f"{prefix}/"
