"""The members of one partition: encoded in memory, the recent ones decoded too."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from loyalty.member import NEW_MEMBER, Member
from native.loading import prefetcher
from schemas.state import Committed, StateCodec, next_due_at
from streams.timers import Timers

# Whoever a tick fails for is tried again: once so often, as each time is told of.
RETRY_MS: Final = 60_000


class Members:
    """
    State of one partition's members: what the changelog says, and what it is about to.

    All states are kept as bytes (docs/decisions/0004 has the measurements);
    up to `cache_max` members are kept decoded beside them.
    """

    def __init__(self, codec: StateCodec, cache_max: int) -> None:
        """Start with nobody."""
        self._codec = codec
        self._cache_max = cache_max
        # One look finds all that is at hand of a member: among millions a look costs
        # as much as a rule.
        self._held: dict[str, bytes | Committed] = {}
        # Who is held decoded, in the order in which they came.
        self._decoded_ids: deque[str] = deque()
        self._due = Timers(self._due_at)
        # For whom a tick failed, in the order in which they came up.
        self._aside: dict[str, None] = {}
        self._back_at = 0
        self._prefetch = prefetcher()
        # Whether every due time is in it, and restoring need only add to it.
        self.is_indexed = False

    def __len__(self) -> int:
        """Members known."""
        return len(self._held)

    @property
    def timers(self) -> int:
        """Times at which something may become due; some may hold no longer."""
        return len(self._due)

    def items(self) -> Iterator[tuple[str, bytes]]:
        """Every member id with its encoded state."""
        for member_id, held in self._held.items():
            yield member_id, _state_of(held)

    def known(self, member_id: str) -> Committed | None:
        """Member as last written with its bytes, if both are at hand."""
        held = self._held.get(member_id)
        return held if isinstance(held, Committed) else None

    def find(self, member_id: str) -> Committed | None:
        """
        Member as last written with its bytes, None if unknown.

        Raises: MalformedRecord for bytes that are no member.
        """
        held = self._held.get(member_id)
        if isinstance(held, bytes):
            held = Committed(self._codec.decode_member(held), held)
            self._held[member_id] = held
            self._note_decoded(member_id)
        return held

    def foresee(self, keys: list[bytes | None]) -> None:
        """Bring those near who come next, by the keys of their records."""
        self._prefetch(self._held, keys)

    def load(self, member_id: str) -> Member:
        """Member as last written; a new one if unknown."""
        found = self.find(member_id)
        return NEW_MEMBER if found is None else found.member

    def apply(self, changed: Mapping[str, Committed]) -> None:
        """Take over what was written for a transaction, by member id."""
        for member_id, committed in changed.items():
            held = self._held.get(member_id)
            due_at, was_at = committed.member.next_due_at, _due_at(held)
            if due_at and due_at != was_at:
                self._due.add(member_id, due_at, was_at)
            self._held[member_id] = committed
            if not isinstance(held, Committed):
                self._note_decoded(member_id)
        self._trim_due()

    def restore(self, states: Iterable[tuple[str, bytes]]) -> None:
        """Take over states read from the changelog; `index_due` follows the first."""
        found = list(states)
        # What was decoded before may be of an older state now.
        while self._decoded_ids:
            self._encode_oldest()
        self._held.update(found)
        if self.is_indexed:
            self._index(found)
            self._trim_due()

    def index_due(self) -> None:
        """Build the index of due times anew from the states."""
        self._due = Timers(self._due_at)
        self._index(self.items())
        self.is_indexed = True

    def _index(self, states: Iterable[tuple[str, bytes]]) -> None:
        for member_id, state in states:
            due_at = next_due_at(state)
            if due_at:
                self._due.add(member_id, due_at)

    def _trim_due(self) -> None:
        """Keep times that no longer hold from growing without bound."""
        if len(self._due) > 2 * len(self._held) + 1_000:
            self.index_due()

    def ripen(self, at: int) -> bool:
        """Prepare some of what becomes due in the hours that have begun; if all is."""
        return self._due.ripen(at)

    def pop_due(self, at: int) -> str | None:
        """
        Next member for whom something is due at a time, None if there is none.

        The caller decides about the member and applies the result, or sets the member
        aside, or forgets all of it and calls `index_due`.
        """
        return self._due.pop(at)

    def set_aside(self, member_id: str) -> None:
        """Keep who came up and could not be decided about, until `put_back`."""
        self._aside[member_id] = None

    def put_back(self, at: int) -> None:
        """
        Let all that were set aside come up again, once in RETRY_MS of the ticks' time.

        Not before a tick is through: it would never end.
        """
        if at < self._back_at:
            return
        self._back_at = at + RETRY_MS
        for member_id in self._aside:
            due_at = self._due_at(member_id)
            if due_at:
                self._due.add(member_id, due_at)
        self._aside.clear()

    def _due_at(self, member_id: str) -> int:
        return _due_at(self._held.get(member_id))

    def _note_decoded(self, member_id: str) -> None:
        """Note that a member is held decoded; one too many is held as bytes again."""
        self._decoded_ids.append(member_id)
        if len(self._decoded_ids) > self._cache_max:
            self._encode_oldest()

    def _encode_oldest(self) -> None:
        member_id = self._decoded_ids.popleft()
        self._held[member_id] = _state_of(self._held[member_id])


def _state_of(held: bytes | Committed) -> bytes:
    return held if isinstance(held, bytes) else held.state


def _due_at(held: bytes | Committed | None) -> int:
    if held is None:
        return 0
    return next_due_at(held) if isinstance(held, bytes) else held.member.next_due_at
