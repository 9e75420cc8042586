"""`python -m api`: the HTTP service in the foreground."""

import sys
from typing import Final

import uvicorn

from api.app import build
from runtime.logs import set_up_logs
from runtime.settings import InvalidSettings, load_settings

EXIT_USAGE: Final = 2
STOP_SECONDS: Final = 8
KEEP_ALIVE_SECONDS: Final = 30
CONCURRENCY_MAX: Final = 1_000


def main() -> int:
    """Serve until SIGTERM; return the exit code."""
    try:
        settings = load_settings()
    except InvalidSettings as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_USAGE
    set_up_logs(settings.log_level)
    uvicorn.run(
        build(settings),
        host=settings.api_host,
        port=settings.api_port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=CONCURRENCY_MAX,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
