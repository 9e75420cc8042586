"""What goes wrong with what flows for long: imports and streams."""

from http import HTTPStatus

from api.problems import Problem


class ImportNotFound(Problem):
    """This client has no import of this id, or it is too long ago."""

    status = HTTPStatus.NOT_FOUND
    name = "import-not-found"
    title = "No such import"


class TooManyImports(Problem):
    """As many imports run as may."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "too-many-imports"
    title = "Too many imports run"


class TooManyStreams(Problem):
    """As many streams of the member are open as may be."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "too-many-streams"
    title = "Too many streams of this member"
