"""Cursors of pages: opaque, and only what we wrote is read."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from api.problems import InvalidRequest

CURSOR_LENGTH_MAX: Final = 64


def cursor_of(*places: int) -> str:
    """Cursor for the place after which the next page begins."""
    text = ".".join(str(place) for place in places)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def places_of(cursor: str, *, maxima: tuple[int, ...]) -> tuple[int, ...]:
    """
    Place of a cursor, within the largest numbers there can be.

    Raises: InvalidRequest for a cursor that is not one of ours.
    """
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        places = tuple(int(part) for part in text.split("."))
    except ValueError as error:
        raise InvalidRequest("the cursor is not one of ours") from error
    # What is read must be what we write: int() also takes "1_0" and " 1".
    is_ours = cursor_of(*places) == cursor and len(places) == len(maxima)
    if not is_ours or any(
        not 0 <= place <= most for place, most in zip(places, maxima, strict=True)
    ):
        raise InvalidRequest("the cursor is not one of ours")
    return places
