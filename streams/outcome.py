"""Everything that one transaction will say, while its records are being decided."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from loyalty.decision import Decision
from loyalty.member import Member
from loyalty.program import Programs
from loyalty.settling import Account
from loyalty.view import view_of
from schemas.state import Checkpoint, Committed, DeadLetter, StateCodec
from schemas.topics import RECORD_BYTES_MAX
from schemas.updates import Change, UpdateCodec
from streams.record_spans import RecordSpans
from streams.room import rows_of

# One update holds all changes of a member in a batch. A row has at most some 3 kB, and
# `room` sees to the last change: together they stay below the largest record.
ROWS_PER_UPDATE_MAX: Final = 200
# What a record of Kafka has beside its value.
RECORD_FRAME_BYTES: Final = 8_192
DEAD_LETTER_BYTES_MAX: Final = 8_388_608
COMMANDS_PER_TRANSACTION_MAX: Final = 4_096
# Of members as they were, and of what they are told: written, it is some three times of
# that, and the producer's queue holds a gigabyte.
OUTCOME_BYTES_MAX: Final = 33_554_432
# Members whose states and updates are written together: soon after they were decided,
# while they are in the processor's cache, and so few that what was noted of them is let
# go before it has left it. That is worth a tenth of the whole.
TOLD_TOGETHER: Final = 64
# The partition of a command is its key's, unless it is told.
BY_KEY: Final = -1


# Takes over what was written of members.
Keep = Callable[[Mapping[str, Committed]], None]


def nobody_keeps(_: Mapping[str, Committed]) -> None:
    """Take over nothing."""


class Telling(NamedTuple):
    """How states and updates are written; `tells_states` puts those into these."""

    states: StateCodec
    updates: UpdateCodec
    programs: Programs
    tells_states: bool = True


class Outgoing(NamedTuple):
    """A command to be sent, encoded; `partition` is BY_KEY for all but leases."""

    key: bytes
    value: bytes
    partition: int = BY_KEY


class Decided:
    """A member who has changed: as last written, as it is now, and what changed."""

    __slots__ = ("before", "changes", "member", "rows")

    def __init__(
        self, before: Committed | None, member: Member, change: Change
    ) -> None:
        """Begin with the first change."""
        self.before = before
        self.member = member
        self.changes = [change]
        self.rows = rows_of(change)


class Outcome:
    """Changes, dead letters and counts of one batch; nothing of it is visible yet."""

    def __init__(self, records_max: int) -> None:
        """Start with nothing; `records_max` bounds the transaction."""
        self._records_max = records_max
        # Who is not written yet; and all who are, as they were written last.
        self.decided: dict[str, Decided] = {}
        self.states: dict[str, Committed] = {}
        self.updates: list[tuple[str, bytes]] = []
        self.accounts: dict[str, Account] = {}
        self.outbox: list[Outgoing] = []
        self.dead_letters: list[DeadLetter] = []
        self.spans = RecordSpans()
        self.applied = 0
        self.duplicates = 0
        self.ticks = 0
        self._dead_bytes = 0
        self._bytes = 0
        self.is_full = False

    @property
    def changed(self) -> int:
        """How many members have changed; who was written in between counts twice."""
        return len(self.decided) + len(self.states)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all became of what was decided."""
        return not (self.weight or self.changed or self.accounts)

    @property
    def weight(self) -> int:
        """How many records were counted in."""
        return self.applied + self.duplicates + len(self.dead_letters) + self.ticks

    def checkpoint_after(
        self, known: Checkpoint, positions: Mapping[str, int]
    ) -> Checkpoint:
        """Checkpoint that goes with it: how far, and what became of all so far."""
        return known._replace(
            offsets=dict(positions),
            applied=known.applied + self.applied,
            duplicates=known.duplicates + self.duplicates,
            dead_letters=known.dead_letters + len(self.dead_letters),
            ticks=known.ticks + self.ticks,
        )

    def weigh(self, count: int) -> None:
        """Count in bytes: of a member as it was, of what it takes and what it sends."""
        self._bytes += count
        if self._bytes >= OUTCOME_BYTES_MAX:
            self.is_full = True

    def add(
        self,
        member_id: str,
        decision: Decision,
        change: Change,
        *,
        before: Committed | None = None,
    ) -> None:
        """Take over a decision and its change; `before` is as last written."""
        decided = self.decided.get(member_id)
        if decided is None:
            decided = Decided(before, decision.member, change)
            self.decided[member_id] = decided
        else:
            decided.member = decision.member
            decided.changes.append(change)
            decided.rows += rows_of(change)
        if decided.rows >= ROWS_PER_UPDATE_MAX or self.changed >= self._records_max:
            self.is_full = True

    @property
    def is_to_be_told(self) -> bool:
        """Whether so much is not written yet that it should be."""
        return len(self.decided) >= TOLD_TOGETHER

    def tell(self, telling: Telling, keep: Keep = nobody_keeps) -> None:
        """
        Write states and updates of all that has changed since this was last done.

        Of whom it is known how they were, only what changed is written anew. `keep` is
        given all of it: the next change of a member begins there. It has another
        update in the same transaction, and one state, the last.
        """
        if not self.decided:
            return
        written: dict[str, Committed] = {}
        for member_id, decided in self.decided.items():
            member, changes = decided.member, decided.changes
            state = telling.states.encode_member(member, decided.before)
            written[member_id] = Committed(member, state)
            view = view_of(member_id, member, telling.programs.at(member.clock_at))
            told = state if telling.tells_states else b""
            update = telling.updates.encode(member_id, view, changes, state=told)
            if len(update) > RECORD_BYTES_MAX - RECORD_FRAME_BYTES:
                # Whoever estimates does without the state until the next update.
                update = telling.updates.encode(member_id, view, changes)
            self.updates.append((member_id, update))
        self.states.update(written)
        keep(written)
        self.decided.clear()

    def add_effects(
        self, accounts: Mapping[str, Account], outbox: Iterable[Outgoing]
    ) -> None:
        """Take over accounts that changed, and commands to send."""
        self.accounts.update(accounts)
        for outgoing in outbox:
            self.outbox.append(outgoing)
            self.weigh(len(outgoing.value))
        if (
            len(self.outbox) >= COMMANDS_PER_TRANSACTION_MAX
            or len(self.accounts) >= self._records_max
        ):
            self.is_full = True

    def add_dead_letter(self, letter: DeadLetter) -> None:
        """Take over a record that could not be applied."""
        self.dead_letters.append(letter)
        self._dead_bytes += len(letter.value or b"") + len(letter.key or b"")
        if self._dead_bytes >= DEAD_LETTER_BYTES_MAX:
            self.is_full = True
