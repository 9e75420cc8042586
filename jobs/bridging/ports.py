"""What a bridge asks of another system, whichever it is; `memory` is the twin."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

# What nobody answers for so long has failed; shorter than a stop of the bridge.
CALL_SECONDS_MAX: Final = 5.0


class Received(NamedTuple):
    """
    A message of a queue, ours until it is acknowledged or given back.

    `headers` are its properties in lower case, as texts; `handle` is the adapter's own.
    """

    message_id: str
    body: bytes
    content_type: str
    headers: Mapping[str, str]
    handle: Any


class MemberEvent(NamedTuple):
    """
    An event of a member, as a CloudEvent in its structured form.

    `event_id` is the same whenever the event is sent again; `key` orders events.
    """

    event_id: str
    key: str
    kind: str
    body: bytes


class Source(Protocol):
    """A queue that gives a message again unless it was acknowledged."""

    async def receive(self, limit: int, wait_seconds: float) -> list[Received]:
        """
        Up to so many messages, after that wait at most; none if none came.

        Raises: StoreUnavailable; what was received before then comes again.
        """

    async def acknowledge(self, messages: Sequence[Received]) -> None:
        """
        Have messages forgotten there.

        Raises: StoreUnavailable when some may come again.
        """

    async def hold(self, messages: Sequence[Received]) -> None:
        """
        Keep messages ours for longer.

        Raises: StoreUnavailable when some may come again.
        """

    async def release(self, messages: Sequence[Received]) -> None:
        """Give messages back, to come again; a failure leaves them to their time."""

    async def close(self) -> None:
        """Let go of the connection, and so of all that is not acknowledged."""


class Target(Protocol):
    """A queue, topic or address; `batch_max` is how many events it takes at once."""

    batch_max: int

    async def send(self, events: Sequence[MemberEvent]) -> None:
        """
        Send events in their order; return when the other side has said it has them.

        Raises: StoreUnavailable when the same call should be tried again.
        """

    async def close(self) -> None:
        """Let go of the connection."""
