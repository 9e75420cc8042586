"""What OpenAPI shows of rules: one bonus through its life."""

from typing import Any, Final

Example = dict[str, Any]

RULE: Final[Example] = {
    "id": "burger-tuesday",
    "kind": "add",
    "points": 50,
    "match": {"categories": ["BURGERS"]},
    "when": {"schedule": {"day_parts": [{"days": ["tue"]}]}},
    "caps": [{"period": "day", "times": 1}],
}
TEXT: Final = (
    "When a member buys something from BURGERS on Tuesdays, give 50 points on top, "
    "at most once a day."
)
RULE_IN: Final[Example] = {
    "section": "bonuses",
    "rule": RULE,
    "why": "Tuesdays are quiet",
}
VERSION_IN: Final[Example] = {"rule": RULE | {"points": 75}, "why": "not enough"}
STEP_IN: Final[Example] = {"version": 1, "why": "ready"}
REJECTION_IN: Final[Example] = {"version": 1, "why": "75 points are too many"}
PUBLICATION_IN: Final[Example] = {
    "version": 1,
    "effective_from": "2026-12-01T00:00:00Z",
    "why": "for December",
}
STOP_IN: Final[Example] = {"why": "the grill is broken"}
FINDING: Final[Example] = {
    "code": "no-cap",
    "severity": "warning",
    "pointer": "/rule/caps",
    "detail": "gives points with every order, without a cap or a budget",
}
RULE_OUT: Final[Example] = {
    "id": "burger-tuesday",
    "section": "bonuses",
    "state": "published",
    "revision": 4,
    "running_version": 1,
    "effective_from": "2026-11-24T12:00:01.000Z",
    "newest_version": 1,
    "newest_status": "approved",
    "author": "ana",
    "rule": RULE,
    "text": TEXT,
    "findings": [],
}
VERSION_OUT: Final[Example] = {
    "version": 1,
    "status": "approved",
    "author": "ana",
    "approved_by": "ben",
    "made_at": "2026-11-24T11:58:00.000Z",
    "rule": RULE,
    "text": TEXT,
}
DIFFERENCE: Final[Example] = {"pointer": "/points", "before": 50, "after": 75}
STEP_OUT: Final[Example] = {
    "revision": 4,
    "kind": "published",
    "version": 1,
    "author": "ana",
    "at": "2026-11-24T12:00:00.000Z",
    "why": "for December",
    "before": "approved",
    "after": "published",
    "effective_from": "2026-11-24T12:00:01.000Z",
}
PROGRAM_VERSION: Final[Example] = {
    "version": 2,
    "effective_from": "2026-11-24T12:00:01.000Z",
    "rule_id": "burger-tuesday",
    "author": "ana",
    "recorded_at": "2026-11-24T12:00:00.000Z",
    "why": "for December",
}
PROGRAM_OUT: Final[Example] = {
    "program": "burgers",
    "version": 2,
    "effective_from": "2026-11-24T12:00:01.000Z",
    "document": {"program": "burgers", "version": 2, "currency": "USD"},
    "versions": [PROGRAM_VERSION],
}
