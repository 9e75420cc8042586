"""What a job says when it cannot do what it was asked."""


class JobRefused(Exception):  # noqa: N818 - a refusal is told to its user, not handled
    """The user can put it right: the message says what was expected and found."""
