"""E14: all checks and all phases, stateful too, for as long as FUZZ_SECONDS says."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from api.timed_protocol import TimedProtocol
from local.ports import free_port
from tests.routes.client import Client

CONFIG = Path(__file__).with_name("schemathesis.toml")
ROOT = Path(__file__).parents[2]
# With a token most of it, without one the rest: then all that /v1 says is 401.
SECONDS = int(os.environ.get("FUZZ_SECONDS", "1800"))
SHARES = {"with a token": 0.9, "without": 0.1}
# Ours take their places, see `fuzz_hooks`.
REPLACED = "positive_data_acceptance,use_after_free,negative_data_rejection"
LONG = SECONDS * 2 + 600


@contextmanager
def served(client: Client) -> Iterator[str]:
    """The API behind its real server, its stores in memory."""
    port = free_port()
    config = uvicorn.Config(
        client.app, port=port, http=TimedProtocol, ws="none", log_config=None
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)


@pytest.mark.timeout(LONG)
@pytest.mark.parametrize("how", SHARES)
def test_e14_whatever_the_document_lets_a_fuzzer_send_no_promise_is_broken(
    how: str, tmp_path: Path
) -> None:
    client = Client(stream_seconds_max=0.2)
    client.hold_member()
    # The fuzzer waits ten seconds for the document: it is made before, once.
    assert client.app.openapi()["paths"]
    token = ["-H", f"Authorization: Bearer {client.token}"]
    with served(client) as url:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli"),
                *("--config-file", str(CONFIG), "run", f"{url}/openapi.json"),
                *("--max-time", str(max(int(SECONDS * SHARES[how]), 1))),
                *("--checks", "all", "--exclude-checks", REPLACED),
                *("--phases", "examples,coverage,fuzzing,stateful"),
                *("--suppress-health-check", "all", "--continue-on-failure"),
                *("--request-timeout", "60", "--no-color"),
                *(token if how == "with a token" else []),
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=LONG,
            check=False,
        )

    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
