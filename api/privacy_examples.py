"""What OpenAPI shows of exports and erasures."""

from typing import Any, Final

from api import delivery_examples, history_examples, member_examples

Example = dict[str, Any]

ERASE: Final[Example] = {"keep_points": False}
EXPORT: Final[Example] = {
    "member": member_examples.MEMBER,
    "profile": {
        "birthday": "05-17",
        "time_zone": None,
        "segments": ["families"],
        "referred_by": None,
        "pool_id": None,
    },
    "contacts": ["phone"],
    "email_address": None,
    "inbox": delivery_examples.INBOX["items"],
    "ledger": history_examples.LEDGER["items"],
    "explanations": history_examples.EXPLANATIONS["items"],
    "more": False,
}
