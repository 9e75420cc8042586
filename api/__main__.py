"""`python -m api`: the HTTP service in the foreground, in one process or several."""

import secrets
import socket
import sys
from functools import partial
from typing import Final

from api.processes import Processes
from api.serving import EXIT_NOT_READY, EXIT_USAGE, OneOfSeveral, serve
from runtime.logs import set_up_logs
from runtime.settings import InvalidSettings, Settings, load_settings

# As the server has it where it opens the socket itself.
BACKLOG: Final = 2_048
SECRET_BYTES: Final = 32


def main() -> int:
    """Serve until SIGTERM; return the exit code."""
    try:
        settings = load_settings()
    except InvalidSettings as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_USAGE
    if settings.api_processes == 1:
        return serve(settings)
    return _serve_by_several(settings)


def _serve_by_several(settings: Settings) -> int:
    set_up_logs(settings.log_level)
    if not settings.metrics_port:
        sys.stderr.write(
            "REGULARS_METRICS_PORT: several API processes need it: each serves its "
            "metrics at a port of its own, from this one on\n"
        )
        return EXIT_USAGE
    if not settings.console_secret:
        # One for all of them: a browser's next page may be another process's.
        secret = secrets.token_urlsafe(SECRET_BYTES)
        settings = settings.model_copy(update={"console_secret": secret})
    try:
        listening = _listen(settings)
    except OSError as error:
        sys.stderr.write(f"{settings.api_host}:{settings.api_port}: {error}\n")
        return EXIT_NOT_READY
    serve_one = partial(_serve_one, settings, listening)
    return Processes(settings.api_processes, serve_one, listening=listening).run()


def _serve_one(settings: Settings, listening: socket.socket, number: int) -> int:
    return serve(settings, OneOfSeveral(number, listening))


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.api_host else socket.AF_INET
    address = settings.api_host, settings.api_port
    return socket.create_server(address, family=family, backlog=BACKLOG)


if __name__ == "__main__":
    sys.exit(main())
