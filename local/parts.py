"""The parts of the stack, as data: how each is started, and when it is healthy."""

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from local import kafka, kafka_archive, valkey
from local.processes import is_listening

HEALTH_SECONDS: Final = 2.0


class Part(NamedTuple):
    """
    One process of the stack.

    `command` gets the part's folder and its ports; `is_healthy` gets the ports.
    `environment` names the settings that carry its ports.
    """

    name: str
    ports: tuple[str, ...]
    command: Callable[[Path, dict[str, int]], list[str]]
    is_healthy: Callable[[dict[str, int]], bool]


def _http_ok(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}{path}", timeout=HEALTH_SECONDS
        ) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's OK
    except (urllib.error.URLError, OSError, json.JSONDecodeError):
        return False


def _python(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def _worker(name: str, role: str) -> Part:
    return Part(
        name,
        ("metrics",),
        lambda _, __: _python("streams", role),
        lambda ports: _http_ok(ports["metrics"], "/health/ready"),
    )


SERVERS: Final = (
    Part(
        "kafka",
        ("kafka", "controller"),
        lambda folder, ports: kafka.prepare(
            folder,
            ports["kafka"],
            ports["controller"],
            archive=kafka_archive.archive(),
        ),
        lambda ports: kafka.is_healthy(ports["kafka"]),
    ),
    Part(
        "valkey",
        ("valkey",),
        lambda folder, ports: valkey.prepare(folder, ports["valkey"]),
        lambda ports: valkey.is_healthy(ports["valkey"]),
    ),
    Part(
        "clickhouse",
        ("clickhouse",),
        lambda folder, ports: _python(
            "local.clickhouse_front",
            "--path",
            str(folder / "data"),
            "--port",
            str(ports["clickhouse"]),
        ),
        lambda ports: (
            is_listening(ports["clickhouse"]) and _http_ok(ports["clickhouse"], "/ping")
        ),
    ),
)

PROCESSES: Final = (
    _worker("worker", "engine"),
    _worker("redis-sink", "redis-sink"),
    _worker("clickhouse-sink", "clickhouse-sink"),
    _worker("dispatcher", "dispatcher"),
    Part(
        "backtester",
        ("metrics",),
        lambda _, __: _python("jobs", "run-backtests"),
        lambda ports: _http_ok(ports["metrics"], "/health/ready"),
    ),
    Part(
        "campaigner",
        ("metrics",),
        lambda _, __: _python("jobs", "run-campaigns"),
        lambda ports: _http_ok(ports["metrics"], "/health/ready"),
    ),
    Part(
        "api",
        ("api",),
        lambda _, __: _python("api"),
        lambda ports: _http_ok(ports["api"], "/health/ready"),
    ),
)


def part_named(name: str) -> Part:
    """Part of a name; `worker-2` and so on are further engines."""
    for part in (*SERVERS, *PROCESSES):
        if part.name == name:
            return part
    base, _, number = name.rpartition("-")
    if base == "worker" and number.isdigit():
        return _worker(name, "engine")
    raise KeyError(name)
