"""`python -m api`: the HTTP service in the foreground."""

import gc
import signal
import sys
from typing import Final, NoReturn

import uvicorn

from api.building import build
from api.timed_protocol import TimedProtocol
from loyalty.document import InvalidProgram
from runtime.logs import set_up_logs
from runtime.settings import InvalidSettings, load_settings
from schemas.framing import RegistryUnavailable

EXIT_USAGE: Final = 2
# What the server itself ends with when it cannot start, and the engine too.
EXIT_NOT_READY: Final = 3
STOP_SECONDS: Final = 8
KEEP_ALIVE_SECONDS: Final = 30
# Allocations between two looks of the garbage collector; with the default of 700 it
# looks in each request, and now and then at all that was loaded.
COLLECT_EVERY: Final = 50_000


def main() -> int:
    """Serve until SIGTERM; return the exit code."""
    try:
        settings = load_settings()
    except InvalidSettings as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_USAGE
    set_up_logs(settings.log_level)
    # The server raises the signal anew after its clean stop: then it means success.
    signal.signal(signal.SIGTERM, _stop)
    try:
        app = build(settings)
    except InvalidSettings as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_USAGE
    except (InvalidProgram, OSError) as error:
        sys.stderr.write(f"the program cannot be read: {error}\n")
        return EXIT_NOT_READY
    except RegistryUnavailable as error:
        sys.stderr.write(f"the schema registry does not answer: {error}\n")
        return EXIT_NOT_READY
    tune_collector()
    uvicorn.run(
        app,
        host=settings.api_host,
        port=settings.api_port,
        loop="uvloop",
        http=TimedProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    return 0


def tune_collector() -> None:
    """Let the garbage collector look less often: hardly anything here is a cycle."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY, 20, 50)


def _stop(*_: object) -> NoReturn:
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
