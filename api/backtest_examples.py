"""What OpenAPI shows of backtests and simulations."""

from typing import Final

from schemas.event_examples import ORDER, Example

PROGRAM: Final[Example] = {
    "program": "corner-store",
    "version": 2,
    "currency": "USD",
    "time_zone": "America/New_York",
    "earn": [{"id": "spend", "kind": "spend", "points": 2, "step_minor": 100}],
}
BACKTEST_IN: Final[Example] = {
    "candidate": PROGRAM,
    "from_at": "2026-10-01T00:00:00Z",
    "to_at": "2026-11-01T00:00:00Z",
    "source": "kafka",
    "sample_percent": 100,
    "point_value_minor": 1,
}
MEMBER: Final[Example] = {
    "member_id": "member-42",
    "granted_current": 120,
    "granted_candidate": 240,
    "used_current": 0,
    "used_candidate": 0,
    "expired_current": 0,
    "expired_candidate": 0,
    "balance_current": 120,
    "balance_candidate": 240,
    "tier_current": "neighbour",
    "tier_candidate": "neighbour",
    "difference": 120,
}
FINDINGS: Final[Example] = {
    "hash": "0595db166b200b0ca9a8145f99071289",
    "winners": 167,
    "losers": 0,
    "gained": 17777,
    "lost": 0,
    "cost_minor": {"current": 478361, "candidate": 496138},
    "redeemed_minor": {"current": 0, "candidate": 0},
    "liability_minor": {"current": 246770, "candidate": 256469},
    "most_gained": [MEMBER],
    "most_lost": [],
    "sample": [MEMBER],
    "cells": [
        {
            "dimension": "rule",
            "name": "spend",
            "wallet": "points",
            "measure": "earned",
            "current": 412045,
            "candidate": 413900,
        }
    ],
    "cells_left_out": 0,
}
BACKTEST: Final[Example] = {
    "backtest_id": "b-2f6b1c0e9a7d4c35",
    "status": "finished",
    "source": "kafka",
    "from_at": "2026-10-01T00:00:00.000Z",
    "to_at": "2026-11-01T00:00:00.000Z",
    "sample_percent": 100,
    "point_value_minor": 1,
    "created_at": "2026-11-24T12:30:00.000Z",
    "created_by": "ann",
    "started_at": "2026-11-24T12:30:01.000Z",
    "finished_at": "2026-11-24T12:30:31.000Z",
    "events_done": 155848,
    "events_total": 155848,
    "parts_done": 8,
    "parts_total": 8,
    "detail": None,
    "findings": FINDINGS,
}
BACKTESTS: Final[Example] = {
    "items": [BACKTEST | {"findings": None}],
    "next_cursor": None,
}
RULE_SIMULATION_IN: Final[Example] = {"order": ORDER, "version": 2}
SIMULATION_IN: Final[Example] = {
    "order": ORDER,
    "rule": {
        "kind": "earn",
        "document": {"id": "spend", "kind": "spend", "points": 2, "step_minor": 100},
    },
}
