"""The page about journeys: its examples are programs, and 60 days of them go by."""

import re
from pathlib import Path
from typing import Any

import yaml

from loyalty.events import OrderEvent
from loyalty.holdout import bucket_of
from loyalty.program import Program
from tests.builders import an_order
from tests.journeys.walk import Walk
from tests.rules.town import at, built

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "journeys.md").read_text()
BLOCKS = [part.split("```")[0] for part in PAGE.split("```yaml\n")[1:]]
SOURCES = sorted((ROOT / "loyalty" / "journeys").glob("*documents.py"))
READ = re.compile(
    r'\b(?:node|one|part|entry|way)\.(?:text|number|flag|choice|names|each|part|has|raw)\(\s*"(\w+)"'
)
BESIDE = """
program: bistro
time_zone: America/New_York
tiers: [{id: base, name: Base, from_points: 0}, {id: silver, name: Silver, from_points: 500}]
engagement: {consent_assumed: [inbox]}
earn: [{id: spend, kind: spend, points: 1}]
"""
NAMES = ("hello", "get-the-app", "miss-you", "points-for-you", "review", "review-again")
TEMPLATES = [{"id": name, "texts": {"inbox": {"body": name}}} for name in NAMES]


def program_of(*journeys: dict[str, Any]) -> Program:
    """Program with some journeys, and all else that they name."""
    return built(BESIDE, templates=TEMPLATES, journeys=list(journeys))


def the_examples() -> Program:
    """Program of the three worked examples that begin with an order."""
    return program_of(*(yaml.safe_load(block) for block in BLOCKS[1:4]))


def all_examples() -> Program:
    """Program of all worked examples, that of a segment too."""
    return program_of(*(yaml.safe_load(block) for block in BLOCKS[1:]))


def test_the_form_is_a_program() -> None:
    program = program_of(*yaml.safe_load(BLOCKS[0])["journeys"])

    kinds = {type(step).__name__ for step in program.journeys[0].steps}
    assert len(kinds) == 7


def test_every_property_that_is_read_is_on_the_page() -> None:
    names = {name for path in SOURCES for name in READ.findall(path.read_text())}

    assert len(names) > 30
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", PAGE)] == []


def test_sixty_days_of_a_guest_who_comes_back_once() -> None:
    """Each message once, at its hour, in the guest's city (New York)."""
    town = Walk(the_examples())
    town.order(20_00, "2026-03-02T13:00", zone="America/New_York")
    town.until("2026-03-10T12:00")
    town.order(20_00, "2026-03-10T13:00", zone="America/New_York")
    town.until("2026-03-11T12:00")
    town.until("2026-05-01T13:00")

    sent = [(one.template_id, one.created_at) for one in town.messages]
    assert sent == [
        (name, at(when, "America/New_York"))
        for name, when in (
            ("hello", "2026-03-02T13:00"),
            ("review", "2026-03-02T15:00"),
            ("get-the-app", "2026-03-03T09:00"),
            ("review-again", "2026-03-04T18:00"),
            ("miss-you", "2026-04-09T17:00"),
            ("points-for-you", "2026-04-16T17:00"),
        )
    ]
    bucket = bucket_of("member-1", "win-back/half")
    given = {
        entry.rule_id: entry.points
        for entry in town.entries["member-1"]
        if entry.rule_id != "spend"
    }
    # By the guest's bucket: ten points or fifty.
    assert given == {"welcome": 25, "win-back": 10 if bucket <= 50 else 50}
    assert [run.step_id for run in town.member().journeys] == ["peace"]
    town.check_books()


def test_sixty_days_of_a_guest_who_likes_it() -> None:
    """An order a week, the app, a review: no ladder, no second request."""
    town = Walk(the_examples())
    for week in range(9):
        day = at("2026-03-02T18:00") + week * 7 * 86_400_000
        town.until_ms(day)
        town.decide(an_order_of(16_00, day, f"order-{week}"))
        if week == 0:
            town.act("app.opened", "2026-03-02T19:00")
            town.until("2026-03-03T10:00")
            town.act("review.done", "2026-03-03T10:00")

    assert [one.template_id for one in town.messages] == ["hello", "review"]
    assert town.balance() == 9 * 16 + 25 + 15
    town.check_books()


def test_a_cancelled_first_order_asks_for_nothing() -> None:
    town = Walk(the_examples())
    order_id = town.order(20_00, "2026-03-02T13:00")
    town.cancel(order_id, "2026-03-02T14:00")
    town.until("2026-03-20")

    assert [one.template_id for one in town.messages] == ["hello"]


def test_sixty_days_of_a_guest_who_comes_into_a_segment() -> None:
    town = Walk(all_examples())
    for day, segments in (
        ("2026-03-02", "vip"),
        ("2026-03-20", "office"),
        ("2026-04-10", "vip"),
        ("2026-04-20", "office,vip"),
    ):
        town.until(day)
        town.say("member.update", day, segments=segments)
    town.order(20_00, "2026-04-21")
    town.until("2026-05-01")

    assert town.messages[0].template_id == "hello"
    assert [one for one in town.told if one.startswith("journey:table")] == [
        "journey:table#entered",
        "journey:table/greet",
        "journey:table/first",
        "journey:table#exited",
    ]
    assert "table" not in {entry.rule_id for entry in town.entries["member-1"]}


def an_order_of(amount_minor: int, when: int, order_id: str) -> OrderEvent:
    """An order at a moment in ms."""
    return an_order(order_id, subtotal_minor=amount_minor, occurred_at=when)
