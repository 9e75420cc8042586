"""What a transaction says is written while it is decided, and again if need be."""

from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.events import OrderEvent
from loyalty.member import NEW_MEMBER
from loyalty.program import ProgramHistory
from schemas.changes import change_of
from schemas.state import Checkpoint, StateCodec
from schemas.topics import ORDERS
from schemas.updates import Source, UpdateCodec
from stores.programs import load_program
from streams.members import Members
from streams.outcome import TOLD_TOGETHER, Outcome, Telling
from streams.writes import Writes
from tests.builders import NOON, an_order
from tests.end_to_end.conftest import PROGRAM_FILE

PROGRAMS = ProgramHistory([load_program(PROGRAM_FILE)])
STATES = StateCodec()
UPDATES = UpdateCodec()
TELLING = Telling(STATES, UPDATES, PROGRAMS)


class _Partition:
    """An outcome, and the members from whom its changes begin."""

    def __init__(self, records_max: int = 1_000) -> None:
        self.outcome = Outcome(records_max)
        self.members = Members(STATES, 100)

    def take(self, order: OrderEvent) -> None:
        """Decide an order as the engine does."""
        name = order.member_id
        decided = self.outcome.decided.get(name)
        before = self.members.find(name) if decided is None else decided.before
        known = NEW_MEMBER if before is None else before.member
        member = known if decided is None else decided.member
        decision = decide(member, order, PROGRAMS, member_id=name)
        assert isinstance(decision, Decision), decision
        change = change_of(decision, order, Source(ORDERS.name, 0, NOON))
        self.outcome.add(name, decision, change, before=before)

    def tell(self) -> None:
        """Write what was decided, and go on from there."""
        self.outcome.tell(TELLING, self.members.apply)

    def writes(self) -> Writes:
        """Write all that is left."""
        keep = self.members.apply
        return Writes(self.outcome, Checkpoint({}), TELLING, keep=keep)


def _order(number: int, member_id: str) -> OrderEvent:
    at = NOON + number * 1_000
    return an_order(order_id=f"o-{number}", member_id=member_id, occurred_at=at)


def _versions(outcome: Outcome) -> list[tuple[str, list[int], int]]:
    read = [(name, UPDATES.decode(update)) for name, update in outcome.updates]
    return [
        (name, [one.version for one in update.changes], update.view.version)
        for name, update in read
    ]


def test_who_changes_again_after_it_was_told_has_a_second_update_and_one_state() -> (
    None
):
    partition = _Partition()
    partition.take(_order(1, "ann"))
    partition.take(_order(2, "ann"))
    partition.take(_order(3, "bob"))
    partition.tell()
    partition.take(_order(4, "ann"))
    writes = partition.writes()

    assert _versions(partition.outcome) == [
        ("ann", [1, 2], 2),
        ("bob", [1], 1),
        ("ann", [3], 3),
    ]
    assert sorted(writes.members) == ["ann", "bob"]
    for name, told in writes.members.items():
        assert partition.members.find(name) == told
        assert STATES.decode_member(told.state) == told.member
    states = sum(len(told.state) for told in writes.members.values())
    assert writes.bytes == states + sum(len(update) for _, update in writes.updates)


def test_told_at_once_or_bit_by_bit_the_last_state_is_the_same_bytes() -> None:
    whole, parts = _Partition(), _Partition()
    for number in range(6):
        for partition in (whole, parts):
            partition.take(_order(number, f"member-{number % 2}"))
        parts.tell()
    states = [
        {name: told.state for name, told in partition.writes().members.items()}
        for partition in (whole, parts)
    ]

    assert states[0] == states[1]
    assert (len(whole.outcome.updates), len(parts.outcome.updates)) == (2, 6)


def test_enough_members_are_told_together_and_the_next_change_begins_there() -> None:
    partition = _Partition()
    for number in range(TOLD_TOGETHER):
        assert not partition.outcome.is_to_be_told
        partition.take(_order(number, f"member-{number}"))
    assert partition.outcome.is_to_be_told
    partition.tell()

    partition.take(_order(TOLD_TOGETHER, "member-0"))
    partition.tell()

    assert not partition.outcome.is_to_be_told
    assert partition.outcome.changed == TOLD_TOGETHER
    found = partition.members.find("member-0")
    assert found is not None
    assert found.member.version == 2
    assert partition.outcome.states["member-0"] is found


def test_who_was_written_in_between_fills_a_transaction_twice() -> None:
    partition = _Partition(records_max=3)
    partition.take(_order(1, "ann"))
    partition.tell()
    partition.take(_order(2, "ann"))
    assert (partition.outcome.changed, partition.outcome.is_full) == (2, False)

    partition.take(_order(3, "bob"))

    assert (partition.outcome.changed, partition.outcome.is_full) == (3, True)
