"""Whether what a decision leaves behind has room in the largest record."""

from typing import Final

from loyalty.decision import Decision
from loyalty.events import Command, MemberEvent, OrderEvent, Tick
from loyalty.program import Programs
from loyalty.view import view_of
from schemas.framing import MalformedRecord
from schemas.state import StateCodec
from schemas.updates import Change, UpdateCodec

# Of the 2 MiB of a record a state may have half; the other half is for a view and
# what is told of the changes. A thousand times what a guest of ten years takes.
STATE_BYTES_MAX: Final = 1_048_576
TOLD_BYTES_MAX: Final = 1_048_576
# What is smaller than all of these is not measured: 32 times of it, on the largest
# state that is not measured, stay below what a state may have.
LINES_LIGHT: Final = 16
ATTRIBUTES_LIGHT: Final = 8
ROWS_LIGHT: Final = 32
STATE_BYTES_LIGHT: Final = 262_144
CHANGES_LIGHT: Final = 32


def rows_of(change: Change) -> int:
    """How much is told of a change, counted: itself, and all that it brought about."""
    told = len(change.entries) + len(change.offer_events)
    return 1 + told + len(change.triggers) + len(change.messages)


class Room:
    """Measures states and updates where they might be too large."""

    def __init__(
        self, states: StateCodec, updates: UpdateCodec, programs: Programs
    ) -> None:
        """Measure with the codecs that write them."""
        self._states = states
        self._updates = updates
        self._programs = programs

    def check(
        self,
        change: Change,
        event: MemberEvent,
        decision: Decision,
        *,
        member_id: str,
        known: tuple[int, int],
    ) -> None:
        """
        See that a decision can be written; ticks, which add next to nothing, can.

        `known` is how many bytes the member had when last committed, and how many
        changes it had since. A state that becomes smaller always has room.
        Raises: MalformedRecord.
        """
        if isinstance(event, Tick) or _is_light(change, event, known):
            return
        member = decision.member
        state_bytes = len(self._states.encode_member(member))
        if state_bytes > max(STATE_BYTES_MAX, known[0]):
            raise MalformedRecord(
                "member-too-large",
                f"the member would have {state_bytes} bytes, at most {STATE_BYTES_MAX}",
            )
        view = view_of(member_id, member, self._programs.at(member.clock_at))
        told_bytes = len(self._updates.encode(member_id, view, [change]))
        if told_bytes > TOLD_BYTES_MAX:
            raise MalformedRecord(
                "member-too-large",
                f"the update would have {told_bytes} bytes, at most {TOLD_BYTES_MAX}",
            )


def _is_light(change: Change, event: MemberEvent, known: tuple[int, int]) -> bool:
    state_bytes, changes = known
    if state_bytes > STATE_BYTES_LIGHT or changes % CHANGES_LIGHT == CHANGES_LIGHT - 1:
        return False
    if isinstance(event, OrderEvent) and len(event.lines) > LINES_LIGHT:
        return False
    if isinstance(event, Command) and len(event.attributes) > ATTRIBUTES_LIGHT:
        return False
    return rows_of(change) <= ROWS_LIGHT
