"""What OpenAPI shows: one order and what it leads to."""

from typing import Any, Final

Example = dict[str, Any]

ORDER: Final[Example] = {
    "event_id": "till-7-000123",
    "order_id": "000123",
    "member_id": "member-42",
    "kind": "PLACED",
    "occurred_at": "2026-11-24T12:30:00Z",
    "store_id": "store-7",
    "channel": "COUNTER",
    "currency": "USD",
    "lines": [
        {
            "line_id": "1",
            "sku": "latte",
            "category": "COFFEE SHOP",
            "quantity": 2,
            "unit_price_minor": 450,
        }
    ],
    "total_minor": 900,
    "subtotal_minor": 900,
    "tax_minor": 0,
}
ACTIVITY: Final[Example] = {
    "event_id": "app-9-77",
    "member_id": "member-42",
    "type": "menu.viewed",
    "occurred_at": "2026-11-24T12:29:10Z",
    "session_id": "s-1",
    "attributes": {"category": "COFFEE SHOP", "items": 12},
}
ACCEPTED: Final[Example] = {
    "event_id": "till-7-000123",
    "topic": "orders",
    "partition": 3,
    "offset": 4711,
}
OFFER: Final[Example] = {
    "offer_id": "coffee",
    "name": "A coffee on us",
    "cost_points": 100,
    "wallet": "points",
    "granted_at": "2026-11-24T12:30:00.000Z",
    "expires_at": "2027-11-24T00:00:00.000Z",
    "why": "balance 135 reaches 100 points",
}
OFFERS: Final[Example] = {"items": [OFFER], "next_cursor": None}
PROBLEM: Final[Example] = {
    "type": "/problems/invalid-request",
    "title": "The request is not of the documented form",
    "status": 422,
    "detail": "1 fault(s), see errors",
    "instance": "/v1/orders",
    "errors": [{"pointer": "/lines/0/sku", "detail": "Input should be a valid string"}],
}
READY: Final[Example] = {
    "status": "ready",
    "checks": {"redis": True, "clickhouse": True, "kafka": True, "program": True},
    "dependencies": {"redis": {"breaker": "closed", "calls": 3, "calls_max": 256}},
    "log_silent_seconds": 0,
}
