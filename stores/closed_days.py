"""Questions whose days are over: answered from what `close-days` worked out of them."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from loyalty.limits import DAY_MS
from stores.question_files import QUESTIONS_FOLDER, assembled
from stores.questions import (
    DAY,
    MONTH,
    NUMBER,
    Column,
    Question,
)

CLOSED_FOLDER: Final = QUESTIONS_FOLDER.parent / "closed"
# A run that ended longer ago is not asked any more: the rows are, at any cost.
AGE_MS_MAX: Final = 2 * DAY_MS
# Days of which single members are kept; see jobs/close_days.py.
SIGNAL_DAYS: Final = 400
# Clocks change by an hour: so far from midnight a span before another may begin.
_MIDNIGHTS: Final = frozenset({0, 60, 23 * 60})

# Added up over whole local days, and what came since beside them.
_BY_DAY: Final = frozenset(
    {
        "daily",
        "active_members",
        "stores",
        "trigger_weeks",
        "journey_steps",
        "fraud_signals",
        "order_rows",
        "rule_results",
        "offer_funnel",
        "places",
        "place_days",
    }
)
# Of these the last SIGNAL_DAYS are kept, not all.
_NOT_FAR: Final = frozenset(
    {"fraud_signals", "rule_results", "offer_funnel", "places", "place_days"}
)
# The last day on which a member reached an offer is kept: a span must end after it.
_TO_NOW: Final = frozenset({"offer_funnel"})
# Of one store or channel from sums of its own.
_THERE: Final = frozenset({"rule_results"})
_ALWAYS: Final = frozenset({"span", "wallets"})
# How members stood at the last midnight.
_STANDING: Final = frozenset({"cohort_members", "segment_members", "expiring_members"})
_KEPT: Final = {
    "retention": (),
    "segments": (),
    "tier_members": (),
    "experiments": (),
    "expiry_forecast": ("wallet",),
    "experiment_arms": ("experiment", "days", "wallet"),
}
# Which tables a run fills: those of another release are not asked.
LAYOUT: Final = 2
LATEST: Final = (
    "SELECT run, zone, toUnixTimestamp64Milli(closed_at), "
    "toUnixTimestamp64Milli(ended_at) FROM closed_runs FINAL "
    "WHERE layout = {layout:UInt16} ORDER BY run DESC LIMIT 1"
)
KEPT: Final = (
    "SELECT line FROM closed_answers WHERE run = {run:UInt64} "
    "AND question = {question:String} AND about = {about:String} ORDER BY place"
)


class Closed(NamedTuple):
    """A run of `close-days`: whose days, up to when (ms), and when it was done (ms)."""

    run: int
    zone: str
    closed_at: int
    ended_at: int


class Asked(NamedTuple):
    """A statement, what it is told, and whether it finds lines that were kept."""

    statement: str
    parameters: dict[str, object]
    is_kept: bool = False


def asked_of(
    question: Question,
    values: Mapping[str, object],
    closed: Closed | None,
    *,
    now_ms: int,
) -> Asked:
    """Statement that answers a question soonest, and the same way."""
    own = Asked(question.statement, {n: values[n] for n in question.parameters})
    if closed is None or closed.ended_at < now_ms - AGE_MS_MAX:
        return own
    name = question.name
    if values.get("zone", closed.zone) != closed.zone:
        return own
    told = {**own.parameters, "run": closed.run}
    if name in _KEPT and _is_of_now(own.parameters, closed):
        about = about_of(name, values)
        kept = {"run": closed.run, "question": name, "about": about}
        return Asked(KEPT, kept, is_kept=True)
    told |= {"zone": closed.zone, "closed_at": closed.closed_at}
    if name in _ALWAYS or (name in _STANDING and _is_of_now(own.parameters, closed)):
        return Asked(_statement(name), told)
    if name in _BY_DAY and _is_kept(name, values, closed):
        is_there = name in _THERE and (told["store"] or told["channel"])
        return Asked(_statement(f"{name}_there" if is_there else name), told)
    return own


def about_of(name: str, values: Mapping[str, object]) -> str:
    """What an answer that was kept is about."""
    return ":".join(str(values[part]) for part in _KEPT[name])


def rows_of(lines: Sequence[str], columns: Sequence[Column]) -> list[tuple[Any, ...]]:
    """Rows of an answer that was kept as JSON."""
    return [
        tuple(map(_value, json.loads(line), (column.kind for column in columns)))
        for line in lines
    ]


def _value(told: Any, kind: str) -> Any:
    if told is not None and kind in {DAY, MONTH}:
        return date.fromisoformat(told)
    return float(told) if kind == NUMBER else told


def _is_of_now(values: Mapping[str, object], closed: Closed) -> bool:
    until_at = values.get("until_at", closed.closed_at)
    return isinstance(until_at, int) and until_at >= closed.closed_at


def _is_kept(name: str, values: Mapping[str, object], closed: Closed) -> bool:
    """Whether the days of a span were worked out for a question."""
    if name in _NOT_FAR and _is_far(values, closed):
        return False
    if name in _TO_NOW and not _is_of_now(values, closed):
        return False
    return _has_whole_days(values, closed)


def _is_far(values: Mapping[str, object], closed: Closed) -> bool:
    from_at = values["from_at"]
    assert isinstance(from_at, int)
    return from_at < closed.closed_at - SIGNAL_DAYS * DAY_MS


def _has_whole_days(values: Mapping[str, object], closed: Closed) -> bool:
    from_at, until_at = values["from_at"], values["until_at"]
    assert isinstance(from_at, int)
    assert isinstance(until_at, int)
    ends = until_at >= closed.closed_at or _is_midnight(until_at, closed.zone)
    return ends and _is_midnight(from_at, closed.zone)


def _is_midnight(at: int, zone: str) -> bool:
    local = datetime.fromtimestamp(at / 1_000, UTC).astimezone(ZoneInfo(zone))
    is_whole = local.second == local.microsecond == 0
    return is_whole and local.hour * 60 + local.minute in _MIDNIGHTS


@cache
def _statement(name: str) -> str:
    return assembled(CLOSED_FOLDER / f"{name}.sql", CLOSED_FOLDER, QUESTIONS_FOLDER)
