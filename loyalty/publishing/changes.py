"""What can be done to a program and its rules, one change at a time."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from loyalty.document import Fault

Document = Mapping[str, Any]

# Lists of a program's document whose elements have a life of their own.
SECTIONS: Final = (
    "earn",
    "bonuses",
    "streaks",
    "challenges",
    "offers",
    "triggers",
    "journeys",
    "gifts",
    "auto_redeem",
    "discounts",
    "templates",
    "personal_offers",
    "code_pools",
)

# The whole document from a file; all others are about one rule.
DOCUMENT: Final = "document"
DRAFTED: Final = "drafted"
SUBMITTED: Final = "submitted"
APPROVED: Final = "approved"
REJECTED: Final = "rejected"
PUBLISHED: Final = "published"
PAUSED: Final = "paused"
RESUMED: Final = "resumed"
ENDED: Final = "ended"
RUNNING_KINDS: Final = frozenset({PUBLISHED, PAUSED, RESUMED, ENDED})

# Why a change is not taken.
STALE: Final = "stale"
SELF_APPROVAL: Final = "self-approval"
NOT_NOW: Final = "not-now"
NO_RULE: Final = "no-rule"
NO_VERSION: Final = "no-version"
RULE_EXISTS: Final = "rule-exists"
NO_PROGRAM: Final = "no-program"
INVALID: Final = "invalid"
FULL: Final = "full"


class ProgramChange(NamedTuple):
    """
    One change that somebody asks for; the fold says whether it is taken.

    `expected` is the revision of the rule (or the number of documents before)
    that its author had seen: of two who saw the same, the first is taken. It
    takes effect at `effective_from`, but not before `recorded_at`, which is the
    broker's time, and `lead_ms` more. `version` 0 of a publication is the rule
    as the document has it.
    """

    change_id: str
    kind: str
    author: str
    recorded_at: int
    expected: int
    rule_id: str = ""
    section: str = ""
    version: int = 0
    document: Document | None = None
    effective_from: int = 0
    lead_ms: int = 0
    why: str = ""


class Refused(NamedTuple):
    """Why a change is not taken: a stable code, a sentence, faults of a document."""

    reason: str
    detail: str
    faults: tuple[Fault, ...] = ()


class Taken(NamedTuple):
    """A change that is taken: the revision after it, and when it takes effect."""

    revision: int
    effective_from: int


Verdict = Taken | Refused
