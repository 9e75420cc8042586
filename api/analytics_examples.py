"""Examples of questions and answers, for the API's document."""

from typing import Any, Final

_COLUMNS: Final = [
    {"name": "tier", "kind": "text"},
    {"name": "members", "kind": "count"},
    {"name": "points", "kind": "points"},
]
QUESTIONS: Final[dict[str, Any]] = {
    "items": [{"question": "tier_members", "parameters": [], "columns": _COLUMNS}]
}
ANSWER: Final[dict[str, Any]] = {
    "question": "tier_members",
    "columns": _COLUMNS,
    "rows": [["neighbour", 1378, 522973], ["regular", 763, 1142864]],
    "is_cut": False,
}
