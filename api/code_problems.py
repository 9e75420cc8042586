"""What goes wrong with pools of codes and their lists."""

from http import HTTPStatus

from api.problems import Problem


class CodePoolNotFound(Problem):
    """The program in force has no such pool of codes."""

    status = HTTPStatus.NOT_FOUND
    name = "code-pool-not-found"
    title = "No such pool of codes"


class CodesConflict(Problem):
    """Codes that stand elsewhere, numbers that have another code, or too many."""

    status = HTTPStatus.CONFLICT
    name = "codes-conflict"
    title = "These codes cannot stand here"
