"""What goes wrong with what goes on for long: imports, streams, backtests."""

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


class BacktestNotFound(Problem):
    """No backtest has this id, or it is too long ago."""

    status = HTTPStatus.NOT_FOUND
    name = "backtest-not-found"
    title = "No such backtest"


class TooManyBacktests(Problem):
    """As many backtests wait as may."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "too-many-backtests"
    title = "Too many backtests wait"
