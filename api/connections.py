"""What a long answer has to know of the connection that it goes over."""

import asyncio
from collections.abc import Callable
from typing import Final, NamedTuple

from starlette.types import Scope

EXTENSION: Final = "regulars.connection"


class Connection(NamedTuple):
    """`abort` ends it at once; `is_stopping` is set when the server wants it to end."""

    abort: Callable[[], None]
    is_stopping: asyncio.Event


def connection_of(scope: Scope) -> Connection:
    """Connection of a request; one that nobody can end outside our server."""
    known = scope.get("extensions", {}).get(EXTENSION)
    return known if known is not None else Connection(_nothing, asyncio.Event())


def _nothing() -> None:
    """Somebody else's server looks after its connections itself."""
