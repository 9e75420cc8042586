"""The demo's receiver of webhooks: each message that came, verified, in a file."""

import base64
import hashlib
import hmac
import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

# An address of this machine that nothing else uses: the stack may send nowhere else
# inside, and what must not be reached (127.0.0.1) stays out of reach.
ADDRESS: Final = "127.77.0.1"
SETTINGS: Final = {
    "REGULARS_WEBHOOK_HTTP": "true",
    "REGULARS_WEBHOOK_NETWORKS": f"{ADDRESS}/32",
}
ACCEPTED: Final = 204
REFUSED: Final = 401


class WebhookLog:
    """What came to one address: each id once, whatever was sent twice."""

    def __init__(self, file: Path, port: int) -> None:
        """`file` gets a line of JSON for each message; what it has is kept."""
        self.url = f"http://{ADDRESS}:{port}/"
        self.file = file
        self.secret = ""
        self._lock = threading.Lock()
        self._seen: dict[str, dict[str, Any]] = {}
        if file.exists():
            told = [json.loads(line) for line in file.read_text().splitlines()]
            self._seen = {one["webhook_id"]: one for one in told}

    def take(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Keep a message that is signed with our secret; whether it is."""
        if not self.secret or not is_signed(self.secret, headers, body):
            return False
        line = json.loads(body)["data"] | {"webhook_id": headers["webhook-id"]}
        with self._lock:
            if line["webhook_id"] not in self._seen:
                self._seen[line["webhook_id"]] = line
                with self.file.open("a") as out:
                    out.write(json.dumps(line) + "\n")
        return True

    def messages(self) -> list[dict[str, Any]]:
        """What came, in the order that it came first."""
        with self._lock:
            return list(self._seen.values())

    def campaigns(self) -> Counter[str]:
        """How many messages of each trigger or journey came."""
        return Counter(one["campaign_id"] for one in self.messages())


def is_signed(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether Standard Webhooks' signature of a request is of a secret."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    name, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    text = f"{name}.{sent_at}.".encode() + body
    ours = base64.b64encode(hmac.digest(key, text, hashlib.sha256)).decode()
    given = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(f"v1,{ours}", one) for one in given)


@contextmanager
def receiving(file: Path) -> Iterator[WebhookLog | None]:
    """A log while it listens; None on a machine that has no such address."""
    kept: list[WebhookLog] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(ACCEPTED if kept[0].take(headers, body) else REFUSED)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing: the log is the file."""

    try:
        server = ThreadingHTTPServer((ADDRESS, 0), Handler)
    except OSError:
        yield None
        return
    server.daemon_threads = True
    kept.append(WebhookLog(file, server.server_address[1]))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield kept[0]
    finally:
        server.shutdown()
        server.server_close()
