"""What OpenAPI shows of tills."""

from typing import Any, Final

Example = dict[str, Any]

_TILL: Final[Example] = {"store_id": "store-7"}
_PHONE: Final[Example] = {"by": "phone", "value": "+1 555 010 0199"}
_MEMBER: Final[Example] = {"by": "member_id", "value": "member-42"}
_CHECK: Final[Example] = {
    "check_id": "9f1c-0117",
    "currency": "USD",
    "items": [
        {
            "line_id": "1",
            "sku": "latte",
            "category": "COFFEE SHOP",
            "quantity": 2,
            "unit_price_minor": 450,
        }
    ],
    "discounts": [{"amount_minor": 100, "transaction_id": "till-7-2"}],
    "total_minor": 800,
}
SEARCH: Final[Example] = _TILL | {
    "transaction_id": "till-7-0",
    "type": "LOYALTY_SEARCH",
    "identify": _PHONE,
}
INQUIRE: Final[Example] = _TILL | {
    "transaction_id": "till-7-1",
    "type": "LOYALTY_INQUIRE",
    "identify": _MEMBER,
    "check": _CHECK,
}
REDEEM: Final[Example] = _TILL | {
    "transaction_id": "till-7-2",
    "type": "LOYALTY_REDEEM",
    "identify": _MEMBER,
    "redeem": {"points": 100},
    "check_id": "9f1c-0117",
}
ACCRUE: Final[Example] = _TILL | {
    "transaction_id": "till-7-3",
    "type": "LOYALTY_ACCRUE",
    "identify": _MEMBER,
    "check": _CHECK,
}
REVERSE: Final[Example] = _TILL | {
    "transaction_id": "till-7-4",
    "type": "LOYALTY_REVERSE",
    "reverses": "till-7-3",
}
BATCH: Final[Example] = {"transactions": [REDEEM, ACCRUE]}
ANSWER: Final[Example] = {
    "transaction_id": "till-7-2",
    "type": "LOYALTY_REDEEM",
    "status": "accepted",
    "member": {"member_id": "member-42", "balance": 150, "tier": "SILVER"},
    "redemption": {"points": 100, "wallet": "points"},
}
UNSURE: Final[Example] = {
    "transaction_id": "till-7-3",
    "type": "LOYALTY_ACCRUE",
    "status": "unknown",
    "reason": "not-decided-yet",
    "detail": "send it again, with the same transaction_id",
}
BATCH_ANSWER: Final[Example] = {"items": [ANSWER, UNSURE]}
CODE: Final[Example] = {
    "code": "04711815",
    "qr": "RG1.28422000.bWVtYmVyLTQy.00112233445566778899aabbccddeeff",
    "renew_at": "2026-11-24T12:31:00.000Z",
    "expires_at": "2026-11-24T12:32:00.000Z",
}
