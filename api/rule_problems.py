"""What goes wrong with a step in a rule's life; docs/rules-life.md says why."""

from http import HTTPStatus

from api.problems import Problem


class RuleNotFound(Problem):
    """No rule, or no version of it, has this id."""

    status = HTTPStatus.NOT_FOUND
    name = "rule-not-found"
    title = "No such rule"


class RuleExists(Problem):
    """A new rule with the id of another one."""

    status = HTTPStatus.CONFLICT
    name = "rule-exists"
    title = "There is a rule of this id"


class RuleNotNow(Problem):
    """A step that does not follow from how the rule stands."""

    status = HTTPStatus.CONFLICT
    name = "rule-not-now"
    title = "The rule does not stand so that this could follow"


class RuleInvalid(Problem):
    """A rule with which the program would not be sound."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    name = "rule-invalid"
    title = "The program would not be sound with this rule"


class SelfApproval(Problem):
    """Whoever wrote or submitted a version wants to approve it."""

    status = HTTPStatus.FORBIDDEN
    name = "self-approval"
    title = "Another person approves"


class RevisionStale(Problem):
    """If-Match names a revision that is not the rule's any more."""

    status = HTTPStatus.PRECONDITION_FAILED
    name = "revision-stale"
    title = "The rule has changed meanwhile"


class RevisionRequired(Problem):
    """An edit without If-Match."""

    status = HTTPStatus.PRECONDITION_REQUIRED
    name = "revision-required"
    title = "If-Match is needed: the ETag of the rule"
