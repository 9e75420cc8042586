"""A real HTTP server that webhooks are sent to, and that does as its paths say."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Hit(NamedTuple):
    """A request, and when it came (monotonic seconds)."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def webhook_id(self) -> str:
        return self.headers["webhook-id"]


class Receiver:
    """Every request that came; `before_answer` is called with each."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.hits: list[Hit] = []
        self.before_answer: Callable[[Hit, int], None] = lambda _hit, _count: None
        self.status = 200
        self._lock = threading.Lock()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def of(self, path: str) -> list[Hit]:
        with self._lock:
            return [hit for hit in self.hits if hit.path == path]

    def take(self, hit: Hit) -> int:
        with self._lock:
            self.hits.append(hit)
            count = len(self.hits)
        self.before_answer(hit, count)
        if hit.path == "/slow":
            time.sleep(8)
        return {"/dead": 500, "/gone": 410}.get(hit.path, self.status)

    def wait(self, is_there: Callable[[], bool], seconds: float = 60.0) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if is_there():
                return True
            time.sleep(0.02)
        return False


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free port of this machine."""
    found: list[Receiver] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            body = self.rfile.read(length)
            if len(body) < length:
                # Who sent it was killed in the middle: nobody takes a part.
                self.close_connection = True
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            hit = Hit(self.path, headers, body, time.monotonic())
            status = found[0].take(hit)
            try:
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()
            except OSError:
                # Whoever asked is gone: that is what some tests are about.
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.append(Receiver(server.server_address[1]))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found[0]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
