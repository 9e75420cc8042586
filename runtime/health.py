"""A worker's own small HTTP server: live, ready, metrics."""

import logging
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final

import orjson
from prometheus_client import REGISTRY
from prometheus_client.exposition import choose_encoder

logger = logging.getLogger(__name__)

REQUEST_TIMEOUT_SECONDS: Final = 5

Readiness = Callable[[], dict[str, bool]]


def serve_health(host: str, port: int, readiness: Readiness) -> None:
    """
    Answer /health/live, /health/ready and /metrics in threads, for ever.

    `readiness` names each condition and whether it holds; ready is all of them.
    """

    class Handler(BaseHTTPRequestHandler):
        timeout = REQUEST_TIMEOUT_SECONDS
        server_version = "regulars"
        sys_version = ""

        def do_GET(self) -> None:
            if self.path == "/health/live":
                self._answer(200, b'{"status":"live"}')
            elif self.path == "/health/ready":
                checks = readiness()
                ready = bool(checks) and all(checks.values())
                told = {"status": "ready" if ready else "waiting", "checks": checks}
                self._answer(200 if ready else 503, orjson.dumps(told))
            elif self.path == "/metrics":
                body, kind = metrics_page(self.headers.get("Accept", ""))
                self._answer(200, body, kind)
            else:
                self._answer(404, b'{"status":"no such page"}')

        def log_message(self, *_: object) -> None:
            """Keep probes out of the log."""

        def _answer(
            self, status: int, body: bytes, content_type: str = "application/json"
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, name="health", daemon=True).start()
    logger.info("health and metrics", extra={"host": host, "port": port})


def metrics_page(accept: str) -> tuple[bytes, str]:
    """All metrics and their content type: as OpenMetrics, with exemplars, if asked."""
    encode, content_type = choose_encoder(accept)
    return encode(REGISTRY), content_type
