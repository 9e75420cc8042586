"""F: disks that are full, of the broker and of ClickHouse, and have room again."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from jobs.generate_traffic import encoded
from jobs.traffic import traffic
from local.stack import Stack
from schemas.events import EventCodec
from tests.end_to_end.settled import (
    a_producer,
    check_all_equal_the_fold,
    send,
    wait_until_idle,
)
from tests.end_to_end.signing import signed_by
from tests.faults.broker import supervised, up_again
from tests.faults.loads import DRAIN_SECONDS_MAX, a_load

LONG = 3_600
# Small, but enough to begin with.
DISK_MEBIBYTES = {"kafka": 256, "clickhouse": 768}
BROKER_ENDS_SECONDS_MAX = 120.0
PIECE = bytes(1 << 20)


@contextmanager
def a_small_disk(folder: Path, mebibytes: int) -> Iterator[None]:
    """A file system of its own for a folder; only who may mount one can run this."""
    folder.mkdir(parents=True, exist_ok=True)
    options = ["-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs"]
    mounted = subprocess.run(
        ["mount", *options, str(folder)],  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S607 - as above


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All that is there, the broker and ClickHouse on small disks."""
    root = tmp_path_factory.mktemp("full")
    made = Stack(root, say=print)
    with ExitStack() as disks:
        for name, mebibytes in DISK_MEBIBYTES.items():
            disks.enter_context(a_small_disk(root / name, mebibytes))
        try:
            made.start_all()
            yield made
        finally:
            made.stop()


@contextmanager
def a_full_disk(stack: Stack, name: str) -> Iterator[None]:
    """No byte is left on the disk of a part."""
    ballast = stack.root / name / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(PIECE)
        except OSError:
            os.fsync(file.fileno())
    try:
        yield
    finally:
        ballast.unlink()


@pytest.mark.timeout(LONG)
def test_f1_a_clickhouse_whose_disk_is_full_is_waited_for(stack: Stack) -> None:
    send(stack, traffic(a_load(2_000)))
    wait_until_idle(stack, DRAIN_SECONDS_MAX)
    with a_full_disk(stack, "clickhouse"):
        send(stack, traffic(a_load(4_000)))
        # Neither the engine nor Redis notices.
        for group in ("engine", "redis-sink"):
            stack.run_job("wait-until-idle", "--group", group, "--seconds", "600")
        assert stack.is_running("clickhouse-sink")
    stack.start("clickhouse")
    with supervised(stack):
        wait_until_idle(stack, DRAIN_SECONDS_MAX)

    check_all_equal_the_fold(stack)


def pour(stack: Stack, seconds: float) -> None:
    """Send orders until the broker ends or time is up; whether they arrive is open."""
    producer, codec = a_producer(stack), EventCodec()
    deadline = time.monotonic() + seconds
    while stack.is_running("kafka") and time.monotonic() < deadline:
        for topic, key, event in traffic(a_load(4_000)):
            producer.produce(topic, encoded(codec, event), key)
        producer.flush(5)
    producer.purge()


@pytest.mark.timeout(LONG)
def test_f2_a_broker_whose_disk_is_full_loses_nothing_that_it_took(
    stack: Stack,
) -> None:
    first = list(traffic(a_load(2_000)))
    send(stack, first)
    wait_until_idle(stack, DRAIN_SECONDS_MAX)
    member_id = first[0].key
    url, headers = stack.addresses()["api_url"], signed_by(stack)
    with a_full_disk(stack, "kafka"):
        pour(stack, BROKER_ENDS_SECONDS_MAX)
        with httpx.Client(base_url=url, headers=headers, timeout=20) as http:
            read = http.get(f"/v1/members/{member_id}")
    stack.kill("kafka")
    stack.start("kafka")
    up_again(stack)
    with supervised(stack):
        wait_until_idle(stack, DRAIN_SECONDS_MAX)

    assert read.status_code == 200, read.text
    check_all_equal_the_fold(stack)
