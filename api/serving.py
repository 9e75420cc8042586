"""One process of the service: built, served until it is told to stop."""

import asyncio
import os
import signal
import socket
import sys
from typing import Final, NamedTuple

import uvicorn
from fastapi import FastAPI

from api.building import build
from api.routes.health import NEEDED, Readiness
from api.timed_protocol import TimedProtocol
from loyalty.document import InvalidProgram
from runtime.clock_watch import EXIT_CLOCK_SET_BACK, ClockWatch
from runtime.collector import tune_collector
from runtime.health import serve_health
from runtime.logs import set_up_logs
from runtime.settings import InvalidSettings, Settings
from schemas.framing import RegistryUnavailable

EXIT_USAGE: Final = 2
# What the server itself ends with when it cannot start, and the engine too.
EXIT_NOT_READY: Final = 3
STOP_SECONDS: Final = 8
KEEP_ALIVE_SECONDS: Final = 30
READINESS_SECONDS_MAX: Final = 3.0
# Allocations between two looks of the garbage collector; with the default of 700 it
# looks in each request, and now and then at all that was loaded.
COLLECT_EVERY: Final = 50_000


class OneOfSeveral(NamedTuple):
    """Which of several processes this is, and the socket that all of them accept on."""

    number: int
    listening: socket.socket


def serve(settings: Settings, one: OneOfSeveral | None = None) -> int:
    """Serve until SIGTERM; return the exit code."""
    set_up_logs(settings.log_level)
    watch = ClockWatch(_end)
    # The server raises the signal anew after its clean stop: then it means success,
    # or that a process which begins anew shall take our place.
    signal.signal(
        signal.SIGTERM,
        lambda *_: sys.exit(EXIT_CLOCK_SET_BACK if watch.was_set_back else 0),
    )
    try:
        app = build(settings, number=one.number if one else None)
    except InvalidSettings as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_USAGE
    except (InvalidProgram, OSError) as error:
        sys.stderr.write(f"the program cannot be read: {error}\n")
        return EXIT_NOT_READY
    except RegistryUnavailable as error:
        sys.stderr.write(f"the schema registry does not answer: {error}\n")
        return EXIT_NOT_READY
    watch.start()
    tune_collector(COLLECT_EVERY)
    config = uvicorn.Config(
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
    if one is None:
        uvicorn.Server(config).run()
    else:
        port = settings.metrics_port + one.number
        _Told(config, app, settings.metrics_host, port).run([one.listening])
    return 0


class _Told(uvicorn.Server):
    """A server whose health and metrics have an address of their own."""

    def __init__(
        self, config: uvicorn.Config, app: FastAPI, host: str, port: int
    ) -> None:
        super().__init__(config)
        self._app, self._place = app, (host, port)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and then to tell how it is."""
        loop = asyncio.get_running_loop()
        readiness: Readiness = self._app.state.readiness

        def checks() -> dict[str, bool]:
            asked = asyncio.run_coroutine_threadsafe(readiness.checks(), loop)
            try:
                found = asked.result(READINESS_SECONDS_MAX)
            except TimeoutError:
                # Whoever does not get round to this gets round to no request.
                return {"process": False}
            return {name: found[name] for name in NEEDED}

        try:
            serve_health(*self._place, checks)
        except OSError as error:
            sys.stderr.write(f"no address for metrics: {error}\n")
            sys.exit(EXIT_NOT_READY)
        await super().startup(sockets)


def _end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
