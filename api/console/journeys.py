"""Journeys as the console shows them: who took which step, and the steps of one."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from api.console.boards import grouped
from loyalty.program import Program
from loyalty.publishing.journey_steps import StepInWords, steps_in_words

# How a journey begins, and how it ends; what no program has any more is in between.
FIRST: Final = ("#entered",)
LAST: Final = ("#finished", "#exited", "#restarted", "#full")


class Funnel(NamedTuple):
    """Steps of a journey in order; `most` members took the busiest one."""

    journey_id: str
    rows: list[dict[str, Any]]
    most: int


def funnels_of(records: list[dict[str, Any]], program: Program) -> list[Funnel]:
    """Journeys by id, each with its steps in the order in which they are written."""
    found = []
    for journey_id, rows in sorted(grouped(records, "journey")):
        journey = program.journey_by_id.get(journey_id)
        own = [step.step_id for step in journey.steps] if journey else []
        order = {name: place for place, name in enumerate((*FIRST, *own))}
        order |= {name: len(order) + 1 + place for place, name in enumerate(LAST)}
        unknown = len(FIRST) + len(own)
        rows.sort(key=lambda row: (order.get(row["step"], unknown), row["step"]))
        found.append(Funnel(journey_id, rows, max(row["members"] for row in rows)))
    return found


def drawn_steps(
    section: str, document: Mapping[str, Any], currency: str
) -> list[StepInWords]:
    """Steps of a journey to be drawn; none for any other rule."""
    return steps_in_words(document, currency) if section == "journeys" else []
