"""What OpenAPI shows: one order and what it leads to."""

from typing import Final

from schemas.event_examples import Example

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
