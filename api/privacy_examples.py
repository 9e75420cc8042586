"""What OpenAPI shows of exports and erasures."""

from typing import Any, Final

from api import history_examples, member_examples

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
    "ledger": history_examples.LEDGER["items"],
    "explanations": history_examples.EXPLANATIONS["items"],
    "more": False,
}
