"""Records that only we write: what cannot be read is foreign, or of a newer release."""

from collections.abc import Callable
from typing import TypeVar

from schemas.framing import SINGLE_OBJECT_MARKER, MalformedRecord
from stores.unavailable import StoreUnavailable

T = TypeVar("T")


def read_own(decode: Callable[[bytes | None], T], value: bytes | None) -> T | None:
    """
    A record that the engine or the dispatcher wrote; None for a foreign one.

    Raises: StoreUnavailable for a record of a newer release: to pass it would lose it,
    so a sink of this release waits until one of that release takes its place.
    """
    try:
        return decode(value)
    except MalformedRecord as malformed:
        if malformed.reason == "unknown-schema" and (value or b"").startswith(
            SINGLE_OBJECT_MARKER
        ):
            raise StoreUnavailable(
                "schemas", f"{malformed.detail}; see docs/upgrading.md"
            ) from malformed
        return None
