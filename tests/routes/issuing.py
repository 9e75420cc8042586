"""An issuer of access tokens for tests: it signs whatever it is told to."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import cache
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from api.access import TokenRules, Verifier
from api.gate import SCOPES
from api.token_keys import KeyRing

ISSUER = "https://issuer.test"
AUDIENCE = "regulars"
LEEWAY_SECONDS = 30
ALL_SCOPES = " ".join(SCOPES)


@cache
def an_ec_key(kid: str) -> ECKey:
    """Key of a name, the same for all tests."""
    return ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": kid})


@cache
def an_rsa_key(kid: str) -> RSAKey:
    """Key of a name, the same for all tests."""
    return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": kid})


def encoded(value: Any) -> str:
    """Part of a token."""
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(text).decode().rstrip("=")


def signed(header: dict[str, Any], claims: Any, key: Any) -> str:
    """Token, however odd: the library's own way to make one would refuse."""
    text = f"{encoded(header)}.{encoded(claims)}"
    algorithm = jws.JWSRegistry.algorithms[header["alg"]]
    return f"{text}.{encoded(algorithm.sign(text.encode(), key))}"


class AnIssuer:
    """Signs with `ec-1` and `rsa-1`; whoever fetches its keys is counted."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.keys = [an_ec_key("ec-1"), an_rsa_key("rsa-1")]
        self.fetches = 0

    async def fetch(self) -> bytes:
        """Its public keys."""
        self.fetches += 1
        keys = [key.as_dict(private=False) for key in self.keys]
        return json.dumps({"keys": keys}).encode()

    def verifier(self, **rules: Any) -> Verifier:
        """What judges its tokens, by the test's own clock."""
        algorithms = frozenset({"ES256", "RS256"})
        said = TokenRules(ISSUER, AUDIENCE, algorithms, LEEWAY_SECONDS)
        return Verifier(
            said._replace(**rules), KeyRing(self.fetch, self.clock), self.clock
        )

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Claims of a sound token; a change to None leaves one out."""
        now = int(self.clock())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "test",
            "client_id": "test-client",
            "scope": ALL_SCOPES,
            "iat": now,
            "exp": now + 366 * 86_400,
        } | changes
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, *, header: dict[str, Any] | None = None, **changes: Any) -> str:
        """Sound token, but for the changes of header and claims."""
        said = {"alg": "ES256", "typ": "at+jwt", "kid": "ec-1"} | (header or {})
        key = an_rsa_key("rsa-1") if said["kid"] == "rsa-1" else an_ec_key("ec-1")
        return signed(
            {name: value for name, value in said.items() if value is not None},
            self.claims(**changes),
            key,
        )
