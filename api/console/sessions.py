"""Sessions: what the console knows of a browser, encrypted in its own cookie."""

import secrets
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple

import msgspec
from fastapi import Request
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from starlette.responses import Response

from api.console.places import PREFIX
from api.console.viewers import Viewer

SESSION: Final = "regulars_session"
DOOR: Final = "regulars_door"
SESSION_SECONDS: Final = 8 * 3_600
DOOR_SECONDS: Final = 600
COOKIE_LENGTH_MAX: Final = 4_000
TOKEN_BYTES: Final = 18
_HEADER: Final = {"alg": "dir", "enc": "A256GCM"}


class Door(NamedTuple):
    """What is remembered of somebody on their way in."""

    csrf: str
    next: str
    verifier: str = ""


class Sessions:
    """Writes and reads the console's cookies; what is not ours, or old, is none."""

    def __init__(self, secret: str, clock: Callable[[], float]) -> None:
        """
        `clock` gives seconds since 1970.

        Without a secret one is made: sessions then end with this process.
        """
        text = secret or secrets.token_urlsafe(32)
        self._key = OctKey.import_key(sha256(text.encode()).digest())
        self._clock = clock

    def start(self, response: Response, request: Request, viewer: Viewer) -> None:
        """Sign somebody in."""
        told = viewer._asdict() | {"scopes": sorted(viewer.scopes)}
        self._write((response, request), SESSION, told, seconds=SESSION_SECONDS)
        response.delete_cookie(DOOR, path=PREFIX)

    def end(self, response: Response) -> None:
        """Sign somebody out."""
        response.delete_cookie(SESSION, path=PREFIX)

    def viewer(self, request: Request) -> Viewer | None:
        """Who is signed in."""
        found = self._read(request, SESSION)
        if found is None:
            return None
        return Viewer(
            found["subject"], found["name"], frozenset(found["scopes"]), found["csrf"]
        )

    def open_door(self, response: Response, request: Request, door: Door) -> None:
        """Remember somebody on their way in."""
        told = door._asdict()
        self._write((response, request), DOOR, told, seconds=DOOR_SECONDS)

    def door(self, request: Request) -> Door | None:
        """Who is on their way in."""
        found = self._read(request, DOOR)
        return None if found is None else Door(**found)

    def _write(
        self,
        exchange: tuple[Response, Request],
        name: str,
        values: Mapping[str, Any],
        *,
        seconds: int,
    ) -> None:
        response, request = exchange
        expires_at = int(self._clock()) + seconds
        text = msgspec.json.encode({**values, "kind": name, "exp": expires_at})
        value = jwe.encrypt_compact(_HEADER, text, self._key)
        assert len(value) <= COOKIE_LENGTH_MAX, "browsers keep no more"
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path=PREFIX,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )

    def _read(self, request: Request, name: str) -> dict[str, Any] | None:
        value = request.cookies.get(name, "")
        if not value or len(value) > COOKIE_LENGTH_MAX:
            return None
        try:
            text = jwe.decrypt_compact(value, self._key).plaintext or b""
            found = msgspec.json.decode(text, type=dict[str, Any])
        # A header is anybody's to write: its fields may be of any type.
        except (JoseError, ValueError, TypeError, msgspec.MsgspecError):
            return None
        # One kind of cookie is not taken for another.
        is_ours = found.pop("kind", "") == name
        is_fresh = found.pop("exp", 0) > self._clock()
        return found if is_ours and is_fresh else None


def new_token() -> str:
    """Text that nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)
