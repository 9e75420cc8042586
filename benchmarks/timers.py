"""What pending timers cost a partition: memory, and time for each tick."""

import argparse
import json
import resource
import time
from typing import Final, NamedTuple

from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.engagement.remembered import Engagement, Waiting
from loyalty.events import OrderEvent, OrderLine, Tick
from loyalty.limits import DAY_MS
from loyalty.member import NEW_MEMBER, Member
from loyalty.program import Program
from loyalty.program_document import program_from
from schemas.state import Committed, StateCodec
from streams.members import Members

NOW: Final = 1_770_000_000_000
SECOND_MS: Final = 1_000
DOCUMENT: Final = {
    "program": "timers",
    "currency": "USD",
    "earn": [{"id": "spend", "points": 1, "step_minor": 100}],
    "templates": [{"id": "back", "texts": {"push": {"body": "Come back"}}}],
    "engagement": {"consent_assumed": ["push"]},
    "triggers": [
        {
            "id": "come-back",
            "kind": "lapsed",
            "days": 30,
            "message": {"template": "back", "channels": ["push"]},
        }
    ],
}


class Figures(NamedTuple):
    """Bytes of a member, with a timer and without; and what ticks cost."""

    members: int
    bytes_a_member: int
    bytes_without_timer: int
    resident_mib: float
    index_seconds: float
    idle_tick_us: float
    due_a_tick: int
    due_us: float


def measure(members: int, due_a_tick: int, ticks: int) -> Figures:
    """Fill a partition, tick with nothing due, then with so many due each time."""
    program, codec = program_from(DOCUMENT), StateCodec()
    held = Members(codec, cache_max=10_000)
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    plain = _member(program)
    bare = len(codec.encode_member(plain._replace(engagement=None)))
    # One second of timers after the other, each of the same number of members.
    states = (
        (f"member-{n}", codec.encode_member(_due(plain, n // due_a_tick)))
        for n in range(members)
    )
    held.restore(states)
    started = time.process_time()
    held.index_due()
    index_seconds = time.process_time() - started
    after_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    for _ in range(ticks):
        held.pop_due(NOW)
    idle = (time.process_time() - started) / ticks
    started = time.process_time()
    fired = sum(
        _tick(held, NOW + n * SECOND_MS, program, codec=codec)
        for n in range(1, ticks + 1)
    )
    spent = time.process_time() - started
    assert fired == due_a_tick * ticks, "each timer fires once"
    return Figures(
        members,
        len(codec.encode_member(_due(plain, 1))),
        bare,
        round((after_kib - before_kib) / 1024, 1),
        round(index_seconds, 3),
        round(idle * 1e6, 2),
        due_a_tick,
        round(spent / fired * 1e6, 1),
    )


def _member(program: Program) -> Member:
    line = OrderLine("1", "burger", "food", (), 1, 12_00, 0, 0, "ITEM")
    order = OrderEvent(
        *("event", "order", "member", "PLACED", NOW - DAY_MS, "store", "APP", "USD"),
        *((line,), 12_00, 12_00, 0, (), None, {}, None),
    )
    found = decide(NEW_MEMBER, order, program, member_id="member")
    assert isinstance(found, Decision), found
    return found.member


def _due(member: Member, second: int) -> Member:
    """The member with a message that waits until that second."""
    due_at = NOW + (second + 1) * SECOND_MS
    known = member.engagement
    assert known is not None, "the order told of a habit"
    occasion = str(known.order_ats[-1])
    waiting = Waiting(
        *(due_at, "come-back", occasion, 0, NOW, "", (), ("push",), NOW + DAY_MS)
    )
    # The lapse that it tells of has been noted, or the next one would be due, too.
    engagement: Engagement = known._replace(waiting=(waiting,))
    return member._replace(next_due_at=due_at, engagement=engagement)


def _tick(held: Members, at: int, program: Program, *, codec: StateCodec) -> int:
    """Decide all that is due, as the engine does; return how many messages went."""
    sent = 0
    while (member_id := held.pop_due(at)) is not None:
        found = decide(held.load(member_id), Tick(at), program, member_id=member_id)
        assert isinstance(found, Decision), found
        sent += len(found.messages)
        state = codec.encode_member(found.member)
        held.apply({member_id: Committed(found.member, state)})
    return sent


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--due", type=int, default=100, help="a tick")
    parser.add_argument("--ticks", type=int, default=50)
    chosen = parser.parse_args()
    figures = measure(chosen.members, chosen.due, chosen.ticks)
    print(json.dumps(figures._asdict(), indent=2))


if __name__ == "__main__":
    main()
