"""Segments let members into journeys, lead them on, and lead them out."""

from typing import Any

import pytest

from loyalty.limits import DAY_MS
from tests.journeys.walk import Walk, steps, walked
from tests.rules.town import at

DAY = "2026-03-02"
NEXT = "2026-03-03"
WAIT = steps("id: w, kind: wait, days: 5", "id: five, kind: give, points: 5")
VIP = "entry: {event: segment, joins: [vip, gold]}\n"
GONE = "entry: {event: segment, leaves: [vip]}\n"
EITHER = "entry: {event: segment, joins: [vip], leaves: [staff]}\n"
HIGH = "entry: {event: segment, joins: [vip], when: {tiers: [high]}}\n"
OFFICE = "entry: {event: segment, joins: [vip], when: {segments: [office]}}\n"


def profile(town: Walk, segments: str, when: str = DAY, **more: Any) -> None:
    """Tell of which segments the member is now."""
    town.say("member.update", when, segments=segments, **more)


@pytest.mark.parametrize(
    ("case", "entry", "before", "after", "enters"),
    [
        ("joins it", VIP, "", "vip", True),
        ("joins another of those named", VIP, "office", "gold,office", True),
        ("was in it before", VIP, "vip", "office,vip", False),
        ("joins one that nobody asks for", VIP, "", "office", False),
        ("leaves it", VIP, "vip", "", False),
        ("from one of those named to another", VIP, "vip", "gold", True),
        ("is out of it now", GONE, "office,vip", "office", True),
        ("was never in it", GONE, "office", "", False),
        ("joins what is to be left", GONE, "", "vip", False),
        ("either: joins", EITHER, "", "vip", True),
        ("either: leaves", EITHER, "staff", "", True),
        ("either: both", EITHER, "staff", "vip", True),
        ("either: neither", EITHER, "vip", "vip,staff", False),
        ("of another tier", HIGH, "", "vip", False),
        ("of both segments", OFFICE, "", "office,vip", True),
        ("not of the other segment", OFFICE, "", "vip", False),
        ("the same again", VIP, "vip", "vip", False),
    ],
)  # fmt: skip
def test_a_change_of_segments_lets_in(
    case: str, entry: str, before: str, after: str, enters: bool
) -> None:
    journey = entry + WAIT
    town = walked(journey)
    town.program = walked(steps("id: a, kind: exit")).program
    profile(town, before)
    town.program = walked(journey).program
    profile(town, after, NEXT)

    assert (town.run is not None) == enters, case
    assert town.steps == (["entered", "w"] if enters else [])


def test_an_enrolment_joins_the_segments_that_it_names() -> None:
    town = walked(VIP + WAIT)
    town.say("member.update", DAY, segments="vip")

    assert town.steps == ["entered", "w"]
    assert town.reasons[0] == "segment joined vip"


def test_a_profile_that_is_refused_joins_nothing() -> None:
    town = walked(VIP + WAIT)
    town.say("member.update", DAY, segments="vip", referred_by="member-1")

    assert town.member().profile.segments == ()
    assert town.steps == []


def test_whoever_is_forgotten_leaves_nothing() -> None:
    town = walked(GONE + WAIT)
    profile(town, "vip")
    town.say("member.erase", NEXT)

    assert town.member().profile.segments == ()
    assert town.steps == []


@pytest.mark.parametrize(
    ("case", "reentry", "entered"),
    [
        ("once in a life", "never", ["02"]),
        ("each time", "always", ["02", "12", "22"]),
        ("after so many days", "after_days\nreentry_days: 14", ["02", "22"]),
    ],
)
def test_who_joins_again_comes_in_again_as_re_entry_says(
    case: str, reentry: str, entered: list[str]
) -> None:
    town = walked(f"reentry: {reentry}\n{VIP}{WAIT}")
    came = []
    for day in ("02", "12", "22"):
        town.until(f"2026-03-{day}")
        before = len(town.told)
        profile(town, "vip", f"2026-03-{day}")
        came += [day] if "journey:j#entered" in town.told[before:] else []
        # Out of it and in again on the way: that lets nobody in.
        profile(town, "", f"2026-03-{day}T01:00")
        profile(town, "vip", f"2026-03-{day}T02:00")
        profile(town, "", f"2026-03-{day}T03:00")

    assert came == entered, case
    town.until("2026-04-01")
    assert town.balance() == 5 * len(entered)


def test_whoever_leaves_the_segment_is_led_out() -> None:
    town = walked(f"exits: [{{event: segment, leaves: [vip]}}]\n{VIP}{WAIT}")
    profile(town, "vip")
    profile(town, "office,vip", "2026-03-04")
    assert town.run is not None
    profile(town, "office", "2026-03-05")

    assert town.run is None
    assert town.steps == ["entered", "w", "exited"]
    assert town.reasons[-1] == "segment left vip came"
    town.until("2026-04-01")
    assert town.balance() == 0


def test_one_command_does_not_let_in_and_lead_out() -> None:
    town = walked(f"exits: [{{event: segment, leaves: [staff]}}]\n{VIP}{WAIT}")
    profile(town, "staff")
    profile(town, "vip", NEXT)
    assert town.run is not None

    profile(town, "staff,vip", "2026-03-04")
    profile(town, "vip", "2026-03-05")
    assert town.run is None


@pytest.mark.parametrize(
    ("case", "segments", "goes_to"),
    [
        ("joins what is waited for", "vip", "in"),
        ("leaves what is waited for", "", "out"),
        ("neither", "staff,office", None),
        ("both, the first listed", "vip,office", "in"),
    ],
)
def test_a_segment_is_waited_for(case: str, segments: str, goes_to: str | None) -> None:
    town = walked(
        steps(
            "id: w, kind: wait_for, days: 7, else: end, for: ["
            "{event: segment, joins: [vip], next: in}, "
            "{event: segment, leaves: [staff], next: out}]",
            "id: in, kind: exit",
            "id: out, kind: exit",
        )
    )
    profile(town, "staff", "2026-03-01")
    town.act("go", DAY)
    profile(town, segments, NEXT)

    assert town.steps[2:3] == ([goes_to] if goes_to else []), case


def test_a_list_that_arrives_late_lets_in_when_it_arrives() -> None:
    """The member is of the segment from then on, whenever somebody wrote the list."""
    town = walked(VIP + WAIT)
    town.order(10_00, "2026-03-20")
    profile(town, "vip")

    run = town.run
    assert run is not None
    assert run.entered_at == at("2026-03-20")
    assert town.member().next_due_at == at("2026-03-20") + 5 * DAY_MS
