"""The gate before `/v1`: a token first, then what its scopes and its member allow."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, cast

from fastapi import Depends, Request, Security
from fastapi.params import Security as SecurityParameter
from fastapi.security import HTTPBearer
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access import TokenRules, Verifier
from api.errors import response
from api.given_once import check_given_once
from api.principals import Principal
from api.problems import (
    InsufficientScope,
    InvalidToken,
    Problem,
    TokenMissing,
    no_such_member,
)
from api.token_keys import (
    LOOPBACK,
    KeyRing,
    KeysUnavailable,
    discovered_keys,
    file_keys,
    is_safe_address,
    keys_of,
    read_keys,
)
from runtime.metrics import ACCESS_REFUSALS
from runtime.settings import InvalidSettings, Settings

PREFIX: Final = "/v1/"
SCOPES: Final = {
    "events:write": "send orders and activity",
    "members:read": "read members, their past and estimates",
    "members:write": "enrol members, change profiles, join and leave",
    "points:write": "reserve, redeem, transfer points and rewards",
    "pos:write": "do a till's transactions: search, inquire, redeem, accrue, reverse",
    "privacy:write": "export and erase what is kept of a member",
    "analytics:read": "ask the dashboards' questions",
    "service:write": "adjust, void, reinstate, as the service desk",
    "rules:read": "read rules, programs and backtests, simulate orders",
    "rules:write": "write, submit, publish, pause and end rules; start backtests",
    "operations:read": "look at dead letters",
    "operations:write": "send dead letters again, or discard them",
    "webhooks:write": "manage webhooks, see and replay their deliveries",
    "delivery:write": "stop, start and pace what is sent to members",
    "rules:approve": "approve and reject what others wrote, publish, pause and end",
}
# Without tokens everybody on this machine is the one who started it.
EVERYBODY: Final = Principal("local", "local", frozenset(SCOPES))
ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}
    | {"ES256", "ES384", "ES512", "EdDSA"}
)


class _Documented(HTTPBearer):
    """Stands in the OpenAPI document; the gate has looked at the token already."""

    async def __call__(self, request: Request) -> None:  # type: ignore[override] # nothing is left to find
        """Find nothing."""


BEARER: Final = _Documented(
    bearerFormat="JWT",
    scheme_name="bearer",
    description="An access token (RFC 9068) of the configured issuer. Scopes: "
    + "; ".join(f"`{name}` to {what}" for name, what in SCOPES.items()),
    auto_error=False,
)


class Gate:
    """Lets nothing under `/v1` pass without a token, before its body is read."""

    def __init__(self, app: ASGIApp, verifier: Verifier | None) -> None:
        """Wrap the application; without a verifier everybody may come in."""
        self._app = app
        self._verifier = verifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request through, or answer it."""
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            try:
                scope.setdefault("state", {})["principal"] = await self._who(scope)
            except Problem as problem:
                ACCESS_REFUSALS.labels(problem.name).inc()
                answer = response(problem, scope["path"])
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _who(self, scope: Scope) -> Principal:
        if self._verifier is None:
            return EVERYBODY
        return await self._verifier.principal_of(_token_of(scope))


def known_caller(verifier: Verifier | None, scope: Scope) -> Principal | None:
    """Who asks, if that is known without asking anybody; else the gate finds out."""
    if verifier is None:
        return EVERYBODY
    try:
        return verifier.known(_token_of(scope))
    except Problem:
        return None


def _token_of(scope: Scope) -> str:
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    if not given:
        raise TokenMissing("send Authorization: Bearer and an access token")
    if len(given) > 1:
        raise InvalidToken("there is more than one Authorization header")
    scheme, _, token = given[0].decode("latin-1").partition(" ")
    if scheme.lower() != "bearer":
        raise TokenMissing("send Authorization: Bearer and an access token")
    return str(token.strip(" "))


async def _caller(request: Request) -> Principal:
    principal = getattr(request.state, "principal", None)
    # A route outside the gate has nobody, and so lets nobody in.
    if principal is None:
        raise TokenMissing("send Authorization: Bearer and an access token")
    return cast("Principal", principal)


Caller = Annotated[Principal, Depends(_caller)]


@dataclass(frozen=True)
class Requirement:
    """One of the scopes that a route needs, and whether members' tokens are any use."""

    any_of: tuple[str, ...]
    for_members: bool

    def allows(self, caller: Principal, member_id: str) -> bool:
        """Whether a caller may pass, and sees the member."""
        return (
            (self.for_members or caller.member_id is None)
            and not caller.scopes.isdisjoint(self.any_of)
            and caller.sees(member_id)
        )

    async def __call__(
        self, request: Request, _: Annotated[Any, Security(BEARER)]
    ) -> None:
        """
        Let the caller pass.

        Raises: InsufficientScope; MemberNotFound for another member than its own;
        RequestValidationError for a parameter that is given more than once.
        """
        # Asked for here and not as a dependency of its own: each of them costs.
        caller = await _caller(request)
        is_desk_only = caller.member_id is not None and not self.for_members
        if is_desk_only or caller.scopes.isdisjoint(self.any_of):
            ACCESS_REFUSALS.labels(InsufficientScope.name).inc()
            raise InsufficientScope(
                "a member's token may not do this"
                if is_desk_only
                else f"this needs the scope {' or '.join(self.any_of)}",
                scopes=self.any_of,
            )
        member_id = request.path_params.get("member_id")
        if member_id is not None:
            check_member(caller, member_id)
        check_given_once(request)


def requires(*any_of: str, for_members: bool = True) -> SecurityParameter:
    """Need one of these scopes; `for_members=False` keeps members' tokens out."""
    assert set(any_of) <= SCOPES.keys(), "SCOPES lists them all"
    needed = Requirement(any_of, for_members)
    return cast("SecurityParameter", Security(needed, scopes=list(any_of)))


def check_member(caller: Principal, member_id: str) -> None:
    """
    Answer for a member whom the caller may not see as for one who is not there.

    Raises: MemberNotFound.
    """
    if not caller.sees(member_id):
        raise no_such_member(member_id)


def verifier_of(settings: Settings, clock: Callable[[], float]) -> Verifier | None:
    """
    Verifier that the settings ask for; None when access is off.

    Raises: InvalidSettings for what would leave the door open, or shut for all.
    """
    if settings.access == "off":
        if not _is_loopback(settings.api_host):
            raise InvalidSettings(
                "REGULARS_ACCESS=off needs REGULARS_API_HOST on this machine only, "
                f"found {settings.api_host!r}"
            )
        return None
    algorithms = frozenset(settings.access_algorithms.split(","))
    if not algorithms <= ALGORITHMS:
        raise InvalidSettings(
            "REGULARS_ACCESS_ALGORITHMS: expected some of "
            f"{','.join(sorted(ALGORITHMS))}, found {settings.access_algorithms!r}"
        )
    rules = TokenRules(
        settings.access_issuer,
        settings.access_audience,
        algorithms,
        settings.access_leeway_seconds,
        settings.access_plain_tokens,
    )
    return Verifier(rules, _keys(settings), clock)


def _keys(settings: Settings) -> KeyRing:
    if not settings.access_issuer:
        raise InvalidSettings(
            "REGULARS_ACCESS_ISSUER is not set: name the issuer of access tokens, or "
            "set REGULARS_ACCESS=off to trust everybody on this machine"
        )
    if settings.access_jwks_file:
        path = Path(settings.access_jwks_file)
        try:
            keys_of(read_keys(path))
        except KeysUnavailable as error:
            raise InvalidSettings(f"REGULARS_ACCESS_JWKS_FILE: {error}") from error
        return KeyRing(file_keys(path))
    if not is_safe_address(settings.access_issuer):
        raise InvalidSettings(
            "REGULARS_ACCESS_ISSUER: expected an https address (http on this machine), "
            f"or REGULARS_ACCESS_JWKS_FILE beside it, found {settings.access_issuer!r}"
        )
    return KeyRing(discovered_keys(settings.access_issuer))


def _is_loopback(host: str) -> bool:
    if host in LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
