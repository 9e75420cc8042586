"""Everything that goes wrong, by kind; docs/problems.md explains each."""

from http import HTTPStatus
from typing import Any, Final

CHALLENGE: Final = 'Bearer realm="regulars"'


class Problem(Exception):
    """An answer that is not the one hoped for; docs/problems.md explains each."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    name = "internal"
    title = "Something failed on our side"

    def __init__(self, detail: str = "", **extra: Any) -> None:
        """`detail` helps the client; `extra` are members of the document."""
        super().__init__(detail)
        self.detail = detail
        self.extra = extra
        self.headers: dict[str, str] = {}


class TokenMissing(Problem):
    """No access token came with the request."""

    status = HTTPStatus.UNAUTHORIZED
    name = "token-missing"
    title = "An access token is needed"

    def __init__(self, detail: str = "") -> None:
        """RFC 6750: without a token there is no error code."""
        super().__init__(detail)
        self.headers["WWW-Authenticate"] = CHALLENGE


class InvalidToken(Problem):
    """An access token that is not one of ours, or no longer."""

    status = HTTPStatus.UNAUTHORIZED
    name = "token-invalid"
    title = "The access token is not valid"

    def __init__(self, detail: str = "") -> None:
        """`detail` is a sentence of ours: nothing of the token is repeated."""
        super().__init__(detail)
        self.headers["WWW-Authenticate"] = (
            f'{CHALLENGE}, error="invalid_token", error_description="{detail}"'
        )


class InsufficientScope(Problem):
    """The token does not allow what is asked for."""

    status = HTTPStatus.FORBIDDEN
    name = "insufficient-scope"
    title = "The access token does not allow this"

    def __init__(self, detail: str = "", *, scopes: tuple[str, ...] = ()) -> None:
        """`scopes` are those of which one would do."""
        super().__init__(detail)
        self.headers["WWW-Authenticate"] = (
            f'{CHALLENGE}, error="insufficient_scope", scope="{" ".join(scopes)}"'
        )


class MemberNotFound(Problem):
    """No member has this id."""

    status = HTTPStatus.NOT_FOUND
    name = "member-not-found"
    title = "No such member"


class MemberMerged(Problem):
    """The member is part of another one, which `merged_into` names."""

    status = HTTPStatus.GONE
    name = "member-merged"
    title = "The member is part of another one"


class CommandNotFound(Problem):
    """No command has this id, or it is too long ago."""

    status = HTTPStatus.NOT_FOUND
    name = "command-not-found"
    title = "No such command"


class DeadLetterNotFound(Problem):
    """No dead letter has this id, or it is too long ago."""

    status = HTTPStatus.NOT_FOUND
    name = "dead-letter-not-found"
    title = "No such dead letter"


class QuestionNotFound(Problem):
    """No question has this name."""

    status = HTTPStatus.NOT_FOUND
    name = "question-not-found"
    title = "No such question"


class ExperimentNotFound(Problem):
    """No experiment has this id, in the program or in what members met."""

    status = HTTPStatus.NOT_FOUND
    name = "experiment-not-found"
    title = "No such experiment"


class TargetNotFound(Problem):
    """The engine does not know what the path names."""

    status = HTTPStatus.NOT_FOUND
    name = "target-not-found"
    title = "What the path names is not there"


class IdempotencyKeyInvalid(Problem):
    """A command without a usable Idempotency-Key."""

    status = HTTPStatus.BAD_REQUEST
    name = "idempotency-key-invalid"
    title = "An Idempotency-Key is needed"


class IdempotencyKeyReused(Problem):
    """A key that was used for something else."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    name = "idempotency-key-reused"
    title = "The Idempotency-Key was used for another request"


class TransactionReused(Problem):
    """A till's transaction id that was used for something else."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    name = "transaction-reused"
    title = "The transaction_id was used for another transaction"


class ContactTaken(Problem):
    """A contact that another member has."""

    status = HTTPStatus.CONFLICT
    name = "contact-taken"
    title = "Another member has this contact"


class IdentityNotKept(Problem):
    """Contacts and codes need a key that is not set."""

    status = HTTPStatus.NOT_IMPLEMENTED
    name = "identity-not-kept"
    title = "Contacts and codes are switched off"


class CommandRefused(Problem):
    """The engine decided that it cannot be, as the member stands."""

    status = HTTPStatus.CONFLICT
    name = "command-refused"
    title = "The engine refused the command"


class CommandInvalid(Problem):
    """The engine refused what the body names, however the member stands."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    name = "command-invalid"
    title = "The command asks for what there is not"


class EstimateRefused(Problem):
    """The order of an estimate would not be taken."""

    status = HTTPStatus.CONFLICT
    name = "estimate-refused"
    title = "The engine would not take the order"


class StateNotKept(Problem):
    """Estimates are switched off, or were when the member last changed."""

    status = HTTPStatus.NOT_IMPLEMENTED
    name = "state-not-kept"
    title = "Estimates are switched off"


class EventRefused(Problem):
    """An event outside the published bounds."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    name = "event-refused"
    title = "The event is outside the published bounds"


class InvalidRequest(Problem):
    """A request that is not of the documented form."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    name = "invalid-request"
    title = "The request is not of the documented form"


class FieldsUnknown(Problem):
    """Fields are asked for that the answer does not have."""

    status = HTTPStatus.BAD_REQUEST
    name = "fields-unknown"
    title = "There is no such field"


class UnsupportedMediaType(Problem):
    """A body of another type than the route takes."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    name = "unsupported-media-type"
    title = "The body is not of a content type that is taken here"


class BodyTooLarge(Problem):
    """A body over the limit."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    name = "body-too-large"
    title = "The body is too large"


class RateLimited(Problem):
    """One request too many, for now."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "rate-limited"
    title = "Too many requests"

    def __init__(self, detail: str = "", *, retry_after_seconds: int = 1) -> None:
        """Whoever waits `retry_after_seconds` is not too early."""
        super().__init__(detail)
        self.headers["Retry-After"] = str(retry_after_seconds)


class TookTooLong(Problem):
    """The body did not come in time."""

    status = HTTPStatus.REQUEST_TIMEOUT
    name = "took-too-long"
    title = "The request took too long to come"


class Unavailable(Problem):
    """A store behind the API does not answer now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    name = "unavailable"
    title = "Not available just now"


def no_such_member(member_id: str) -> MemberNotFound:
    """Answer for a member who is not there, or whom the caller may not see."""
    return MemberNotFound(f"there is no member {member_id!r}")
