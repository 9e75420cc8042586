"""The members of one partition: encoded in memory, the recent ones decoded too."""

from collections import deque
from collections.abc import Iterable, Iterator

from loyalty.member import NEW_MEMBER, Member
from schemas.state import Committed, StateCodec, next_due_at
from streams.timers import Timers


class Members:
    """
    State of one partition's members; always what the changelog says, never more.

    All states are kept as bytes (docs/decisions/0004 has the measurements);
    up to `cache_max` members are kept decoded beside them.
    """

    def __init__(self, codec: StateCodec, cache_max: int) -> None:
        """Start with nobody."""
        self._codec = codec
        self._cache_max = cache_max
        self._states: dict[str, bytes] = {}
        self._decoded: dict[str, Member] = {}
        # In the order in which they came: the first entries of a dict from which first
        # entries are taken all the time are far from its beginning.
        self._decoded_ids: deque[str] = deque()
        self._due = Timers(self._due_at)
        # Whether every due time is in it, and restoring need only add to it.
        self.is_indexed = False

    def __len__(self) -> int:
        """Members known."""
        return len(self._states)

    @property
    def timers(self) -> int:
        """Times at which something may become due; some may hold no longer."""
        return len(self._due)

    def items(self) -> Iterator[tuple[str, bytes]]:
        """Every member id with its encoded state."""
        return iter(self._states.items())

    def size(self, member_id: str) -> int:
        """Bytes of a member as last committed, 0 if unknown."""
        return len(self._states.get(member_id, b""))

    def known(self, member_id: str) -> Committed | None:
        """Member as last committed with its bytes, if both are at hand."""
        member = self._decoded.get(member_id)
        return None if member is None else Committed(member, self._states[member_id])

    def load(self, member_id: str) -> Member:
        """Member as last committed; a new one if unknown."""
        member = self._decoded.get(member_id)
        if member is None:
            state = self._states.get(member_id)
            if state is None:
                return NEW_MEMBER
            member = self._codec.decode_member(state)
            self._remember(member_id, member)
        return member

    def apply(self, changed: Iterable[tuple[str, Member, bytes]]) -> None:
        """Take over what a committed transaction says (id, member, encoded member)."""
        for member_id, member, state in changed:
            due_at, was_at = member.next_due_at, self._due_at(member_id)
            if due_at and due_at != was_at:
                self._due.add(member_id, due_at, was_at)
            self._states[member_id] = state
            self._remember(member_id, member)
        self._trim_due()

    def restore(self, states: Iterable[tuple[str, bytes]]) -> None:
        """Take over states read from the changelog; `index_due` follows the first."""
        found = list(states)
        self._states.update(found)
        # What was decoded before may be of an older state now.
        self._decoded.clear()
        self._decoded_ids.clear()
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
        if len(self._due) > 2 * len(self._states) + 1_000:
            self.index_due()

    def ripen(self, at: int) -> bool:
        """Prepare some of what becomes due in the hours that have begun; if all is."""
        return self._due.ripen(at)

    def pop_due(self, at: int) -> str | None:
        """
        Next member for whom something is due at a time, None if there is none.

        The caller decides about the member and applies the result, or forgets
        all of it and calls `index_due`.
        """
        return self._due.pop(at)

    def _due_at(self, member_id: str) -> int:
        member = self._decoded.get(member_id)
        if member is not None:
            return member.next_due_at
        state = self._states.get(member_id)
        return 0 if state is None else next_due_at(state)

    def _remember(self, member_id: str, member: Member) -> None:
        if member_id not in self._decoded:
            self._decoded_ids.append(member_id)
        self._decoded[member_id] = member
        if len(self._decoded) > self._cache_max:
            self._decoded.pop(self._decoded_ids.popleft())
