"""
What an order costs among so many members, with no broker: members, orders.

Every member has the state that four orders leave. Prints µs of CPU an order from its
bytes to the change to write, bytes of a state, and resident MiB a million members.
"""

import gc
import sys
import time
from typing import Final

import psutil

from benchmarks.micro import BATCH, an_engine, records_of
from jobs.traffic import simple_orders
from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.member import NEW_MEMBER, Member
from loyalty.program import Programs
from runtime.collector import tune_collector
from schemas.topics import ORDERS
from streams.outcome import Outcome
from streams.worker import COLLECT_EVERY

PROGRAM: Final = "programs/points-only.yaml"
ORDERS_EACH: Final = 4
CACHE_MAX: Final = 10_000
BYTES_IN_MIB: Final = 1_048_576


def main(arguments: list[str]) -> None:
    """Fill the store, decide the orders, print three figures."""
    members, orders = int(arguments[0]), int(arguments[1])
    tune_collector(COLLECT_EVERY)
    tools, holdings, judge = an_engine(PROGRAM, CACHE_MAX)
    # They are of days after those that the members have.
    records = records_of(tools.events, orders, members)
    typical = _typical(tools.programs, records[0].timestamp)
    state = tools.states.encode_member(typical)
    before = psutil.Process().memory_info().rss
    for number in range(1, members + 1):
        # Each has bytes of its own, as when they come from Kafka.
        one = bytes(bytearray(state))
        holdings.members.restore([(f"member-{number}", one)])
    grown = psutil.Process().memory_info().rss - before
    gc.freeze()
    quickest = float("inf")
    for start in range(0, len(records) - BATCH + 1, BATCH):
        begun = time.process_time()
        outcome = Outcome(BATCH)
        for record in records[start : start + BATCH]:
            judge.judge(ORDERS.name, record, holdings, outcome=outcome)
        outcome.tell(tools.telling, holdings.members.apply)
        quickest = min(quickest, (time.process_time() - begun) / BATCH * 1e6)
    mib = grown / members * 1_000_000 / BYTES_IN_MIB
    sys.stdout.write(f"{quickest:.2f} {len(state)} {mib:.0f}\n")


def _typical(programs: Programs, before_ms: int) -> Member:
    """A member of four orders, all of them before a time."""
    member = NEW_MEMBER
    gap_ms = 86_400_000
    start_ms = before_ms - ORDERS_EACH * gap_ms
    for order in simple_orders(ORDERS_EACH, 1, 2, start_ms=start_ms, gap_ms=gap_ms):
        decided = decide(member, order, programs, member_id=order.member_id)
        assert isinstance(decided, Decision), "orders of the benchmark are sound"
        member = decided.member
    return member


if __name__ == "__main__":
    main(sys.argv[1:])
