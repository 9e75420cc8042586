"""A page of a member's timeline, as people read it."""

import re
from typing import Any, Final, NamedTuple

from api.cursors import cursor_of, places_of
from loyalty.campaigns import WAKE
from loyalty.program import Program
from stores.analytics_contract import Analytics
from stores.history_rows import Movement, TimelineRow, TriggerFired

EVENTS_PER_PAGE: Final = 25
VERSION_MAX: Final = 2**63 - 1
# What became of a step that did not simply go out stands before its trigger's name,
# and behind the reason which occasion and step it was, for whoever counts in SQL.
BECAME: Final = (
    "withheld",
    "held",
    "held-out",
    "challenge",
    "journey",
    "gift",
    "experiment",
)
STEP: Final = re.compile(r" \(\d{10,}/\w+\)")
TICK: Final = "tick"
ICONS: Final = {
    "order.placed": ("receipt", "good"),
    "order.adjusted": ("receipt", "warn"),
    "order.refunded": ("undo-2", "warn"),
    "order.cancelled": ("undo-2", "warn"),
    TICK: ("clock", ""),
    "points.redeem": ("ticket", "good"),
    "points.reserve": ("ticket", ""),
    "points.confirm": ("ticket", "good"),
    "points.release": ("undo-2", ""),
    "points.adjust": ("sliders-horizontal", "warn"),
    "points.void": ("undo-2", "warn"),
    "points.reinstate": ("undo-2", "good"),
    "points.transfer": ("arrow-left-right", ""),
}
VOIDABLE: Final = frozenset({"points.adjust", "points.redeem", "points.confirm"})


class Move(NamedTuple):
    """Points that came or went, summed over the lots that one cause moved."""

    kind: str
    wallet_name: str
    points: int
    rule_id: str


class Fired(NamedTuple):
    """A trigger, what became of it (empty: it fired), and why."""

    became: str
    trigger_id: str
    reason: str


class Event(NamedTuple):
    """One thing that happened, and how it looks; `why` says more than its name."""

    row: TimelineRow
    why: str
    icon: str
    tone: str
    moves: list[Move]
    fired: list[Fired]
    is_voidable: bool
    tier_tone: str


class Timeline(NamedTuple):
    """A page; `next_cursor` leads to what was earlier."""

    events: list[Event]
    next_cursor: str | None


async def timeline_of(
    analytics: Analytics, program: Program, member_id: str, *, cursor: str | None
) -> Timeline:
    """
    Page of a member's timeline.

    Raises: InvalidRequest for a cursor that is not one of ours; StoreUnavailable.
    """
    before = None if cursor is None else places_of(cursor, maxima=(VERSION_MAX,))[0]
    rows = await analytics.timeline_page(
        member_id, before=before, limit=EVENTS_PER_PAGE + 1
    )
    more = len(rows) > EVENTS_PER_PAGE
    rows = rows[:EVENTS_PER_PAGE]
    return Timeline(
        [_event(row, program) for row in rows if not _is_quiet(row)],
        cursor_of(rows[-1].version) if more else None,
    )


def _is_quiet(row: TimelineRow) -> bool:
    """Whether time passed and did nothing that anybody would ask about."""
    is_tick = row.event_kind in (TICK, WAKE) and not row.refusal
    changes = (*row.entries, *row.offers, *row.triggers, *row.tier_after)
    return is_tick and not changes


def _event(row: TimelineRow, program: Program) -> Event:
    names = {wallet.wallet_id: wallet.name for wallet in program.wallets}
    ranks = {tier.tier_id: rank for rank, tier in enumerate(program.tiers)}
    fell = ranks.get(row.tier_after, 0) < ranks.get(row.tier_before, 0)
    icon, tone = ICONS.get(row.event_kind, ("activity", ""))
    noted = f"noted {row.event_kind}"
    return Event(
        row,
        "" if row.event_kind == TICK or row.why == noted else row.why,
        icon,
        "bad" if row.refusal else tone,
        _moves(row.entries, names),
        [_fired(one) for one in row.triggers],
        row.event_kind in VOIDABLE and not row.refusal,
        "warn" if fell else "good",
    )


def _fired(one: TriggerFired) -> Fired:
    became, colon, trigger_id = one.trigger_id.partition(":")
    reason = STEP.sub("", one.reason)
    if not colon or became not in BECAME:
        return Fired("", one.trigger_id, reason)
    return Fired(became, trigger_id, reason)


def _moves(entries: tuple[Movement, ...], names: dict[str, Any]) -> list[Move]:
    sums: dict[tuple[str, str, str], int] = {}
    for entry in entries:
        # What is used up is used up, whichever rule once earned it.
        rule_id = entry.rule_id if entry.points > 0 else ""
        key = entry.kind, names.get(entry.wallet, entry.wallet), rule_id
        sums[key] = sums.get(key, 0) + entry.points
    return [Move(*key[:2], points, key[2]) for key, points in sums.items()]
