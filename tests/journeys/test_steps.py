"""Each kind of step, table by table."""

import pytest

from loyalty.messages import MessageValue
from tests.journeys.walk import Walk, a_journey
from tests.rules.town import at


def walk(steps: str, **fields) -> Walk:
    return Walk(a_journey(steps, **fields))


def test_first() -> None:
    town = walk("steps: [{id: hi, kind: message, template: hello}, {id: w, kind: wait, days: 1}, {id: five, kind: give, points: 5}]")
    town.act("go", "2026-03-01T12:00")
    assert town.steps == ["entered", "hi", "w"]
    assert [m.channel for m in town.messages] == ["inbox", "push"]
    town.until("2026-03-02T11:59")
    assert town.balance() == 0
    town.until("2026-03-02T12:00")
    assert town.balance() == 5
    assert town.steps == ["entered", "hi", "w", "five", "finished"]
    town.check_books()
    print(town.messages, town.entries, town.member())
