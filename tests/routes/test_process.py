"""`python -m api` as its own process: what it says when it cannot, and how it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import httpx
import pytest

from local.ports import free_port
from runtime.clock_watch import EXIT_CLOCK_SET_BACK
from tests.faults.clocks import JUMP_SECONDS, JumpingClock
from tests.routes.test_ingest import ORDER

# An address where nobody listens.
NOWHERE = "127.0.0.1:1"
JSON = {"content-type": "application/json"}
ISSUED = {"access": "on", "access_issuer": "https://issuer.test"}
# Beside many others a start takes its time.
START_SECONDS = 90
# The server's own grace, and some for the interpreter.
STOP_SECONDS = 10


def environment_of(**settings: str) -> dict[str, str]:
    """Environment of an API that asks for no token, with no settings but these."""
    settings = {"access": "off"} | settings
    own = {k: v for k, v in os.environ.items() if not k.startswith("REGULARS_")}
    return own | {f"REGULARS_{name.upper()}": value for name, value in settings.items()}


def _run(**settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api"],
        env=environment_of(**settings),
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )


@contextmanager
def _served(
    clock: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """An API whose stores are all away."""
    port = free_port()
    environment = environment_of(
        api_port=str(port),
        kafka_bootstrap_servers=NOWHERE,
        redis_url=f"redis://{NOWHERE}/0",
        clickhouse_url=f"http://{NOWHERE}",
    )
    environment |= clock
    process = subprocess.Popen([sys.executable, "-m", "api"], env=environment)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_live(url)
        yield url, process
    finally:
        process.kill()
        process.wait()


def _wait_until_live(url: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            httpx.get(f"{url}/health/live").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the API does not answer")


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"api_prot": "1"}, "REGULARS_API_PROT"),
        ({"api_port": "70000"}, "REGULARS_API_PORT"),
        ({"access": "maybe"}, "REGULARS_ACCESS"),
        ({"access": "off", "api_host": "0.0.0.0"}, "REGULARS_API_HOST"),
        ({"access": "off", "api_host": "::"}, "REGULARS_API_HOST"),
        ({"access": "off", "api_host": "regulars.example"}, "REGULARS_API_HOST"),
        ({"access": "on"}, "REGULARS_ACCESS_ISSUER"),
        (ISSUED | {"access_algorithms": "RS256,HS256"}, "REGULARS_ACCESS_ALGORITHMS"),
        (ISSUED | {"access_algorithms": "none"}, "REGULARS_ACCESS_ALGORITHMS"),
        (ISSUED | {"access_leeway_seconds": "301"}, "REGULARS_ACCESS_LEEWAY_SECONDS"),
        (ISSUED | {"access_jwks_file": "no/such.json"}, "REGULARS_ACCESS_JWKS_FILE"),
        (
            {"access": "on", "access_issuer": "http://far.test"},
            "REGULARS_ACCESS_ISSUER",
        ),
    ],
)
def test_bad_settings_are_named_and_end_it(settings: dict[str, str], word: str) -> None:
    ended = _run(**settings)

    assert ended.returncode == 2
    assert word in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_registry_that_is_away_is_told_in_a_line() -> None:
    ended = _run(schema_registry_url=f"http://{NOWHERE}")

    assert ended.returncode == 3
    assert "registry" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_set_back_by_an_hour_it_ends_so_that_another_begins(tmp_path: Path) -> None:
    clock = JumpingClock(tmp_path)
    with _served(clock.environment()) as (url, process):
        clock.jump(JUMP_SECONDS)
        time.sleep(2)
        goes_on = httpx.get(f"{url}/health/live").status_code
        clock.jump(0)
        code = process.wait(STOP_SECONDS)

    assert goes_on == 200
    assert code == EXIT_CLOCK_SET_BACK


def test_without_any_store_it_lives_says_so_and_stops_when_told() -> None:
    with _served() as (url, process), httpx.Client(base_url=url, timeout=15) as http:
        started = time.monotonic()
        checks = http.get("/health/ready")
        ready_seconds = time.monotonic() - started
        order = ORDER | {"occurred_at": int(time.time() * 1_000)}
        refused = [
            http.post("/v1/orders", json=order),
            http.get("/v1/members/m"),
            http.get("/v1/members/m/ledger"),
        ]
        chunks = iter([b" " * 65_536] * 40)
        large = http.post("/v1/orders", content=chunks, headers=JSON)
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_SECONDS)

    assert checks.status_code == 503
    assert ready_seconds < 2
    assert set(checks.json()["checks"].values()) == {False}
    for answer in refused:
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) > 0
        assert "server" not in answer.headers
    assert large.status_code == 413
    assert process.returncode == 0
