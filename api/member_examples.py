"""What OpenAPI shows of members, their past, and what an order would do to them."""

from typing import Any, Final

from api.command_examples import RESERVATION_ID
from api.examples import OFFER
from schemas.event_examples import ORDER

Example = dict[str, Any]

LOT: Final[Example] = {"points": 135, "expires_at": "2027-11-24T00:00:00.000Z"}
CONSENT: Final[Example] = {
    "channel": "email",
    "purpose": "marketing",
    "given": True,
    "at": "2026-11-24T12:00:00.000Z",
    "source": "app sign-up",
    "text_version": "2026-02",
}
CONSENTS: Final[Example] = {"items": [CONSENT]}
MEMBER: Final[Example] = {
    "member_id": "member-42",
    "version": 3,
    "as_of": "2026-11-24T12:30:00.000Z",
    "balance": 135,
    "pending": 0,
    "debt": 0,
    "lots": [LOT],
    "tier": "silver",
    "progress": {
        "tier_points": 135,
        "next_tier": "gold",
        "points_to_next_tier": 15,
        "tier_until": None,
        "falls_to": "base",
        "falls_at": "2027-02-22T00:00:00.000Z",
        "points_to_stay": 50,
    },
    "wallets": [
        {
            "wallet_id": "points",
            "name": "Points",
            "unit": "points",
            "balance": 135,
            "pending": 0,
            "held": 150,
            "debt": 0,
            "lots": [LOT],
        }
    ],
    "streaks": [
        {"rule_id": "weekly", "length": 2, "target": 3, "orders": 1, "orders_min": 1}
    ],
    "stamps": [
        {
            "rule_id": "coffee-card",
            "wallet": "stamps",
            "stamps": 4,
            "target": 10,
            "gives": 100,
            "gives_wallet": "points",
        }
    ],
    "challenges": [
        {
            "challenge_id": "big-month",
            "goal": "spend",
            "progress": 45000,
            "target": 100000,
            "completed": 0,
            "joined": True,
        }
    ],
    "badges": ["early-bird"],
    "reservations": [
        {
            "reservation_id": RESERVATION_ID,
            "wallet": "points",
            "points": 150,
            "expires_at": "2026-11-24T12:45:00.000Z",
            "reward_id": "coffee",
        }
    ],
    "offers": [OFFER],
    "consents": [CONSENT],
}
REWARDS: Final[Example] = {
    "items": [
        {
            "reward_id": "coffee",
            "name": "A coffee on us",
            "cost_points": 100,
            "wallet": "points",
            "balance": 80,
            "affordable": False,
            "points_missing": 20,
            "available": False,
            "reason": "insufficient-points",
            "why_not": "100 points asked for, 80 there",
        }
    ],
    "next_cursor": None,
}
ESTIMATE_IN: Final[Example] = {"order": ORDER, "offer_ids": ["coffee"]}
BASKET: Final[Example] = {
    "before_minor": 1250,
    "discount_minor": 125,
    "paid_minor": 0,
    "after_minor": 1125,
    "due_minor": 1125,
    "line_discounts_minor": [125],
    "line_totals_minor": [1125],
    "applied": [
        {
            "discount_id": "ten-off",
            "kind": "percent",
            "amount_minor": 125,
            "times": 1,
            "why": "Ten percent off: $1.25 off.",
        }
    ],
    "not_applied": [],
}
ESTIMATE: Final[Example] = {
    "member_id": "member-42",
    "version": 3,
    "why": "earned 5 by spend",
    "rules": [
        {
            "rule_id": "spend",
            "wallet": "points",
            "points": 5,
            "pending": 0,
            "of_budget": 0,
            "before_caps": 9,
            "limited_by": ["spend: at most 500 points a day, 5 left"],
        }
    ],
    "rules_without": [
        {
            "rule_id": "full-basket",
            "reason": "below-minimum",
            "why_not": "14100 minor units below the minimum",
            "distance": {
                "missing": 14100,
                "unit": "minor",
                "until": None,
                "text": "14100 more minor units",
            },
        }
    ],
    "rules_left_out": 0,
    "wallets": [
        {
            "wallet": "points",
            "earned": 5,
            "pending": 0,
            "balance_before": 135,
            "balance_after": 140,
        }
    ],
    "tier_before": "silver",
    "tier_after": "silver",
    "offers_after": [OFFER],
    "offers": [REWARDS["items"][0]],
    "basket": BASKET,
}
