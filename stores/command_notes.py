"""Which commands were taken in, by id: so that a repeat is known, and its likeness."""

import time
from typing import Final, NamedTuple, Protocol

import msgspec

from stores.member_views_contract import RESULT_TTL_SECONDS
from stores.redis_line import RedisLine
from stores.unavailable import StoreUnavailable

# A note outlives the result, so that a repeat never finds one without the other.
NOTE_EXTRA_SECONDS: Final = 3_600


class CommandNote(NamedTuple):
    """
    A command that was taken in.

    `likeness` is a hash of all that was asked for; `accepted_at` (ms) is the
    time that the command keeps, however often it is sent again. `client_id` is
    whose command it is: nobody else is told of it.
    """

    member_id: str
    type: str
    likeness: str
    accepted_at: int
    client_id: str = ""


class CommandNotes(Protocol):
    """Notes by command; a call that cannot be done now raises StoreUnavailable."""

    async def take(self, command_id: str, note: CommandNote) -> CommandNote | None:
        """Note a command unless it is noted; return the note that was there."""

    async def find(self, command_id: str) -> CommandNote | None:
        """Note of a command, None if there is none; one round trip."""

    async def close(self) -> None:
        """Let go of all connections."""


class RedisCommandNotes:
    """Notes in Redis or Valkey, a key for each command, for a time."""

    def __init__(
        self, url: str, app_id: str, *, result_ttl_seconds: int = RESULT_TTL_SECONDS
    ) -> None:
        """Connect when first used."""
        self._prefix = f"{app_id}:command:"
        self._ttl_seconds = result_ttl_seconds + NOTE_EXTRA_SECONDS
        self._line = RedisLine(url)

    async def take(self, command_id: str, note: CommandNote) -> CommandNote | None:
        """Note a command unless it is noted; return the note that was there."""
        name, document = self._prefix + command_id, _ENCODER.encode(note)
        seconds = self._ttl_seconds
        known = await self._line.ask("SET", name, document, "NX", "GET", "EX", seconds)
        return _DECODER.decode(known) if isinstance(known, bytes) else None

    async def find(self, command_id: str) -> CommandNote | None:
        """Note of a command, None if there is none; one round trip."""
        known = await self._line.ask("GET", self._prefix + command_id)
        return _DECODER.decode(known) if isinstance(known, bytes) else None

    async def close(self) -> None:
        """Let go of the connection."""
        await self._line.close()


class MemoryCommandNotes:
    """The twin in memory: same contract, for tests and for trying out."""

    def __init__(self, *, result_ttl_seconds: int = RESULT_TTL_SECONDS) -> None:
        """Hold nothing."""
        self._ttl_seconds = result_ttl_seconds + NOTE_EXTRA_SECONDS
        self._notes: dict[str, tuple[float, CommandNote]] = {}
        self.is_available = True

    async def take(self, command_id: str, note: CommandNote) -> CommandNote | None:
        """Note a command unless it is noted; return the note that was there."""
        known = await self.find(command_id)
        if known is None:
            ends_at = time.monotonic() + self._ttl_seconds
            self._notes[command_id] = ends_at, note
        return known

    async def find(self, command_id: str) -> CommandNote | None:
        """Note of a command, None if there is none."""
        if not self.is_available:
            raise StoreUnavailable("redis", "switched off by a test")
        ends_at, note = self._notes.get(command_id, (0.0, None))
        return note if time.monotonic() < ends_at else None

    async def close(self) -> None:
        """Nothing to let go of."""


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(CommandNote)
