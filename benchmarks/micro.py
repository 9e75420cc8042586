"""Microseconds of CPU that each part of an order's way takes, with no broker."""

import gc
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobs.traffic import simple_orders
from loyalty.program import ProgramHistory
from schemas.events import EventCodec
from schemas.state import Checkpoint, StateCodec
from schemas.topics import ORDERS
from schemas.updates import UpdateCodec
from stores.programs import load_program
from streams.accounts import Accounts, Holdings
from streams.judge import Judge
from streams.members import Members
from streams.outcome import Outcome, Writes
from streams.tools import Tools
from streams.worker import tune_collector

MEMBERS = 50_000
BATCH = 2_000


@dataclass(slots=True)
class _Record:
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None


def main(arguments: list[str]) -> None:
    """Orders and program file; prints a line for each part."""
    count = int(arguments[0]) if arguments else 100_000
    program = arguments[1] if len(arguments) > 1 else "programs/points-only.yaml"
    tune_collector()
    codec = EventCodec()
    records = [
        _Record(
            n, order.occurred_at, order.member_id.encode(), codec.encode_order(order)
        )
        for n, order in enumerate(simple_orders(count, MEMBERS, 1))
    ]
    gc.freeze()
    programs = ProgramHistory([load_program(Path(program))])
    decode = _timed(
        lambda: [codec.decode_order(r.key, r.value, r.timestamp) for r in records]
    )
    print(f"decode and check {decode / count * 1e6:6.1f} us")
    states, updates = StateCodec(), UpdateCodec()
    members = Members(states, MEMBERS)
    holdings = Holdings(members, Accounts())
    judge = Judge(0, _tools(programs, events=codec, states=states, updates=updates))
    spent = {"judge": 0.0, "encode": 0.0, "apply": 0.0}
    out = {"states": 0, "state_bytes": 0, "update_bytes": 0}
    checkpoint = Checkpoint({})
    for start in range(0, count, BATCH):
        outcome = Outcome(BATCH)
        batch = records[start : start + BATCH]
        t = time.process_time()
        for record in batch:
            judge.judge(ORDERS.name, record, holdings, outcome=outcome)
        spent["judge"] += time.process_time() - t
        t = time.process_time()
        writes = Writes(
            outcome, checkpoint, codecs=(states, updates), programs=programs
        )
        spent["encode"] += time.process_time() - t
        t = time.process_time()
        members.apply(writes.members)
        spent["apply"] += time.process_time() - t
        out["states"] += len(writes.members)
        out["state_bytes"] += sum(len(m[2]) for m in writes.members)
        out["update_bytes"] += sum(len(m[1]) for m in writes.updates)
    for name, seconds in spent.items():
        print(f"{name:16} {seconds / count * 1e6:6.1f} us")
    n = out["states"]
    print(f"members per order {n / count:.2f}")
    print(f"state  {out['state_bytes'] / n:6.0f} bytes")
    print(f"update {out['update_bytes'] / n:6.0f} bytes")


def _tools(
    programs: ProgramHistory,
    *,
    events: EventCodec,
    states: StateCodec,
    updates: UpdateCodec,
) -> Tools:
    """What a judge needs; nothing here reads or writes a broker."""
    unused: Any = None
    return Tools(
        programs,
        events,
        states,
        updates,
        unused,
        unused,
        unused,
        unused,
        BATCH,
        MEMBERS,
    )


def _timed(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


if __name__ == "__main__":
    main(sys.argv[1:])
