"""OpenID Connect, authorization code with PKCE (RFC 7636): people of the issuer."""

import asyncio
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import httpx2
import msgspec

from api.access import Verifier
from api.console.places import PREFIX
from api.console.viewers import ALL_SCOPES
from api.principals import Principal
from api.problems import InvalidToken, Problem
from api.token_keys import is_safe_address

ANSWER_SECONDS_MAX: Final = 5.0
DOCUMENT_BYTES_MAX: Final = 262_144
NAME_LENGTH_MAX: Final = 60
CODE_LENGTH_MAX: Final = 2_048
_OK: Final = 200
# What issuers call people, the best first.
_NAMES: Final = ("name", "preferred_username", "email")


class SignInFailed(Exception):
    """The issuer does not let them in, or does not answer; the text says why."""


class Client(NamedTuple):
    """What the console is for the issuer; `address` is where browsers find us."""

    issuer: str
    audience: str
    client_id: str
    client_secret: str
    address: str

    @property
    def return_address(self) -> str:
        """Where the issuer sends people back to."""
        return f"{self.address}{PREFIX}/sign-in/return"


class OidcClient:
    """Sends people to the issuer, and finds out who came back."""

    def __init__(self, client: Client, verifier: Verifier) -> None:
        """`verifier` judges access tokens as the API does: what they allow counts."""
        self.client = client
        self._verifier = verifier

    async def address(self, state: str, verifier: str) -> str:
        """
        Address at the issuer that lets somebody sign in.

        Raises: SignInFailed.
        """
        async with _client() as http:
            endpoint = _endpoint(await self._discovered(http), "authorization_endpoint")
        digest = sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.client.return_address,
            "scope": " ".join(["openid", "profile", *sorted(ALL_SCOPES)]),
            "audience": self.client.audience,
            "state": state,
            "code_challenge": urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    async def somebody(self, code: str, verifier: str) -> tuple[Principal, str]:
        """
        Who came back with a code, and their name.

        Raises: SignInFailed.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code[:CODE_LENGTH_MAX],
            "redirect_uri": self.client.return_address,
            "client_id": self.client.client_id,
            "code_verifier": verifier,
        }
        if self.client.client_secret:
            form["client_secret"] = self.client.client_secret
        async with _client() as http:
            known = await self._discovered(http)
            request = http.build_request(
                "POST", _endpoint(known, "token_endpoint"), data=form
            )
            token = (await _answer(http, request)).get("access_token")
            if not isinstance(token, str):
                raise SignInFailed("the issuer gave no access token")
            principal = await self._judged(token)
            return principal, await _name(http, known, token, subject=principal.subject)

    async def _judged(self, token: str) -> Principal:
        try:
            principal = await self._verifier.principal_of(token)
        except InvalidToken as error:
            raise SignInFailed(error.detail) from error
        except Problem as error:
            raise SignInFailed("the issuer's keys are not known yet") from error
        if principal.member_id is not None:
            raise SignInFailed("members do not sign in here")
        return principal

    async def _discovered(self, http: httpx2.AsyncClient) -> dict[str, Any]:
        issuer = self.client.issuer
        address = issuer.rstrip("/") + "/.well-known/openid-configuration"
        known = await _answer(http, http.build_request("GET", address))
        if known.get("issuer") != issuer:
            raise SignInFailed("the configuration is another issuer's")
        return known


async def _name(
    http: httpx2.AsyncClient, known: dict[str, Any], token: str, *, subject: str
) -> str:
    """What the issuer calls them; their subject where it says nothing."""
    if "userinfo_endpoint" not in known:
        return subject
    request = http.build_request(
        "GET",
        _endpoint(known, "userinfo_endpoint"),
        headers={"Authorization": f"Bearer {token}"},
    )
    try:
        told = await _answer(http, request)
    except SignInFailed:
        return subject
    if told.get("sub") != subject:
        raise SignInFailed("the issuer tells of somebody else")
    names = [told[name] for name in _NAMES if isinstance(told.get(name), str)]
    return next(filter(None, names), subject)[:NAME_LENGTH_MAX]


def _client() -> httpx2.AsyncClient:
    return httpx2.AsyncClient(timeout=ANSWER_SECONDS_MAX, follow_redirects=False)


def _endpoint(known: dict[str, Any], name: str) -> str:
    address = known.get(name)
    if not isinstance(address, str) or not is_safe_address(address):
        raise SignInFailed(f"the issuer's {name} is not https")
    return address


async def _answer(http: httpx2.AsyncClient, request: httpx2.Request) -> dict[str, Any]:
    """Answer as an object, within bounds of time and size."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            answer = await http.send(request, stream=True)
            body = b""
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > DOCUMENT_BYTES_MAX:
                    raise SignInFailed("the issuer's answer is too long")
            await answer.aclose()
        told = msgspec.json.decode(body, type=dict[str, Any])
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
        raise SignInFailed("the issuer does not answer") from error
    except (ValueError, RecursionError) as error:
        raise SignInFailed("the issuer's answer is no JSON object") from error
    if answer.status_code != _OK:
        why = told.get("error_description") or told.get("error") or answer.status_code
        raise SignInFailed(f"the issuer says: {str(why)[:200]}")
    return told
