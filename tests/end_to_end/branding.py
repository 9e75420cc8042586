"""Two brands on one Kafka, Redis and ClickHouse: processes of each, and how they are asked."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from local import processes
from local.ports import free_port
from local.stack import PROJECT, Stack

ROLES = ("engine", "redis-sink", "clickhouse-sink")


class Brand:
    """Processes of one brand over the servers of a stack."""

    def __init__(self, stack: Stack, name: str, environment: Mapping[str, str]) -> None:
        self.name = name
        self.port = free_port()
        self._stack = stack
        self._environment = {**stack.environment(), "REGULARS_BRAND": name}
        self._environment |= {"REGULARS_API_PORT": str(self.port), **environment}
        self._identities: list[dict[str, Any]] = []
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=20)

    def start(self) -> None:
        """Start engine, sinks and API; nobody is waited for."""
        for role in ROLES:
            self._start(role, "streams", role)
        self._start("api", "api")

    def wait(self) -> None:
        """Until the API is ready."""
        processes.wait_until(
            self._is_ready,
            name=f"{self.name}-api",
            identity=self._identities[-1],
            log=self._log("api"),
            timeout_seconds=90,
        )

    def job(self, *arguments: str) -> str:
        """Output of a job of this brand."""
        done = subprocess.run(
            [sys.executable, "-m", "jobs", *arguments],
            env=self._environment,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def headers(self, *, brand: str | None = None, subject: str = "till") -> Any:
        """Headers of a request with a token of this brand, or of another."""
        token = self._stack.issuer.token(
            "events:write members:read", subject=subject, brand=brand or self.name
        )
        return {"authorization": f"Bearer {token}"}

    def stop(self) -> None:
        """Kill what was started."""
        self.http.close()
        for identity in self._identities:
            processes.kill(identity)

    def _start(self, name: str, *module: str) -> None:
        identity = processes.start(
            [sys.executable, "-m", *module],
            log=self._log(name),
            environment=self._environment | {"REGULARS_WORKER_ID": "worker"},
            folder=PROJECT,
        )
        self._identities.append(identity)

    def _log(self, name: str) -> Path:
        return Path(self._stack.root) / f"{self.name}-{name}.log"

    def _is_ready(self) -> bool:
        try:
            return self.http.get("/health/ready").status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False
