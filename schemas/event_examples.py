"""One order and one act, as documents show them."""

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
