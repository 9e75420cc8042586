"""Examples of personal offers, for the API's document."""

from typing import Any, Final

OFFERS: Final[dict[str, Any]] = {
    "items": [
        {
            "offer_id": "come-back",
            "name": "A cappuccino on us",
            "category": "coffee",
            "granted_at": "2026-11-20T12:00:00.000Z",
            "expires_at": "2026-12-04T12:00:00.000Z",
            "why": "not here for 30 days",
            "usable_now": True,
            "score": 41.203,
            "code": "7QK2-MX0B-4ZRD-9T1C",
        }
    ],
    "withheld": [
        {
            "offer_id": "tenth-visit",
            "reason": "orders",
            "detail": "2 more orders",
            "missing": 2,
            "from_at": None,
            "until_at": "2026-12-06T00:00:00.000Z",
        }
    ],
}
