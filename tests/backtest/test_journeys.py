"""A backtest tries journeys: time passes by ticks, steps and messages are counted."""

from loyalty.backtest.fold import Bench, plan_of
from loyalty.decide import decide
from loyalty.events import Command
from tests.builders import DAY, NOON, an_order
from tests.journeys.test_examples import all_examples, program_of, the_examples


def test_what_a_journey_would_have_done_is_counted_by_step() -> None:
    order = an_order(subtotal_minor=20_00, occurred_at=NOON)
    plan = plan_of(program_of(), the_examples(), to_at=NOON + 60 * DAY)
    bench = Bench(decide, plan)
    assert bench.fold("member-1", [order]) is not None

    before, after = bench.current.cells, bench.candidate.cells
    steps = {key[1]: n for key, n in after.items() if key[0] == "journey"}
    assert not [key for key in before if key[0] in ("journey", "message")]
    assert not [key for key in after if key[0] == "trigger"]
    assert steps["welcome#entered"] == steps["welcome/hello"] == 1
    assert steps["welcome#finished"] == 1
    assert steps["win-back/points"] == 1
    assert after["message", "journey:win-back", "", "sent"] == 2
    assert after["message", "journey:review", "", "sent"] == 2
    assert after["rule", "win-back", "points", "earned"] in (10, 50)


def test_who_would_have_come_in_by_a_segment_is_counted() -> None:
    def profile(name: str, segments: str, at: int) -> Command:
        said = {"segments": segments}
        return Command(name, "member-1", "member.update", at, "desk", said)

    plan = plan_of(program_of(), all_examples(), to_at=NOON + 60 * DAY)
    bench = Bench(decide, plan)
    history = [
        profile("a", "vip", NOON),
        an_order(subtotal_minor=20_00, occurred_at=NOON + DAY),
        profile("b", "office", NOON + 2 * DAY),
    ]
    assert bench.fold("member-1", history) is not None

    before, after = bench.current.cells, bench.candidate.cells
    steps = {key[1]: n for key, n in after.items() if key[0] == "journey"}
    assert not [key for key in before if key[0] == "journey"]
    assert steps["table#entered"] == steps["table/greet"] == steps["table/thanks"] == 1
    assert after["rule", "table", "points", "earned"] == 40
    assert after["message", "journey:table", "", "sent"] == 1
