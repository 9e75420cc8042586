"""The fold of a partition done again from its sources, in the order that was told."""

import json
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import NamedTuple

from loyalty.budget_books import Lease
from loyalty.budgets import GRANTED
from loyalty.decision import Decision
from loyalty.events import ENGINE, Command, MemberEvent
from loyalty.member import NEW_MEMBER, Member
from loyalty.program import Programs
from loyalty.settling import Decide
from schemas.changes import change_of
from schemas.command_results import ANSWER
from schemas.events import EventCodec
from schemas.forwarding import addressed
from schemas.framing import MalformedRecord
from schemas.recount import Recount
from schemas.state import StateCodec
from schemas.topics import ACTIVITY, CLOCK, COMMANDS, ORDERS
from schemas.updates import Change, Source

Decode = Callable[[bytes | None, bytes | None, int], MemberEvent]


class SourceCopy(NamedTuple):
    """A source record as the broker has it."""

    key: bytes | None
    value: bytes | None
    timestamp: int


class Difference(Exception):
    """The fold and what was told are not the same; the message says where first."""


class Replay:
    """Members of one partition, folded anew; `take` raises at the first difference."""

    def __init__(
        self,
        decide: Decide,
        programs: Programs,
        events: EventCodec,
    ) -> None:
        """Start with nobody."""
        self.members: dict[str, Member] = {}
        self.recount = Recount()
        self._decide = decide
        self._programs = programs
        self._events = events
        self._decoders: dict[str, Decode] = {
            ORDERS.name: events.decode_order,
            ACTIVITY.name: events.decode_activity,
            COMMANDS.name: events.decode_command,
        }

    def take(self, member_id: str, told: Change, record: SourceCopy | None) -> None:
        """
        Decide an event again, and compare with the change that was told of it.

        Raises: Difference.
        """
        where = f"member {member_id!r} version {told.version}"
        place = f"{told.topic} offset {told.offset}"
        if record is None:
            raise Difference(f"{where}: {place} holds no record")
        try:
            event = self._event(member_id, told, record)
        except MalformedRecord as malformed:
            raise Difference(f"{where}: {place}: {malformed.detail}") from malformed
        member = self.members.get(member_id, NEW_MEMBER)
        decision = self._decide(member, event, self._programs, member_id=member_id)
        if not isinstance(decision, Decision):
            raise Difference(f"{where}: {place} gives {decision}")
        source = Source(told.topic, told.offset, record.timestamp)
        again = change_of(decision, event, source)
        for name, one, other in zip(Change._fields, again, told, strict=True):
            if one != other:
                raise Difference(f"{where}: {name} is {other!r}, again {one!r}")
        self.members[member_id] = decision.member
        self.recount.count(event, decision)

    def check_states(self, states: dict[str, bytes], codec: StateCodec) -> None:
        """
        Compare all members with the states that the changelog holds.

        Raises: Difference.
        """
        for member_id in sorted({*states, *self.members}):
            state = states.get(member_id)
            kept = None if state is None else codec.decode_member(state)
            again = self.members.get(member_id)
            if kept != again:
                found = "nothing" if kept is None else f"version {kept.version}"
                expected = "nothing" if again is None else f"version {again.version}"
                raise Difference(
                    f"member {member_id!r}: the changelog holds {found}, the fold "
                    f"gives {expected}: they are not the same"
                )

    def check_leases(self, leases: dict[str, Lease]) -> None:
        """
        Compare what leases have spent and who waits with the members' own claims.

        Raises: Difference.
        """
        for fault in self.recount.faults(leases):
            raise Difference(fault)

    def _event(self, member_id: str, told: Change, record: SourceCopy) -> MemberEvent:
        if told.topic == COMMANDS.name and told.event_kind == GRANTED:
            attributes = json.loads(told.result or "{}")
            attributes.pop(ANSWER, None)
            return Command(
                told.event_id,
                member_id,
                GRANTED,
                told.occurred_at,
                ENGINE,
                attributes,
            )
        if told.topic == CLOCK.name:
            return self._events.decode_tick(record.value)
        decode = self._decoders[told.topic]
        event = decode(record.key, record.value, record.timestamp)
        if isinstance(event, Command):
            return addressed(self._events, event, record.timestamp).event
        return event


def state_hash(members: Iterable[tuple[str, Member]], codec: StateCodec) -> str:
    """Hash of members in the order of their ids, each as today's codec writes it."""
    digest = blake2b(digest_size=16)
    for member_id, member in sorted(members, key=lambda pair: pair[0]):
        state = codec.encode_member(member)
        for part in (member_id.encode(), state):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()
