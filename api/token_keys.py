"""Public keys of the issuer: read from a file or discovered, kept, fetched anew."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import httpx2
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey, import_key

from api.problems import Unavailable

logger = logging.getLogger(__name__)

DOCUMENT_BYTES_MAX: Final = 262_144
KEYS_MAX: Final = 100
KID_LENGTH_MAX: Final = 256
RSA_BITS_MIN: Final = 2_048
FETCH_SECONDS_MAX: Final = 5.0
# Keys are fetched anew after so long, so that one that was withdrawn goes.
FRESH_SECONDS: Final = 600.0
# And for a key that is not known, so that a new one comes; strangers can name
# any key, so no oftener than this.
PAUSE_SECONDS: Final = 10.0
# An issuer that is away does not stop us; after a day its keys are not trusted.
KEEP_SECONDS_MAX: Final = 86_400.0

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_OK: Final = 200
# A key without a word on its algorithm is for one all the same.
_BY_KIND: Final[Mapping[tuple[str, str], str]] = {
    ("RSA", ""): "RS256",
    ("EC", "P-256"): "ES256",
    ("EC", "P-384"): "ES384",
    ("EC", "P-521"): "ES512",
    ("OKP", "Ed25519"): "EdDSA",
}

PublicKey = RSAKey | ECKey | OKPKey
Fetch = Callable[[], Awaitable[bytes]]


class KeysUnavailable(Exception):
    """The issuer's keys cannot be had now, or are none."""


class BoundKey(NamedTuple):
    """A public key, and the one algorithm that it verifies."""

    key: PublicKey
    algorithm: str


class KeyRing:
    """The issuer's keys by name; whoever names one that is known never waits."""

    def __init__(
        self, fetch: Fetch, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`fetch` gives a JWK set (RFC 7517), `clock` seconds."""
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str, BoundKey] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._fetching = asyncio.Lock()
        self._refresh: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> BoundKey | None:
        """
        Key of a name, None if the issuer has none of it.

        Raises: Unavailable while no key is known at all.
        """
        age_seconds = self._clock() - self._fetched_at
        if age_seconds > KEEP_SECONDS_MAX:
            self._keys = {}
        if kid not in self._keys:
            await self._fetch_anew()
        elif age_seconds > FRESH_SECONDS and self._may_try():
            self._refresh = asyncio.create_task(self._fetch_anew())
        if not self._keys:
            raise Unavailable("the issuer's keys are not known yet; try again")
        return self._keys.get(kid)

    def _may_try(self) -> bool:
        return self._clock() - self._tried_at > PAUSE_SECONDS

    async def _fetch_anew(self) -> None:
        async with self._fetching:
            if not self._may_try():
                return
            self._tried_at = self._clock()
            try:
                self._keys = keys_of(await self._fetch())
            except KeysUnavailable as error:
                logger.warning("issuer's keys unavailable", extra={"why": str(error)})
            else:
                self._fetched_at = self._clock()


def file_keys(path: Path) -> Fetch:
    """Read keys from a file, anew each time, so that they may change."""

    async def fetch() -> bytes:
        return read_keys(path)

    return fetch


def read_keys(path: Path) -> bytes:
    """
    Read a JWK set.

    Raises: KeysUnavailable.
    """
    try:
        with path.open("rb") as file:
            return _bounded(file.read(DOCUMENT_BYTES_MAX + 1))
    except OSError as error:
        raise KeysUnavailable(f"{path}: {error.strerror}") from error


def discovered_keys(issuer: str) -> Fetch:
    """Fetch keys from where the issuer's own OpenID configuration says they are."""

    async def fetch() -> bytes:
        address = issuer.rstrip("/") + "/.well-known/openid-configuration"
        async with httpx2.AsyncClient(
            timeout=FETCH_SECONDS_MAX, follow_redirects=False
        ) as client:
            configuration = _document(await _get(client, address))
            if configuration.get("issuer") != issuer:
                raise KeysUnavailable("the configuration is another issuer's")
            keys_at = configuration.get("jwks_uri")
            if not isinstance(keys_at, str) or not is_safe_address(keys_at):
                raise KeysUnavailable("the configuration's jwks_uri is not https")
            return await _get(client, keys_at)

    return fetch


def is_safe_address(address: str) -> bool:
    """Whether nobody on the way can change what an address gives."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme == "http":
        return parts.hostname in LOOPBACK
    return parts.scheme == "https" and bool(parts.hostname)


def keys_of(document: bytes) -> dict[str, BoundKey]:
    """
    Public signing keys of a JWK set by name; those that we cannot use are left out.

    Raises: KeysUnavailable for what is no set, or holds no key of use.
    """
    listed = _document(document).get("keys")
    if not isinstance(listed, list) or len(listed) > KEYS_MAX:
        raise KeysUnavailable(f"a set has a list of at most {KEYS_MAX} keys")
    found = {}
    for one in listed:
        if isinstance(one, dict) and _is_for_signatures(one):
            key = _bound(one)
            if key is not None:
                found[one["kid"]] = key
    if not found:
        raise KeysUnavailable("the set holds no public signing key with a name")
    return found


def _is_for_signatures(one: dict[str, Any]) -> bool:
    kid, operations = one.get("kid"), one.get("key_ops", ["verify"])
    return (
        isinstance(kid, str)
        and 0 < len(kid) <= KID_LENGTH_MAX
        and one.get("use", "sig") == "sig"
        and isinstance(operations, list)
        and "verify" in operations
    )


def _bound(one: dict[str, Any]) -> BoundKey | None:
    """Key for its one algorithm; a secret that two know (oct) is never one."""
    kind = str(one.get("kty")), str(one.get("crv", ""))
    algorithm = one.get("alg", _BY_KIND.get(kind))
    if kind not in _BY_KIND or not isinstance(algorithm, str):
        return None
    public = {name: value for name, value in one.items() if name not in _PRIVATE}
    try:
        key = import_key(public)
        assert isinstance(key, PublicKey), "by its kind"
        if isinstance(key.public_key, RSAPublicKey):
            return (
                BoundKey(key, algorithm)
                if key.public_key.key_size >= RSA_BITS_MIN
                else None
            )
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return BoundKey(key, algorithm)


_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


async def _get(client: httpx2.AsyncClient, address: str) -> bytes:
    try:
        async with (
            asyncio.timeout(FETCH_SECONDS_MAX),
            client.stream("GET", address) as answer,
        ):
            if answer.status_code != _OK:
                raise KeysUnavailable(f"{address} answers {answer.status_code}")
            body = b""
            async for part in answer.aiter_bytes():
                body = _bounded(body + part)
            return body
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
        raise KeysUnavailable(f"{address}: {error}") from error


def _bounded(body: bytes) -> bytes:
    if len(body) > DOCUMENT_BYTES_MAX:
        raise KeysUnavailable(f"more than {DOCUMENT_BYTES_MAX} bytes")
    return body


def _document(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (ValueError, RecursionError) as error:
        raise KeysUnavailable(f"not a JSON object: {error}") from error
