"""Tokens that were found good a moment ago, so that each is not verified anew."""

from collections import OrderedDict
from hashlib import sha256
from typing import Final

from api.principals import Principal

KNOWN_MAX: Final = 10_000
KNOWN_SECONDS: Final = 60


class KnownTokens:
    """
    Principals by the digest of their token, the least used ones forgotten first.

    No token is held, and none longer than KNOWN_SECONDS or its own end: so long a
    key that the issuer withdrew still counts for tokens that came before.
    """

    def __init__(self) -> None:
        """Know none."""
        self._known: OrderedDict[bytes, tuple[float, Principal]] = OrderedDict()

    def find(self, token: str, now: float) -> Principal | None:
        """Who sent a token, None if that must be found out."""
        digest = _digest(token)
        until, principal = self._known.get(digest, (0.0, None))
        if now >= until:
            self._known.pop(digest, None)
            return None
        self._known.move_to_end(digest)
        return principal

    def keep(
        self, token: str, principal: Principal, *, now: float, ends_at: float
    ) -> None:
        """Know who sent a token, for a time; seconds since 1970."""
        self._known[_digest(token)] = min(now + KNOWN_SECONDS, ends_at), principal
        if len(self._known) > KNOWN_MAX:
            self._known.popitem(last=False)


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
