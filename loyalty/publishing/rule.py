"""A rule with all that was ever written of it, and every step that was taken."""

from typing import Final, NamedTuple

from loyalty.publishing.changes import APPROVED, PUBLISHED, Document

DRAFT: Final = "draft"
SCHEDULED: Final = "scheduled"
# The version that a rule has in the program's document itself.
OF_DOCUMENT: Final = 0


class RuleVersion(NamedTuple):
    """
    A rule as somebody wrote it; its document never changes.

    `status` is draft, submitted or approved; who else had a hand in it
    (`authors`) cannot approve it.
    """

    number: int
    document: Document
    status: str
    author: str
    made_at: int
    authors: frozenset[str]
    approved_by: str = ""


class Step(NamedTuple):
    """What somebody did to a rule, and when; `before` and `after` are its states."""

    revision: int
    change_id: str
    kind: str
    version: int
    author: str
    at: int
    why: str
    before: str
    after: str
    effective_from: int


class Rule(NamedTuple):
    """
    A rule with all its versions.

    `standing` is empty until it is published, then published, paused or ended
    from `effective_from` on; `running` is the version published last. A rule
    `of_document` was in the program before anybody wrote a version of it.
    """

    rule_id: str
    section: str
    revision: int = 0
    versions: tuple[RuleVersion, ...] = ()
    standing: str = ""
    running: int = 0
    effective_from: int = 0
    of_document: bool = False
    steps: tuple[Step, ...] = ()

    @property
    def newest(self) -> RuleVersion | None:
        """Version written last, None if all there is stands in the document."""
        return self.versions[-1] if self.versions else None

    @property
    def newest_approved(self) -> int | None:
        """Number of the newest version that may be published."""
        numbers = [one.number for one in self.versions if one.status == APPROVED]
        return numbers[-1] if numbers else None

    @property
    def state(self) -> str:
        """How the rule stands, time aside: a scheduled rule is published."""
        return self.standing or self.pending or DRAFT

    @property
    def pending(self) -> str:
        """Status of a version newer than the one published last; empty: none."""
        newest = self.newest
        if newest is None or (self.standing and newest.number <= self.running):
            return ""
        return newest.status

    def version(self, number: int) -> RuleVersion | None:
        """Version of a number."""
        if 1 <= number <= len(self.versions):
            return self.versions[number - 1]
        return None

    def state_at(self, now: int) -> str:
        """How the rule stands at a time; scheduled is published and yet to come."""
        if self.standing == PUBLISHED and self.effective_from > now:
            return SCHEDULED
        return self.state
