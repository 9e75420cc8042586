"""What a job says when it cannot do what it was asked."""


class JobRefused(Exception):
    """The user can put it right: the message says what was expected and found."""


class JobFailed(Exception):
    """The job did what it was asked, and what it looked at is not as it must be."""
