"""How caps apply to one campaign: held, counted only, exempt, and a cap of its own."""

from datetime import UTC, datetime

import pytest

from loyalty.limits import SENT_MAX
from loyalty.program import ProgramHistory
from tests.rules.town import Town, a_document, at, built

PROGRAM = """
time_zone: UTC
templates:
  - {id: hello, texts: {push: {body: Hello}, inbox: {body: Hello}}}
  - {id: ready, purpose: service, texts: {push: {body: Ready}}}
"""
ONE_A_DAY = "frequency: [{times: 1, period: day}]"
NO_CAP = "holdout_percent: 0"
MARKETING_ONLY = "frequency: [{times: 1, period: day, purposes: [marketing]}]"
QUIET = f'{ONE_A_DAY}, quiet_hours: {{from: "21:00", to: "9:00"}}'
COUNTED = "frequency: counted"
EXEMPT = "frequency: exempt"
OWN_ONE = "own_frequency: {times: 1, period: day}"
OWN_WEEK = "own_frequency: {times: 1, kind: rolling, days: 7}"


def a_trigger(name: str, more: str = "", *, channels: str = "push") -> str:
    """A trigger on acts of its own name, whose message says more."""
    said = f", {more}" if more else ""
    message = f"template: hello, channels: [{channels}], expires_hours: 300{said}"
    return f"  - {{id: {name}, kind: activity, activity: {name}, message: {{{message}}}}}\n"


def a_town(engagement: str, *triggers: str) -> Town:
    """A town under a policy."""
    policy = f"engagement: {{consent_assumed: [push, inbox], {engagement}}}\n"
    return Town(built(PROGRAM + policy + "triggers:\n" + "".join(triggers)))


def sent(town: Town) -> list[str]:
    """Which campaign sent, and when."""
    return [
        f"{one.campaign_id} {datetime.fromtimestamp(one.created_at / 1_000, UTC):%dT%H:%M}"
        for one in town.messages
    ]


def lived(town: Town, *happens: str) -> list[str]:
    """What is sent when acts happen on the fourth: "a 10:00" is the act a at ten."""
    for one in happens:
        name, _, clock = one.partition(" ")
        when = clock if "T" in clock else f"04T{clock}"
        town.live_until(f"2026-03-{when}")
        town.act(name, f"2026-03-{when}")
    town.live_until("2026-04-01")
    return sent(town)


@pytest.mark.parametrize(
    ("case", "policy", "more", "happens", "goes"),
    [
        ("held waits, and counts", ONE_A_DAY, "", ("b 10:00", "a 11:00"), ["b 04T10:00", "a 05T00:00"]),
        ("held is the word for it", ONE_A_DAY, "frequency: held", ("b 10:00", "a 11:00"), ["b 04T10:00", "a 05T00:00"]),
        ("counted is never held", ONE_A_DAY, COUNTED, ("b 10:00", "a 11:00", "a 12:00"), ["b 04T10:00", "a 04T11:00", "a 04T12:00"]),
        ("counted holds others", ONE_A_DAY, COUNTED, ("a 10:00", "b 11:00"), ["a 04T10:00", "b 05T00:00"]),
        ("counted fills a cap up to another day", ONE_A_DAY, COUNTED, ("a 10:00", "a 11:00", "b 12:00", "a 05T00:00"), ["a 04T10:00", "a 04T11:00", "b 05T00:00", "a 05T00:00"]),
        ("exempt is never held", ONE_A_DAY, EXEMPT, ("b 10:00", "a 11:00"), ["b 04T10:00", "a 04T11:00"]),
        ("exempt holds nobody", ONE_A_DAY, EXEMPT, ("a 10:00", "b 11:00", "b 12:00"), ["a 04T10:00", "b 04T11:00", "b 05T00:00"]),
        ("counted at night waits for the morning", QUIET, COUNTED, ("a 23:00",), ["a 05T09:00"]),
        ("exempt at night waits for the morning", QUIET, EXEMPT, ("a 23:00",), ["a 05T09:00"]),
        ("own cap holds where no other does", NO_CAP, OWN_ONE, ("a 10:00", "a 11:00"), ["a 04T10:00", "a 05T00:00"]),
        ("own cap holds nobody else", NO_CAP, OWN_ONE, ("a 10:00", "b 11:00"), ["a 04T10:00", "b 04T11:00"]),
        ("own cap counts nobody else", NO_CAP, OWN_ONE, ("b 10:00", "a 11:00"), ["b 04T10:00", "a 04T11:00"]),
        ("own cap is as tight as it says", ONE_A_DAY, OWN_WEEK, ("a 10:00", "a 11:00", "b 05T12:00"), ["a 04T10:00", "b 05T12:00", "a 11T10:00"]),
        ("own cap and a common one hold together", ONE_A_DAY, OWN_ONE, ("a 10:00", "b 11:00", "a 12:00"), ["a 04T10:00", "a 05T00:00", "b 06T00:00"]),
        ("exempt with a cap of its own", ONE_A_DAY, f"{EXEMPT}, {OWN_ONE}", ("b 10:00", "a 11:00", "a 12:00", "b 05T13:00"), ["b 04T10:00", "a 04T11:00", "a 05T00:00", "b 05T13:00"]),
        ("counted with a cap of its own", ONE_A_DAY, f"{COUNTED}, {OWN_ONE}", ("b 10:00", "a 11:00", "a 12:00", "b 05T13:00"), ["b 04T10:00", "a 04T11:00", "a 05T00:00", "b 06T00:00"]),
        ("a cap of another purpose does not count it", MARKETING_ONLY, f"template: ready, {COUNTED}", ("a 10:00", "b 11:00"), ["a 04T10:00", "b 04T11:00"]),
    ],
)  # fmt: skip
def test_how_caps_apply_is_said_by_the_message(
    case: str, policy: str, more: str, happens: tuple[str, ...], goes: list[str]
) -> None:
    first = a_trigger("a", more)
    if "template" in more:
        first = first.replace("template: hello, ", "")
    town = a_town(policy, first, a_trigger("b"))

    assert lived(town, *happens) == goes, case


def test_a_cap_of_its_own_counts_each_channel_for_itself() -> None:
    town = a_town(NO_CAP, a_trigger("a", OWN_ONE, channels="push, inbox"))

    assert lived(town, "a 10:00", "a 11:00") == ["a 04T10:00"] * 2 + ["a 05T00:00"] * 2
    assert sorted(one.channel for one in town.messages) == ["inbox", "inbox", "push", "push"]  # fmt: skip


def test_a_cap_that_held_is_told() -> None:
    town = a_town(NO_CAP, a_trigger("a", OWN_ONE))
    lived(town, "a 10:00", "a 11:00")

    assert town.told == ["a", "a", "held:a"]
    assert town.reasons[2].startswith("capped: push")


def test_who_has_a_cap_of_its_own_keeps_nobody_else_waiting() -> None:
    """However much of it is remembered, and the other way round."""
    town = a_town(
        "frequency: [{times: 32, kind: rolling, days: 7}]",
        *(a_trigger(f"a{n}", f"{EXEMPT}, {OWN_ONE}") for n in range(8)),
        a_trigger("b"),
    )
    for day in range(1, 11):
        for number in range(8):
            town.act(f"a{number}", f"2026-03-{day:02}T10:0{number}")
    town.act("b", "2026-03-11T10:00")
    engagement = town.member().engagement
    assert engagement is not None

    assert sent(town)[-1] == "b 11T10:00"
    own = [one for one in engagement.sent if one.sender]
    # At the limit the own caps hold, as if they were full.
    assert (len(own), len(engagement.sent)) == (SENT_MAX, SENT_MAX + 1)
    assert len(town.messages) == SENT_MAX + 1
    assert {one.trigger_id for one in engagement.waiting} <= {f"a{n}" for n in range(8)}


@pytest.mark.parametrize(
    ("case", "more", "pointer"),
    [
        ("no such choice", "frequency: never", "frequency"),
        ("urgent passes them in any case", "urgent: true, frequency: held", "frequency"),
        ("urgent has none of its own", f"urgent: true, {OWN_ONE}", "own_frequency"),
        ("a cap of nothing", "own_frequency: {times: 0}", "own_frequency/times"),
        ("days of a calendar", "own_frequency: {times: 1, days: 3}", "own_frequency/days"),
        ("a period that rolls", "own_frequency: {times: 1, kind: rolling, period: day}", "own_frequency/period"),
        ("channels are the message's", "own_frequency: {times: 1, channels: [push]}", "own_frequency/channels"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(case: str, more: str, pointer: str) -> None:
    trigger = a_trigger("a", more).replace("template: hello", "template: ready")

    with pytest.raises(ValueError, match=f"/triggers/0/message/{pointer}: "):
        a_town(ONE_A_DAY, trigger)


JOURNEY = """
journeys:
  - id: j
    entry: {event: activity, activity: go}
    reentry: always
    steps: [{id: hi, kind: message, template: hello, channels: [push], expires_hours: 300%s}]
"""


@pytest.mark.parametrize(
    ("case", "more", "goes"),
    [
        ("held", "", ["b 04T10:00", "journey:j 05T00:00", "journey:j 06T00:00"]),
        ("counted", f", {COUNTED}", ["b 04T10:00", "journey:j 04T11:00", "journey:j 04T12:00"]),
        ("exempt, and its own", f", {EXEMPT}, {OWN_WEEK}", ["b 04T10:00", "journey:j 04T11:00", "journey:j 11T11:00"]),
    ],
)  # fmt: skip
def test_a_journeys_step_says_it_too(case: str, more: str, goes: list[str]) -> None:
    policy = f"engagement: {{consent_assumed: [push], {ONE_A_DAY}}}\n"
    text = f"{PROGRAM}{policy}triggers:\n{a_trigger('b')}{JOURNEY % more}"

    assert lived(Town(built(text)), "b 10:00", "go 11:00", "go 12:00") == goes, case


def test_a_message_that_waits_is_capped_as_the_journey_was_that_sent_it() -> None:
    """The step may be gone meanwhile: what it has sent is not held for that."""
    policy = f"engagement: {{consent_assumed: [push], {QUIET}}}\n"
    text = f"{PROGRAM}{policy}triggers:\n{a_trigger('b')}"
    first = built(f"{text}{JOURNEY % f', {COUNTED}'}")
    gone = JOURNEY.replace("id: hi", "id: other") % ""
    document = a_document(f"{text}{gone}", version=2, effective_from="2026-03-05")
    town = Town(first)
    town.program = ProgramHistory([first, built("", **document)])  # type: ignore[assignment]
    town.act("b", "2026-03-04T20:00")
    town.act("go", "2026-03-04T23:00")
    town.act("b", "2026-03-05T08:00")
    town.live_until("2026-04-01")

    assert at("2026-03-05T09:00") in [one.created_at for one in town.messages]
    assert sorted(sent(town)) == ["b 04T20:00", "b 05T09:00", "journey:j 05T09:00"]
