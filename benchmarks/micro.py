"""Microseconds of CPU that each part of an order's way takes, with no broker."""

import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

from jobs.traffic import simple_orders
from loyalty.program import ProgramHistory
from native.loading import is_on
from runtime.collector import tune_collector
from schemas.events import EventCodec
from schemas.state import StateCodec
from schemas.topics import ORDERS
from schemas.updates import UpdateCodec
from stores.programs import load_program
from streams.accounts import Accounts, Holdings
from streams.batches import SourceRecord
from streams.judge import Judge
from streams.members import Members
from streams.outcome import TOLD_TOGETHER, Outcome
from streams.tools import Tools
from streams.worker import COLLECT_EVERY

MEMBERS = 50_000
# What is written together is measured together.
BATCH = TOLD_TOGETHER


class Laps:
    """CPU time of each batch, by part."""

    def __init__(self) -> None:
        """Start with none."""
        self._laps: dict[str, list[float]] = {}

    @contextmanager
    def lap(self, part: str) -> Iterator[None]:
        """Time a part of a batch."""
        started = time.process_time()
        yield
        spent = (time.process_time() - started) / BATCH * 1e6
        self._laps.setdefault(part, []).append(spent)

    def lines(self) -> Iterator[str]:
        """Quickest batch, lower quartile and median: a busy machine only adds."""
        for part, laps in self._laps.items():
            quarter, half, _ = quantiles(laps, n=4)
            yield f"{part:20} {min(laps):6.1f} {quarter:6.1f} {half:6.1f}"


def records_of(events: EventCodec, orders: int, members: int) -> list[SourceRecord]:
    """Orders as they come out of Kafka, of so many members."""
    return [
        SourceRecord(
            n,
            order.occurred_at,
            order.member_id.encode(),
            events.encode_order(order),
        )
        for n, order in enumerate(simple_orders(orders, members, 1))
    ]


def an_engine(program: str, cache_max: int) -> tuple[Tools, Holdings, Judge]:
    """What decides in the engine, by a program file, with nobody known."""
    unused: Any = None
    states = StateCodec()
    tools = Tools(
        ProgramHistory([load_program(Path(program))]),
        EventCodec(),
        states,
        UpdateCodec(),
        reader=unused,
        executor=unused,
        committer=unused,
        new_producer=unused,
        edges=unused,
        records_max=BATCH,
        cache_max=cache_max,
    )
    return tools, Holdings(Members(states, cache_max), Accounts()), Judge(0, tools)


def main(arguments: list[str]) -> None:
    """Measure so many orders with a program file: orders, file."""
    defaults = ["60000", "programs/points-only.yaml"]
    count, program = arguments + defaults[len(arguments) :]
    tune_collector(COLLECT_EVERY)
    laps = Laps()
    tools, holdings, judge = an_engine(program, MEMBERS)
    events = tools.events
    records = records_of(events, int(count), MEMBERS)
    gc.freeze()
    for start in range(0, len(records), BATCH):
        batch = records[start : start + BATCH]
        outcome = Outcome(BATCH)
        with laps.lap("decode and check"):
            for record in batch:
                events.decode_order(record.key, record.value, record.timestamp)
        with laps.lap("the same, and decide"):
            for record in batch:
                judge.judge(ORDERS.name, record, holdings, outcome=outcome)
        with laps.lap("encode and apply"):
            outcome.tell(tools.telling, holdings.members.apply)
    print(f"compiled: {is_on()}; µs an order: quickest batch, quartile, median")
    print("\n".join(laps.lines()))


if __name__ == "__main__":
    main(sys.argv[1:])
