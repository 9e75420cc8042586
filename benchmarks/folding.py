"""
What folding a backtest takes of the processor: one process, inputs in memory.

`python -m benchmarks.folding [percent of households] [rounds]`. Both ways of folding
take turns, so their ratio stands where the machine is crowded. With a candidate's and
a way's name it folds by that alone, for a counter of instructions:
`valgrind --tool=callgrind python -m benchmarks.folding 1 1 full-basket quick`.
"""

import gc
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any, Final

from benchmarks.backtest import END_MS
from jobs.backtesting.retail_source import RetailSource
from local.stack import PROJECT
from loyalty.backtest.findings import Collector, Findings
from loyalty.backtest.fold import Bench, Plan, Side, Walk, first_from, plan_of
from loyalty.backtest.measures import Meter
from loyalty.decide import decide
from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.events import MemberEvent
from loyalty.member import Member
from loyalty.program import Programs
from loyalty.program_document import program_from
from loyalty.trail import Trail
from native.loading import is_on
from stores.programs import EDGE_CALENDARS, load_document

History = Mapping[str, Sequence[MemberEvent]]
Way = Callable[[Plan, History], Findings]
WALLET: Final = "points"


def quick(plan: Plan, history: History) -> Findings:
    """Fold as backtests do."""
    bench, collector = Bench(decide, plan), Collector(WALLET)
    for member_id, events in history.items():
        ends = bench.fold(member_id, events)
        if ends is not None:
            collector.add(member_id, *ends)
    return collector.findings(bench.current, bench.candidate)


def plain(plan: Plan, history: History) -> Findings:
    """Fold each side by itself, from one event to the next, by nothing but `decide`."""
    meters = Meter(plan.current.latest), Meter(plan.candidate.latest)
    collector = Collector(WALLET)
    before = Side(_decide_alone, plan.current, None)
    for member_id, events in history.items():
        start = first_from(events, plan.from_at)
        ends = []
        both = zip((plan.current, plan.candidate), meters, strict=True)
        for programs, meter in both:
            walk = Walk(member_id)
            if plan.from_at:
                before.fold(walk, events[:start])
                before.pass_time(walk, plan.from_at - 1)
            side = Side(_decide_alone, programs, meter)
            side.fold(walk, events[start:])
            side.pass_time(walk, plan.to_at)
            ends.append(meter.standing(member_id, walk.member))
        collector.add(member_id, ends[0], ends[1])
    return collector.findings(*meters)


def _decide_alone(
    member: Member,
    event: MemberEvent,
    programs: Programs,
    *,
    member_id: str,
    trail: Trail | None = None,
) -> Decision | Duplicate | Refusal:
    del trail
    return decide(member, event, programs, member_id=member_id)


WAYS: Final[dict[str, Way]] = {"plain": plain, "quick": quick}


def main(arguments: list[str]) -> None:
    """Print each candidate's figures, or fold one candidate one way."""
    defaults = ["3", "5", "", ""]
    percent, rounds, only, way = arguments + defaults[len(arguments) :]
    history = _history(int(percent))
    gc.collect()
    gc.freeze()
    gc.disable()
    plans = _plans()
    if only:
        for _ in range(int(rounds)):
            WAYS[way](plans[only], history)
        return
    orders = sum(map(len, history.values()))
    print(f"compiled: {is_on()}; {orders} orders; µs CPU each: plain, quick, ratio")
    for name, plan in plans.items():
        spent = [_seconds(plan, history) for _ in range(int(rounds))]
        least = [min(one) / orders * 1e6 for one in zip(*spent, strict=True)]
        ratio = median(slow / fast for slow, fast in spent)
        print(f"{name:24} {least[0]:8.1f} {least[1]:8.1f} {ratio:6.2f}")


def _seconds(plan: Plan, history: History) -> tuple[float, float]:
    """Processor time of both ways, one after the other, with the same findings."""
    spent, found = [], set()
    for way in (plain, quick):
        started = time.process_time()
        found.add(way(plan, history).hash)
        spent.append(time.process_time() - started)
    assert len(found) == 1, "what makes it quick changes nothing"
    return spent[0], spent[1]


def _history(percent: int) -> History:
    source = RetailSource()
    return {
        member_id: [event for _, event in arrived]
        for shard in source.shards()
        for member_id, arrived in source.read(shard, percent)
    }


def _plans() -> dict[str, Plan]:
    """The demo program beside candidates that differ in much, in little, in nothing."""
    demo = load_document(PROJECT / "programs" / "demo.yaml")
    one_category = {
        "id": "flowers",
        "kind": "visit",
        "points": 20,
        "match": {"categories": ["CUT FLOWERS"]},
    }
    candidates: dict[str, dict[str, Any]] = {
        "nothing alike": demo | {"return_window_days": 61},
        "full-basket": demo
        | {
            "earn": [
                rule | {"points": 20} if rule["id"] == "full-basket" else rule
                for rule in demo["earn"]
            ]
        },
        "one-category": demo | {"earn": [*demo["earn"], one_category]},
        "same": demo,
    }
    current = program_from(demo, EDGE_CALENDARS)
    return {
        name: plan_of(
            current,
            program_from(document | {"version": 2}, EDGE_CALENDARS),
            to_at=END_MS,
        )
        for name, document in candidates.items()
    }


if __name__ == "__main__":
    main(sys.argv[1:])
