"""Places beside each other: a column of a chart for each, a row of a table for each."""

from datetime import date
from typing import Any, Final

from stores.questions import COUNT, DAY, MINOR, POINTS, Answered, Column

# What can be drawn over time, and what it is counted in.
MEASURES: Final = {
    "value_minor": MINOR,
    "orders": COUNT,
    "points_earned": POINTS,
    "redemptions": COUNT,
    "refund_minor": MINOR,
}


def measure_of(text: str) -> str:
    """Measure that an address asks for; money, unless it names another."""
    return text if text in MEASURES else "value_minor"


def side_by_side(
    answer: Answered, places: tuple[str, ...], *, measure: str, days: list[date]
) -> Answered:
    """Days with a column for each place; a day on which nothing happened has 0."""
    kind = MEASURES[measure]
    found = {(row["day"], row["place"]): row[measure] for row in answer.records()}
    return Answered(
        (Column("day", DAY), *(Column(place, kind) for place in places)),
        [(day, *(found.get((day, place), 0) for place in places)) for day in days],
    )


def each_day(answer: Answered, days: list[date]) -> Answered:
    """Days of one place; a day on which nothing happened has 0."""
    if not answer.rows:
        return answer
    found = {row[0]: row for row in answer.rows}
    nothing = ("", *(0 for _ in answer.columns[2:]))
    return Answered(answer.columns, [found.get(day, (day, *nothing)) for day in days])


def rows_of_places(answer: Answered, places: tuple[str, ...]) -> list[dict[str, Any]]:
    """A row for each place in the order asked for; who sold nothing has zeros."""
    found = {row["place"]: row for row in answer.records()}
    nothing = {column.name: 0 for column in answer.columns}
    return [found.get(place, nothing | {"place": place}) for place in places]


def alone(answer: Answered) -> dict[str, Any]:
    """The only row of an answer about one place; zeros without it."""
    rows = answer.records()
    return rows[0] if rows else {column.name: 0 for column in answer.columns}
