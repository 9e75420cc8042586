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
from streams.outcome import TOLD_TOGETHER, Outcome, Telling
from streams.writes import Writes
from tests.builders import NOON, an_order
from tests.end_to_end.conftest import PROGRAM_FILE

PROGRAMS = ProgramHistory([load_program(PROGRAM_FILE)])
STATES = StateCodec()
UPDATES = UpdateCodec()
TELLING = Telling(STATES, UPDATES, PROGRAMS)


def _take(outcome: Outcome, order: OrderEvent) -> None:
    member = outcome.members.get(order.member_id, NEW_MEMBER)
    decision = decide(member, order, PROGRAMS, member_id=order.member_id)
    assert isinstance(decision, Decision), decision
    change = change_of(decision, order, Source(ORDERS.name, 0, NOON))
    outcome.add(order.member_id, decision, change)


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
    outcome = Outcome(100)
    _take(outcome, _order(1, "ann"))
    _take(outcome, _order(2, "ann"))
    _take(outcome, _order(3, "bob"))
    outcome.tell(TELLING)
    _take(outcome, _order(4, "ann"))
    writes = Writes(outcome, Checkpoint({}), TELLING)

    assert _versions(outcome) == [
        ("ann", [1, 2], 2),
        ("bob", [1], 1),
        ("ann", [3], 3),
    ]
    assert sorted(writes.members) == ["ann", "bob"]
    for name, told in writes.members.items():
        assert told.member == outcome.members[name]
        assert STATES.decode_member(told.state) == told.member
    states = sum(len(told.state) for told in writes.members.values())
    assert writes.bytes == states + sum(len(update) for _, update in writes.updates)


def test_told_at_once_or_bit_by_bit_the_last_state_is_the_same_bytes() -> None:
    whole, parts = Outcome(100), Outcome(100)
    for number in range(6):
        for outcome in (whole, parts):
            _take(outcome, _order(number, f"member-{number % 2}"))
        parts.tell(TELLING)
    states = [
        {
            name: told.state
            for name, told in Writes(one, Checkpoint({}), TELLING).members.items()
        }
        for one in (whole, parts)
    ]

    assert states[0] == states[1]
    assert (len(whole.updates), len(parts.updates)) == (2, 6)


def test_enough_members_are_told_together_and_bytes_count_from_what_was_told() -> None:
    outcome = Outcome(1_000)
    for number in range(TOLD_TOGETHER):
        assert not outcome.is_to_be_told
        _take(outcome, _order(number, f"member-{number}"))
    assert outcome.is_to_be_told
    assert outcome.known_of("member-0", 7) == (7, 1)

    outcome.tell(TELLING)

    assert not outcome.is_to_be_told
    size = len(outcome.states["member-0"].state)
    assert outcome.known_of("member-0", 7) == (size, 0)
    assert outcome.known_of("somebody", 7) == (7, 0)
