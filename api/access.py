"""Who calls: access tokens (RFC 9068) judged as RFC 8725 asks, and what they allow."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec
from joserfc import jws
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwt import JWTClaimsRegistry

from api.known_tokens import KnownTokens
from api.principals import Principal
from api.problems import InvalidToken
from api.token_keys import BoundKey, KeyRing
from loyalty.limits import ID_LENGTH_MAX

TOKEN_LENGTH_MAX: Final = 8_192
SCOPES_MAX: Final = 64
NAME_LENGTH_MAX: Final = 256
ACCESS_TYPE: Final = "at+jwt"
PLAIN_TYPE: Final = "jwt"
# Compact serialization, and nothing else: no JSON form, no encryption.
_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
# RFC 9068's name first; the others are what issuers say instead.
_CLIENT_CLAIMS: Final = ("client_id", "azp", "cid", "appid")


class TokenRules(NamedTuple):
    """What a token must be; `leeway_seconds` is how far clocks may be apart."""

    issuer: str
    audience: str
    algorithms: frozenset[str]
    leeway_seconds: int
    takes_plain_tokens: bool = False


class _Header(msgspec.Struct):
    alg: str
    kid: str
    typ: str = PLAIN_TYPE
    crit: Any = msgspec.UNSET


class Verifier:
    """Tells who sent a token, or raises InvalidToken; a signature a minute of each."""

    def __init__(
        self, rules: TokenRules, keys: KeyRing, clock: Callable[[], float]
    ) -> None:
        """`clock` gives seconds since 1970."""
        self._rules = rules
        self._keys = keys
        self._clock = clock
        self._known = KnownTokens()

    def known(self, token: str) -> Principal | None:
        """Who sent a token that was found good a moment ago; None is not known."""
        if len(token) > TOKEN_LENGTH_MAX:
            return None
        return self._known.find(token, self._clock())

    async def principal_of(self, token: str) -> Principal:
        """
        Who sent a token.

        Raises: InvalidToken; Unavailable while the issuer's keys are not known.
        """
        if len(token) > TOKEN_LENGTH_MAX:
            raise InvalidToken(f"a token has at most {TOKEN_LENGTH_MAX} characters")
        known = self.known(token)
        if known is not None:
            return known
        if _COMPACT.fullmatch(token) is None:
            raise InvalidToken("the token is not a signed JWT")
        header = self._header(token)
        # The name of a key is what a stranger wrote: it is looked up, never used.
        key = await self._keys.find(header.kid)
        if key is None:
            raise InvalidToken("the token's key is not one of the issuer's")
        claims = _signed_claims(token, header, key)
        self._check(claims)
        principal = _principal(claims)
        now, ends_at = self._clock(), claims["exp"]
        self._known.keep(token, principal, now=now, ends_at=ends_at)
        return principal

    def _header(self, token: str) -> _Header:
        part = token.partition(".")[0]
        try:
            text = urlsafe_b64decode(part + "=" * (-len(part) % 4))
            header = msgspec.json.decode(text, type=_Header)
        except (ValueError, msgspec.MsgspecError, RecursionError) as error:
            raise InvalidToken("the token's header needs alg and kid") from error
        if header.alg not in self._rules.algorithms:
            raise InvalidToken("the token's algorithm is not accepted")
        if header.crit is not msgspec.UNSET:
            raise InvalidToken("the token needs an extension that is not known")
        kind = header.typ.lower().removeprefix("application/")
        plain = kind == PLAIN_TYPE and self._rules.takes_plain_tokens
        if kind != ACCESS_TYPE and not plain:
            raise InvalidToken("the token is not an access token (typ at+jwt)")
        return header

    def _check(self, claims: dict[str, Any]) -> None:
        registry = JWTClaimsRegistry(
            int(self._clock()),
            self._rules.leeway_seconds,
            iss={"essential": True, "value": self._rules.issuer},
            aud={"essential": True, "value": self._rules.audience},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )
        try:
            registry.validate(claims)
        except ExpiredTokenError as error:
            raise InvalidToken("the token has expired") from error
        except JoseError as error:
            claim = getattr(error, "claim", "")
            raise InvalidToken(f"the token's claim {claim!r} does not fit") from error


def _signed_claims(token: str, header: _Header, key: BoundKey) -> dict[str, Any]:
    if key.algorithm != header.alg:
        raise InvalidToken("the token's key is for another algorithm")
    registry = jws.JWSRegistry(algorithms=[key.algorithm], strict_check_header=False)
    try:
        # The key is ours: what a header says of keys (jwk, jku, x5u) is not read.
        signed = jws.deserialize_compact(
            token, key.key, algorithms=[key.algorithm], registry=registry
        )
        claims = msgspec.json.decode(signed.payload, type=dict[str, Any])
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise InvalidToken("the token's signature does not verify") from error
    return claims


def _principal(claims: dict[str, Any]) -> Principal:
    client = next((claims[name] for name in _CLIENT_CLAIMS if name in claims), None)
    member_id = claims.get("member_id")
    # A claim that is there but makes no sense must not widen what a token may.
    if "member_id" in claims and not _is_name(member_id, ID_LENGTH_MAX):
        raise InvalidToken("the token's claim 'member_id' does not fit")
    if not _is_name(client, NAME_LENGTH_MAX):
        raise InvalidToken("the token's claim 'client_id' does not fit")
    if not _is_name(claims["sub"], NAME_LENGTH_MAX):
        raise InvalidToken("the token's claim 'sub' does not fit")
    return Principal(claims["sub"], client or "", _scopes(claims), member_id)


def _scopes(claims: dict[str, Any]) -> frozenset[str]:
    given = claims.get("scope", claims.get("scp", ""))
    scopes = given.split(" ") if isinstance(given, str) else given
    if (
        not isinstance(scopes, list)
        or len(scopes) > SCOPES_MAX
        or not all(isinstance(scope, str) for scope in scopes)
    ):
        raise InvalidToken("the token's claim 'scope' does not fit")
    return frozenset(filter(None, scopes))


def _is_name(value: object, length_max: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= length_max
