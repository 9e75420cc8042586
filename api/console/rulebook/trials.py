"""Trying a rule: on one basket, and on the history that there is."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from api.backtest_requests import BacktestIn, SimulationIn
from api.backtest_responses import BacktestOut
from api.console.rulebook.asks import local_time
from api.console.showing import EPOCH, NEVER, Shown
from api.console.spans import start_of
from api.problems import InvalidRequest
from loyalty.backtest.measures import RULE, WEEK_FROM
from loyalty.publishing.changes import Document
from loyalty.publishing.rule import Rule
from loyalty.publishing.timeline import composed, rule_in
from loyalty.zones import Zone
from stores.questions import DAY, POINTS, Answered, Column

LINES_SHOWN: Final = 3
DAYS_DEFAULT: Final = 30
RULES_SHOWN: Final = 12
_WHOLE: Final = re.compile(r"\d{1,6}", re.ASCII)
_MONEY: Final = re.compile(r"(\d{1,7})(?:[.,](\d{1,2}))?", re.ASCII)


Body = TypeVar("Body", bound=BaseModel)


class Line(NamedTuple):
    """A line of the basket as it was typed."""

    category: str = ""
    sku: str = ""
    quantity: str = "1"
    price: str = ""


class Change(NamedTuple):
    """A sum on both sides."""

    name: str
    current: int
    candidate: int


def candidate_with(
    document: Document, *, section: str, rule: Document
) -> dict[str, Any]:
    """Programme in which a rule stands, in its own place or last."""
    return composed(document, {str(rule["id"]): (section, rule)})


def simulation_of(
    form: Mapping[str, str], candidate: dict[str, Any], *, shown: Shown, now: int
) -> SimulationIn:
    """
    Basket of a form, by the candidate.

    Raises: InvalidRequest.
    """
    typed = lines_of(form)
    lines = [_line(n, line, shown) for n, line in enumerate(typed) if line.price]
    total = sum(one["quantity"] * one["unit_price_minor"] for one in lines)
    at = local_time(form.get("at", ""), shown.zone, "the time makes no sense") or now
    order = {
        "event_id": "try",
        "order_id": "try",
        "member_id": form.get("member_id", "").strip() or "somebody-new",
        "occurred_at": at,
        "store_id": form.get("store", "").strip() or "any",
        "channel": form.get("channel", "APP"),
        "currency": shown.currency,
        "lines": lines,
        "total_minor": total,
        "subtotal_minor": total,
    }
    return _valid(SimulationIn, {"order": order, "program": candidate})


def lines_of(form: Mapping[str, str]) -> list[Line]:
    """Lines of the basket as they were typed."""
    return [
        Line(*(form.get(f"{name}-{n}", "").strip() for name in Line._fields))
        for n in range(LINES_SHOWN)
    ]


def backtest_of(
    form: Mapping[str, str], candidate: dict[str, Any], *, zone: Zone
) -> BacktestIn:
    """
    Backtest that a form asks for: whole local days, both included.

    Raises: InvalidRequest.
    """
    days = []
    for name in ("from", "until"):
        try:
            days.append(date.fromisoformat(form.get(name, "")))
        except ValueError as error:
            raise InvalidRequest("a day is missing") from error
    sample = form.get("sample", "")
    return _valid(
        BacktestIn,
        {
            "candidate": candidate,
            "from_at": start_of(zone, days[0]),
            "to_at": start_of(zone, days[1] + timedelta(days=1)),
            "source": form.get("source", "kafka"),
            "sample_percent": int(sample) if _WHOLE.fullmatch(sample) else 100,
        },
    )


def is_of_rule(candidate: Document, rule: Rule) -> bool:
    """Whether a backtest's candidate holds a version of a rule that was written."""
    held = rule_in(candidate, rule.section, rule.rule_id)
    return held is not None and any(held == one.document for one in rule.versions)


def days_of(out: BacktestOut, shown: Shown) -> tuple[str, str]:
    """First and last local day of a backtest; never for no beginning."""
    first = shown.day(_local_day(out.from_at, shown, 0)) if out.from_at else NEVER
    # The end itself is not in it.
    return first, shown.day(_local_day(out.to_at, shown, -1))


def weeks_of(out: BacktestOut) -> Answered:
    """Points earned by week, on both sides, as a chart takes it."""
    columns = (
        Column("week", DAY),
        Column("current", POINTS),
        Column("candidate", POINTS),
    )
    weeks = [one for one in _cells(out, WEEK_FROM) if one.name.isdecimal()]
    rows = [
        # The first day of an ISO week is a Monday, three days before 1970.
        (
            EPOCH.date() + timedelta(days=int(one.name) * 7 - 3),
            one.current,
            one.candidate,
        )
        for one in weeks
    ]
    return Answered(columns, sorted(rows))


def rules_of(out: BacktestOut) -> list[Change]:
    """Points earned by rule, those that differ most first."""
    found = [one for one in _cells(out, RULE) if one.current != one.candidate]
    found.sort(key=lambda one: (-abs(one.candidate - one.current), one.name))
    return found[:RULES_SHOWN]


def _cells(out: BacktestOut, dimension: str) -> list[Change]:
    found: dict[str, Change] = {}
    for cell in out.findings.cells if out.findings else ():
        if cell.dimension == dimension and cell.measure == "earned":
            known = found.get(cell.name, Change(cell.name, 0, 0))
            found[cell.name] = Change(
                cell.name,
                known.current + cell.current,
                known.candidate + cell.candidate,
            )
    return list(found.values())


def _local_day(text: str, shown: Shown, later_ms: int) -> date:
    moment = datetime.fromisoformat(text) - EPOCH
    return shown.local(moment // timedelta(milliseconds=1) + later_ms).date()


def _line(number: int, line: Line, shown: Shown) -> dict[str, Any]:
    price = _MONEY.fullmatch(line.price)
    if price is None or not _WHOLE.fullmatch(line.quantity or "1"):
        raise InvalidRequest(f"line {number + 1}: a price or a number makes no sense")
    whole, rest = price.groups(default="")
    cents = 1 if shown.is_whole else 100
    minor = int(whole) * cents + (int(rest.ljust(2, "0")) if rest else 0) * (cents > 1)
    return {
        "line_id": str(number + 1),
        "sku": line.sku or line.category or "article",
        "category": line.category,
        "labels": [],
        "quantity": int(line.quantity or "1"),
        "unit_price_minor": minor,
    }


def _valid(model: type[Body], body: dict[str, Any]) -> Body:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidRequest(f"{place}: {first['msg']}") from error
