"""What OpenAPI shows of a member's past, and of a new version."""

from typing import Final

from api.examples import OFFER
from schemas.event_examples import Example

LEDGER: Final[Example] = {
    "items": [
        {
            "entry_id": "member-42:3:0",
            "kind": "EARN",
            "wallet": "points",
            "points": 9,
            "balance_after": 135,
            "occurred_at": "2026-11-24T12:30:00.000Z",
            "order_id": "000123",
            "line_id": None,
            "lot_id": "3.0",
            "rule_id": "spend",
            "rule_version": 1,
            "reference": None,
        }
    ],
    "next_cursor": "My4w",
    "at": None,
    "balances": None,
}
EXPLANATIONS: Final[Example] = {
    "items": [
        {
            "version": 3,
            "event_id": "till-7-000123",
            "event_kind": "order.placed",
            "order_id": "000123",
            "occurred_at": "2026-11-24T12:30:00.000Z",
            "recorded_at": "2026-11-24T12:30:00.120Z",
            "why": "earned 9 by spend",
            "tier_before": None,
            "tier_after": None,
        }
    ],
    "next_cursor": None,
}
NEWS: Final[Example] = {
    "member_id": "member-42",
    "version": 3,
    "as_of": "2026-11-24T12:30:00.000Z",
    "balance": 135,
    "pending": 0,
    "debt": 0,
    "tier": "silver",
    "offers": [OFFER],
    "changes": [
        {
            "version": 3,
            "event_id": "till-7-000123",
            "event_kind": "order.placed",
            "order_id": "000123",
            "occurred_at": "2026-11-24T12:30:00.000Z",
            "why": "earned 9 by spend",
            "refusal": None,
            "tier_before": "silver",
            "tier_after": "silver",
            "entries": LEDGER["items"],
        }
    ],
    "changes_left_out": 0,
}
