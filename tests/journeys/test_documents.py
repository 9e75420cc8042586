"""What is wrong with a journey is refused, with a pointer to each fault."""

from typing import Any

import pytest
import yaml

from loyalty.document import InvalidProgram
from loyalty.journeys.steps import targets
from loyalty.limits import JOURNEY_STEPS_MAX, JOURNEYS_MAX
from tests.journeys.walk import a_journey, document_of, steps
from tests.rules.town import built

HI = "id: hi, kind: message, template: hello"
STEPS = steps(HI)


def faults_of(text: str, **fields: Any) -> dict[str, str]:
    """Faults of a journey by the pointer below it."""
    with pytest.raises(InvalidProgram) as refused:
        a_journey(text, **fields)
    return {
        fault.pointer.removeprefix("/journeys/0"): fault.message
        for fault in refused.value.faults
    }


@pytest.mark.parametrize(
    ("case", "text", "pointer", "message"),
    [
        ("no step", "name: x", "/steps", "at least one step"),
        ("an unknown kind", steps("id: a, kind: dance"), "/steps/0/kind", "one of"),
        ("no kind", steps("id: a"), "/steps/0/kind", "one of"),
        ("the same id twice", steps(HI, HI), "/steps/1/id", "used twice"),
        ("a step called end", steps("id: end, kind: exit"), "/steps/0/id", "no step"),
        ("an unknown target", steps(f"{HI}, next: there"), "/steps/0", "leads to 'there'"),
        ("a step that nothing leads to", steps(f"{HI}, next: end", "id: b, kind: exit"), "/steps/1", "nothing leads"),
        ("a circle without a wait", steps(f"{HI}, next: b", "id: b, kind: give, points: 1, next: hi"), "/steps/0", "without a wait"),
        ("itself without a wait", steps(f"{HI}, next: hi"), "/steps/0", "without a wait"),
        ("an unknown template", steps("id: a, kind: message, template: x"), "/steps/0/template", "no template"),
        ("a channel without a text", steps(f"{HI}, channels: [sms]"), "/steps/0/channels", "no text"),
        ("an unknown channel", steps(f"{HI}, channels: [smoke]"), "/steps/0/channels/0", "one of"),
        ("an unknown wallet", steps("id: a, kind: give, points: 1, wallet: x"), "/steps/0/wallet", "no wallet"),
        ("no points", steps("id: a, kind: give"), "/steps/0/points", "whole number"),
        ("an hour without a habit", steps(f"{HI}, habit_else: '12:00'"), "/steps/0/habit_else", "goes with"),
        ("points and an offer", steps("id: a, kind: give, points: 1, offer: cake"), "/steps/0/points", "not both"),
        ("an unknown offer", steps("id: a, kind: give, offer: boat"), "/steps/0/offer", "no personal offer"),
        ("a wait for no time", steps("id: a, kind: wait"), "/steps/0", "no time"),
        ("hours and a time of day", steps("id: a, kind: wait, hours: 1, at: '09:00'"), "/steps/0/at", "exact"),
        ("no time of day", steps("id: a, kind: wait, at: '25:00'"), "/steps/0/at", "no time of day"),
        ("midnight is 00:00", steps("id: a, kind: wait, at: '24:00'"), "/steps/0/at", "no time of day"),
        ("waits for nothing", steps("id: a, kind: wait_for, days: 1"), "/steps/0/for", "nothing"),
        ("waits without an end", steps("id: a, kind: wait_for, for: [{event: order, next: end}]"), "/steps/0", "no time"),
        ("a way without a target", steps("id: a, kind: wait_for, days: 1, for: [{event: order}]"), "/steps/0/for/0/next", "1 to 128"),
        ("waits for an unknown tier", steps("id: a, kind: wait_for, days: 1, for: [{event: tier, to: [x], next: end}]"), "/steps/0/for/0/to", "no tier"),
        ("waits for a trigger", steps("id: a, kind: wait_for, days: 1, for: [{event: trigger, next: end}]"), "/steps/0/for/0/event", "one of"),
        ("no branch", steps("id: a, kind: branch"), "/steps/0/branches", "at least one"),
        ("a test for nothing", steps("id: a, kind: branch, branches: [{if: {}, next: end}]"), "/steps/0/branches/0/if", "asks for nothing"),
        ("a test for an unknown tier", steps("id: a, kind: branch, branches: [{if: {tiers: [x]}, next: end}]"), "/steps/0/branches/0/if/tiers", "no tier"),
        ("a test for an unknown zone", steps("id: a, kind: branch, branches: [{if: {time_zones: [x]}, next: end}]"), "/steps/0/branches/0/if/time_zones", "zone"),
        ("bounds that cross", steps("id: a, kind: branch, branches: [{if: {orders_min: 2, orders_max: 1}, next: end}]"), "/steps/0/branches/0/if/orders_max", "never"),
        ("shares of 99", steps("id: a, kind: split, shares: [{percent: 99, next: end}]"), "/steps/0/shares", "99 of 100"),
        ("an unknown property", steps(f"{HI}, colour: red"), "/steps/0/colour", "no such property"),
        ("no entry", f"entry: {{}}\n{STEPS}", "/entry/event", "one of"),
        ("an entry by a return", f"entry: {{event: return}}\n{STEPS}", "/entry/event", "one of"),
        ("an act without a type", f"entry: {{event: activity}}\n{STEPS}", "/entry/activity", "1 to 128"),
        ("an act's type for an order", f"entry: {{event: order, activity: x}}\n{STEPS}", "/entry/activity", "does not belong"),
        ("money of an act", f"entry: {{event: activity, activity: x, minimum_minor: 5}}\n{STEPS}", "/entry/minimum_minor", "does not belong"),
        ("attributes of an order", f"entry: {{event: order, attributes: {{a: b}}}}\n{STEPS}", "/entry/attributes", "does not belong"),
        ("an unknown tier in its condition", f"entry: {{event: order, when: {{tiers: [x]}}}}\n{STEPS}", "/entry/when/tiers", "no tier"),
        ("an unknown trigger", f"entry: {{event: trigger, trigger: x}}\n{STEPS}", "/entry/trigger", "no trigger"),
        ("a journey is no trigger", f"entry: {{event: trigger, trigger: 'journey:j#exited'}}\n{STEPS}", "/entry/trigger", "no trigger"),
        ("a segment that is not named", f"entry: {{event: segment}}\n{STEPS}", "/entry/joins", "needs joins"),
        ("a segment of an order", f"entry: {{event: order, joins: [vip]}}\n{STEPS}", "/entry/joins", "does not belong"),
        ("a segment left by an act", f"exits: [{{event: activity, activity: x, leaves: [vip]}}]\n{STEPS}", "/exits/0/leaves", "does not belong"),
        ("a tier of a segment", f"entry: {{event: segment, joins: [vip], to: [high]}}\n{STEPS}", "/entry/to", "no such property"),
        ("too many segments", f"entry: {{event: segment, leaves: [{', '.join(f's{n}' for n in range(33))}]}}\n{STEPS}", "/entry/leaves", "more than 32"),
        ("no such choice of caps", steps(f"{HI}, frequency: often"), "/steps/0/frequency", "one of"),
        ("a cap of nothing", steps(f"{HI}, own_frequency: {{times: 0}}"), "/steps/0/own_frequency/times", "1 to 32"),
        ("days without after_days", f"reentry_days: 3\n{STEPS}", "/reentry_days", "belongs to"),
        ("after_days without days", f"reentry: after_days\n{STEPS}", "/reentry_days", "needs it"),
        ("an exit by a trigger", f"exits: [{{event: trigger}}]\n{STEPS}", "/exits/0/event", "one of"),
        ("an unknown policy", f"on_change: pray\n{STEPS}", "/on_change", "one of"),
        ("an id with a slash", f"id: a/b\n{STEPS}", "/id", "may not hold"),
    ],
)  # fmt: skip
def test_a_fault_has_its_pointer(
    case: str, text: str, pointer: str, message: str
) -> None:
    faults = faults_of(text)

    assert message in faults[pointer], case
    assert len(faults) <= 2


def test_a_journey_may_not_be_called_as_a_rule() -> None:
    """Both stand in the ledger as what gave points."""
    faults = faults_of("id: spend\n" + STEPS)

    assert faults == {"/id": "'spend' is used twice"}


def test_a_circle_with_a_wait_is_a_journey() -> None:
    program = a_journey(steps("id: w, kind: wait, days: 1", f"{HI}, next: w"))

    assert [targets(one) for one in program.journeys[0].steps] == [("hi",), ("w",)]


def test_so_many_steps_and_journeys_and_no_more() -> None:
    many = {"steps": [{"id": f"s{n}", "kind": "exit"} for n in range(65)]}
    assert f"at most {JOURNEY_STEPS_MAX}" in faults_of(yaml.safe_dump(many))["/steps"]

    journey = {"entry": {"event": "order"}, "steps": [{"id": "a", "kind": "exit"}]}
    journeys = [journey | {"id": f"j{n}"} for n in range(JOURNEYS_MAX + 1)]
    with pytest.raises(InvalidProgram, match=f"/journeys: .*at most {JOURNEYS_MAX}"):
        built("", **document_of(STEPS, journeys=journeys))
