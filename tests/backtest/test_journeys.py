"""A backtest tries journeys: time passes by ticks, steps and messages are counted."""

from loyalty.backtest.fold import Bench, plan_of
from loyalty.decide import decide
from tests.builders import DAY, NOON, an_order
from tests.journeys.test_examples import program_of, the_examples


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
