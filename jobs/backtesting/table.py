"""Findings as a table for a terminal."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from loyalty.backtest.findings import Cell, Findings, MemberFinding
from loyalty.backtest.fold import Plan
from loyalty.backtest.measures import (
    BUDGET,
    JOURNEY,
    MESSAGE,
    OFFER,
    REFUSED,
    RULE,
    SEGMENT,
    STORE,
    TIER,
    TIER_MOVE,
    TOTAL,
    TRIGGER,
    WEEK_FROM,
)
from stores.backtest_requests import BacktestRequest

ROWS_MAX: Final = 10
POINTS: Final = (
    ("earned", "points earned"),
    ("reversed", "points taken back"),
    ("corrected", "corrections"),
    ("used", "points used"),
    ("expired", "points expired"),
    ("outstanding", "points outstanding"),
)
PARTS: Final = (
    (RULE, "earned", "by rule"),
    (STORE, "earned", "by store"),
    (TIER, "earned", "by tier"),
    (SEGMENT, "earned", "by segment"),
    (TIER, "members", "members by tier"),
    (TIER, "winners", "who gains, by tier"),
    (TIER, "losers", "who loses, by tier"),
    (SEGMENT, "winners", "who gains, by segment"),
    (SEGMENT, "losers", "who loses, by segment"),
    (TIER_MOVE, "members", "tier moves"),
    (OFFER, "granted", "offers granted"),
    (OFFER, "withdrawn", "offers withdrawn"),
    (TRIGGER, "fired", "triggers"),
    (JOURNEY, "times", "steps of journeys"),
    (MESSAGE, "sent", "messages"),
    (MESSAGE, "withheld", "messages withheld"),
    (BUDGET, "spent", "budgets"),
    (REFUSED, "events", "left out"),
    (REFUSED, "commands", "commands refused"),
)
_FIRST_MONDAY: Final = datetime(1969, 12, 29, tzinfo=UTC)


def shown_findings(findings: Findings, request: BacktestRequest, plan: Plan) -> str:
    """All of it as text; of long lists the rows that differ most."""
    wallet = plan.current.latest.wallet_id
    lines = [f"  {'':<34}{'current':>16}{'candidate':>16}{'difference':>16}"]
    lines += _totals(findings, wallet, request.point_value_minor)
    for dimension, measure, title in PARTS:
        lines += _part(findings, dimension, measure, title=title, wallet=wallet)
    lines += _weeks(findings, wallet)
    lines += _members(findings)
    lines.append(f"\n  hash {findings.hash}")
    return "\n".join(lines)


def week_text(ordinal: str) -> str:
    """Monday of a week, from its ordinal."""
    return (_FIRST_MONDAY + timedelta(weeks=int(ordinal))).date().isoformat()


def _totals(findings: Findings, wallet: str, value_minor: int) -> Iterator[str]:
    found = {
        (cell.wallet, cell.measure): cell
        for cell in findings.cells
        if cell.dimension == TOTAL
    }
    nothing = Cell(TOTAL, "", wallet, "", 0, 0)
    for measure in ("members", "orders", "order_value_minor"):
        yield _row(measure.replace("_", " "), found.get(("", measure), nothing))
    for measure, name in POINTS:
        yield _row(name, found.get((wallet, measure), nothing))
    for measure, name in (
        ("earned", "cost of points earned, minor"),
        ("used", "redeemed, minor"),
        ("outstanding", "liability, minor"),
    ):
        cell = found.get((wallet, measure), nothing)
        sign = -value_minor if measure == "used" else value_minor
        yield _row(
            name,
            cell._replace(current=cell.current * sign, candidate=cell.candidate * sign),
        )
    for (other, measure), cell in sorted(found.items()):
        if other and other != wallet:
            yield _row(f"{other} {measure}", cell)


def _part(
    findings: Findings, dimension: str, measure: str, *, title: str, wallet: str
) -> Iterator[str]:
    cells = [
        cell
        for cell in findings.cells
        if cell.dimension == dimension
        and cell.measure == measure
        # What is counted in points is counted by wallet.
        and (dimension == RULE or cell.wallet in ("", wallet))
    ]
    if not cells:
        return
    ranked = sorted(
        cells, key=lambda one: (-abs(one.candidate - one.current), -one.current, one)
    )
    more = f" (first {ROWS_MAX} of {len(cells)})" if len(cells) > ROWS_MAX else ""
    yield f"\n  {title}{more}"
    for cell in ranked[:ROWS_MAX]:
        yield _row(f"  {cell.name}", cell)


def _weeks(findings: Findings, wallet: str) -> Iterator[str]:
    cells = [
        cell
        for cell in findings.cells
        if cell.dimension == WEEK_FROM
        and cell.measure == "earned"
        and cell.wallet == wallet
    ]
    if cells:
        more = f" (last {ROWS_MAX} of {len(cells)})" if len(cells) > ROWS_MAX else ""
        yield f"\n  earned by week, from its Monday{more}"
    for cell in sorted(cells, key=lambda one: int(one.name))[-ROWS_MAX:]:
        yield _row(f"  {week_text(cell.name)}", cell)


def _members(findings: Findings) -> Iterator[str]:
    yield (
        f"\n  {findings.winners:,} members gain {findings.gained:,} points, "
        f"{findings.losers:,} lose {-findings.lost:,}"
    )
    for title, members in (
        ("gain most", findings.most_gained),
        ("lose most", findings.most_lost),
    ):
        if members:
            yield f"\n  who {title}s" if title == "gain" else f"\n  who {title}"
        for one in members[: ROWS_MAX // 2]:
            yield _member_row(one)


def _member_row(one: MemberFinding) -> str:
    tiers = one.tier_current
    if one.tier_candidate != one.tier_current:
        tiers = f"{one.tier_current} > {one.tier_candidate}"
    return (
        f"    {one.member_id:<32}{one.granted_current:>16,}"
        f"{one.granted_candidate:>16,}{one.difference:>+16,}  {tiers}"
    )


def _row(name: str, cell: Cell) -> str:
    difference = cell.candidate - cell.current
    shown = f"{difference:+,}" if difference else "="
    return f"  {name[:33]:<34}{cell.current:>16,}{cell.candidate:>16,}{shown:>16}"
