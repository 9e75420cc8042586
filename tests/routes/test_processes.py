"""`python -m api` in two processes: one socket, each its metrics, one may be killed."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import psutil
import pytest

from local.ports import free_port, ports_in_a_row
from tests.routes.test_process import NOWHERE, STOP_SECONDS, environment_of

PROCESSES = 2
# Beside many others a start takes its time.
WAIT_SECONDS = 90
SERVED = re.compile(r"^regulars_requests_total\{.*\} ([0-9.]+)", re.MULTILINE)


class Served:
    """Two processes whose stores are all away, and their parent."""

    def __init__(self) -> None:
        self.port, self.metrics_port = free_port(), ports_in_a_row(PROCESSES)
        self.url = f"http://127.0.0.1:{self.port}"
        settings = environment_of(
            api_port=str(self.port),
            api_processes=str(PROCESSES),
            metrics_port=str(self.metrics_port),
            console_sign_in="local",
            kafka_bootstrap_servers=NOWHERE,
            redis_url=f"redis://{NOWHERE}/0",
            clickhouse_url=f"http://{NOWHERE}",
        )
        self.parent = subprocess.Popen([sys.executable, "-m", "api"], env=settings)

    def children(self) -> list[psutil.Process]:
        """Processes that serve."""
        return psutil.Process(self.parent.pid).children()

    def served_by(self, number: int) -> float:
        """How many requests a process has answered, by its own count."""
        port = self.metrics_port + number
        page = httpx.get(f"http://127.0.0.1:{port}/metrics")
        return sum(float(count) for count in SERVED.findall(page.text))

    def is_live(self) -> bool:
        """Whether all of them answer at their own addresses."""
        try:
            for number in range(PROCESSES):
                self.served_by(number)
            httpx.get(f"{self.url}/health/live").raise_for_status()
        except httpx.HTTPError:
            return False
        return True


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < deadline, holds
        time.sleep(0.1)


@contextmanager
def served() -> Iterator[Served]:
    """Two processes that answer."""
    made = Served()
    try:
        eventually(made.is_live)
        yield made
    finally:
        # Its children end with it.
        made.parent.kill()
        made.parent.wait()


def test_each_process_tells_its_own_metrics_and_all_of_them_serve() -> None:
    with served() as several:
        shared = httpx.get(f"{several.url}/metrics")
        before = [several.served_by(number) for number in range(PROCESSES)]
        asked = 0

        def have_both_served() -> bool:
            nonlocal asked
            # Each time a connection of its own: whoever is free takes it.
            httpx.get(f"{several.url}/health/live").raise_for_status()
            asked += 1
            return all(several.served_by(n) > before[n] for n in range(PROCESSES))

        eventually(have_both_served)
        after = [several.served_by(number) for number in range(PROCESSES)]
        own = [
            httpx.get(f"http://127.0.0.1:{several.metrics_port + number}/health/ready")
            for number in range(PROCESSES)
        ]

    assert shared.status_code == 404
    assert "REGULARS_METRICS_PORT" in shared.json()["detail"]
    assert sum(after) - sum(before) == asked
    assert {one.status_code for one in own} == {503}
    assert own[0].json()["checks"] == {"redis": False, "kafka": False, "program": False}


def test_who_signed_in_at_one_process_is_known_to_the_others() -> None:
    with served() as several, httpx.Client(base_url=several.url) as first:
        page = first.get("/console/sign-in").text
        csrf = re.search(r'name="csrf" value="([^"]+)"', page)
        assert csrf is not None, page
        form = {"csrf": csrf[1], "role": "analyst", "name": "Ada"}
        first.post("/console/sign-in", data=form)
        cookies = dict(first.cookies)
        before = [several.served_by(number) for number in range(PROCESSES)]
        found = set()

        def have_both_served() -> bool:
            answer = httpx.get(f"{several.url}/console/", cookies=cookies)
            found.add(answer.headers.get("location", ""))
            return all(several.served_by(n) > before[n] for n in range(PROCESSES))

        eventually(have_both_served)

    assert "regulars_session" in cookies
    # To their first page, and not to the door.
    assert len(found) == 1
    assert "sign-in" not in found.pop()


def test_one_that_is_killed_is_replaced_and_nobody_is_turned_away() -> None:
    with served() as several:
        killed = several.children()[0]
        killed.kill()
        answers = [
            httpx.get(f"{several.url}/health/live", timeout=5).status_code
            for _ in range(100)
        ]
        eventually(lambda: len(several.children()) == PROCESSES)
        eventually(several.is_live)

    assert set(answers) == {200}


def test_all_of_them_stop_when_the_parent_is_told_to() -> None:
    with served() as several:
        children = several.children()
        began = time.monotonic()
        several.parent.send_signal(signal.SIGTERM)
        code = several.parent.wait(STOP_SECONDS)
        seconds = time.monotonic() - began

    assert code == 0
    assert seconds < STOP_SECONDS
    assert not any(child.is_running() for child in children)


def test_none_is_left_when_the_parent_is_killed() -> None:
    with served() as several:
        children = several.children()
        several.parent.kill()
        _, alive = psutil.wait_procs(children, STOP_SECONDS)

    assert alive == []


@pytest.mark.parametrize(
    ("settings", "code", "word"),
    [
        ({}, 2, "REGULARS_METRICS_PORT"),
        ({"api_processes": "65"}, 2, "REGULARS_API_PROCESSES"),
        ({"metrics_port": "1024", "api_port": "{taken}"}, 3, "{taken}"),
        ({"metrics_port": "{taken}", "api_port": "{free}"}, 3, "address for metrics"),
        ({"metrics_port": "1024", "access": "on"}, 2, "REGULARS_ACCESS_ISSUER"),
    ],
    ids=["no metrics", "too many", "port taken", "metrics taken", "settings of one"],
)
def test_what_cannot_serve_at_all_says_so_and_ends(
    settings: dict[str, str], code: int, word: str
) -> None:
    free = free_port()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = {"taken": taken.getsockname()[1], "free": free}
        given = {"api_processes": "2", "api_port": str(free)} | settings
        ended = subprocess.run(
            [sys.executable, "-m", "api"],
            env=environment_of(**{k: v.format(**ports) for k, v in given.items()}),
            capture_output=True,
            text=True,
            timeout=WAIT_SECONDS,
            check=False,
        )

    assert ended.returncode == code
    assert word.format(**ports) in ended.stderr
    assert "Traceback" not in ended.stderr


def test_one_that_does_not_stop_is_killed_in_time() -> None:
    program = (
        "import os, signal, socket, sys, time\n"
        "from api.processes import Processes\n"
        "def serve(number):\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "    os.write(1, b'%d\\n' % number)\n"
        "    time.sleep(600)\n"
        "    return 0\n"
        "listening = socket.create_server(('127.0.0.1', 0))\n"
        "sys.exit(Processes(2, serve, listening=listening).run())\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout as said:
        lines = {said.readline(), said.readline()}
        children = psutil.Process(parent.pid).children()
        parent.send_signal(signal.SIGTERM)
        code = parent.wait(STOP_SECONDS + 2)

    assert lines == {b"0\n", b"1\n"}
    assert code == 0
    assert not any(child.is_running() for child in children)
