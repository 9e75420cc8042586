"""Answers turned into what a dashboard shows: sums, cohorts, series by name."""

from collections import defaultdict
from datetime import date
from typing import Any, Final

from stores.questions import COUNT, DAY, Answered, Column

SERIES_MAX: Final = 4
OTHERS: Final = "others"


def summed(answer: Answered) -> dict[str, int]:
    """Sum of each column of numbers; 0 without rows."""
    sums = {column.name: 0 for column in answer.columns if column.kind != DAY}
    for record in answer.records():
        for name in sums:
            sums[name] += record[name]
    return sums


def grouped(
    records: list[dict[str, Any]], name: str
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Records by a value, in the order in which values come first."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        groups.setdefault(record[name], []).append(record)
    return list(groups.items())


def cohorts_of(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """
    Cohorts with what became of them each month, None where nobody came.

    A cohort's list ends with the latest month that any cohort has reached.
    """
    if not records:
        return []
    ends = max(_ordinal(one["cohort"]) + one["months_since"] for one in records)
    cohorts = []
    for _, rows in grouped(records, "cohort"):
        first, size = rows[0]["cohort"], rows[0]["size"]
        by_month = {row["months_since"]: row for row in rows}
        empty = {"members": 0, "share_bp": 0}
        shares = [by_month.get(n, empty) for n in range(ends - _ordinal(first) + 1)]
        cohorts.append({"month": first, "size": size, "shares": shares})
    return cohorts


def trigger_columns(answer: Answered) -> Answered:
    """Weeks with a column for each of the busiest triggers, and one for the others."""
    totals: dict[str, int] = defaultdict(int)
    weeks: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in answer.records():
        totals[row["trigger_id"]] += row["fired"]
    busiest = sorted(totals, key=lambda name: (-totals[name], name))
    kept = busiest if len(busiest) <= SERIES_MAX else busiest[: SERIES_MAX - 1]
    names = kept + ([OTHERS] if len(kept) < len(busiest) else [])
    for row in answer.records():
        name = row["trigger_id"] if row["trigger_id"] in kept else OTHERS
        weeks[row["week"]][name] += row["fired"]
    return Answered(
        (Column("week", DAY), *(Column(name, COUNT) for name in names)),
        [(week, *(weeks[week][name] for name in names)) for week in sorted(weeks)],
    )


def _ordinal(month: date) -> int:
    return month.year * 12 + month.month
