"""What OpenAPI shows of commands."""

from typing import Any, Final

Example = dict[str, Any]

COMMAND_ID: Final = "api-5d41402abc4b2a76b9719d911017c592"
RESERVATION_ID: Final = (
    "OS5tZW1iZXItNDJhcGktNWQ0MTQwMmFiYzRiMmE3NmI5NzE5ZDkxMTAxN2M1OTI"
)

ENROL: Final[Example] = {
    "member_id": "member-42",
    "birthday": "05-17",
    "time_zone": "UTC",
    "segments": ["families"],
    "phone": "+15550100199",
}
PROFILE: Final[Example] = {"segments": ["families", "lunch"]}
REDEMPTION: Final[Example] = {"points": 100}
RESERVATION: Final[Example] = {"reward_id": "free-coffee", "hold_seconds": 900}
ADJUSTMENT: Final[Example] = {"points": 50, "reason": "the order was cold"}
TRANSFER: Final[Example] = {"to": "member-43", "points": 100}
MERGE: Final[Example] = {
    "from_member_id": "guest-7",
    "reason": "signed up in the app",
}
VOID: Final[Example] = {"command_id": COMMAND_ID}
REINSTATEMENT: Final[Example] = {"wallet": "points"}
POOL: Final[Example] = {"pool_id": "family-7"}
CONSENT: Final[Example] = {
    "channel": "email",
    "given": True,
    "source": "app sign-up",
    "text_version": "2026-02",
}
DONE: Final[Example] = {
    "command_id": COMMAND_ID,
    "member_id": "member-42",
    "type": "points.reserve",
    "status": "done",
    "accepted_at": "2026-11-24T12:30:00.000Z",
    "version": 4,
    "why": "reserved 150 until 1795524300000",
    "result": {
        "wallet": "points",
        "balance": 15,
        "points": 150,
        "reservation_id": RESERVATION_ID,
        "expires_at": "2026-11-24T12:45:00.000Z",
    },
}
PENDING: Final[Example] = {
    "command_id": COMMAND_ID,
    "member_id": "member-42",
    "type": "points.redeem",
    "status": "pending",
    "accepted_at": "2026-11-24T12:30:00.000Z",
}
