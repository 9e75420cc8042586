"""The page about program rules: its example is a program, and it names every property."""

import re
from pathlib import Path

import yaml

from loyalty.program import Program
from loyalty.program_document import program_from
from stores.programs import EDGE_CALENDARS
from tests.builders import a_line
from tests.rules.town import Town

PAGE = (Path(__file__).parents[2] / "docs" / "program-rules.md").read_text()
SOURCES = sorted((Path(__file__).parents[2] / "loyalty").glob("*document*.py"))
READ = re.compile(
    r'\b(?:node|part|one|costs|schedule|excluded)\.(?:text|number|flag|choice|names|each|part|has|raw)\(\s*"(\w+)"'
)


def the_example() -> Program:
    """Program of the first YAML block."""
    text = PAGE.split("```yaml\n")[1].split("```")[0]
    return program_from(yaml.safe_load(text), EDGE_CALENDARS)


def test_the_example_is_a_program_that_works() -> None:
    town = Town(the_example())
    coffee = a_line(4_00, category="coffee", quantity=3)
    town.order(0, "2026-03-04T17:00", lines=(coffee,))

    assert town.balance("stamps") == 3
    assert town.balance() == 12 + 50
    town.check_books()


def test_the_example_uses_every_part_of_a_program() -> None:
    program = the_example()

    left_out = [
        name
        for name in (
            *("stores", "wallets", "earn_rules", "bonus_rules", "streaks"),
            *("challenges", "tiers", "offers", "auto_redeem", "triggers", "gifts"),
            *("templates", "journeys"),
            *("budgets", "referral", "transfers", "payment"),
        )
        if not getattr(program, name)
    ]
    assert left_out == []


def test_every_property_that_is_read_is_on_the_page() -> None:
    names = {
        name
        for source in SOURCES
        for name in READ.findall(source.read_text())
        if name != "effective_from_ms"
    }

    assert len(names) > 100
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", PAGE)] == []
