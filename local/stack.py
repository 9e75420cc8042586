"""The whole stack in one folder: started, found again, stopped, part by part."""

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from local import processes
from local.issuer import LocalIssuer
from local.parts import PROCESSES, SERVERS, Part, part_named
from local.ports import free_port
from local.secret_files import key_settings

PROJECT: Final = Path(__file__).parents[1]
# Above the bounds that jobs keep by themselves.
JOB_SECONDS_MAX: Final = 900
SETUP_JOBS: Final = ("create-topics", "migrate-clickhouse")
# Also the way back: what depends on others stops first.
ALL_PARTS: Final = (*SERVERS, *PROCESSES)
# By what name the address of a part is known; its port is named as the part.
ADDRESSES: Final = {
    "kafka": "bootstrap_servers",
    "valkey": "redis_url",
    "clickhouse": "clickhouse_url",
    "api": "api_url",
}

Say = Callable[[str], None]


class JobFailed(Exception):
    """A job of the set-up failed; the message holds its output."""


class Stack:
    """
    Servers and processes of one folder, described by its `stack.json`.

    A part keeps its port and its data over restarts. A second start finds what
    runs and starts only what does not.
    """

    def __init__(
        self,
        root: Path,
        *,
        say: Say = lambda _: None,
        settings: Mapping[str, str] | None = None,
        elsewhere: Mapping[str, str] | None = None,
    ) -> None:
        """
        `root` holds data, logs and `stack.json`; `say` tells of progress.

        `settings` are further ones of the processes; the environment's come before.
        `elsewhere` are addresses of servers that somebody else runs, by the names
        of `addresses`: those are not started here.
        """
        self.root = root
        self._elsewhere = dict(elsewhere or {})
        self._settings = dict(settings or {})
        self.issuer = LocalIssuer(root)
        self._say = say
        self._file = root / "stack.json"
        self._state: dict[str, Any] = {"pids": {}, "identities": {}, "ports": {}}
        if self._file.exists():
            self._state |= json.loads(self._file.read_text())

    def start_servers(self) -> None:
        """Start Kafka, Valkey and ClickHouse where they do not run."""
        with self._locked():
            for part in SERVERS:
                if ADDRESSES[part.name] not in self._elsewhere:
                    self._start(part)

    def start_all(self, *, later: Collection[str] = ()) -> None:
        """
        Start the servers, set up topics and tables, start worker, sinks and API.

        But for parts that the caller starts `later`, by their names.
        """
        self.start_servers()
        for job in SETUP_JOBS:
            self.run_job(job)
        parts = [part for part in PROCESSES if part.name not in later]
        with self._locked():
            for part in parts:
                self._start(part, wait=False)
            for part in parts:
                self._wait(part)

    def start(self, name: str, *, wait: bool = True) -> None:
        """Start one part by name, at its former port if it had one."""
        with self._locked():
            self._start(part_named(name), wait=wait)

    def kill(self, name: str) -> None:
        """Kill -9, and wait until it is gone."""
        processes.kill(self._identity(name))

    def terminate(self, name: str, timeout_seconds: float = 15.0) -> None:
        """SIGTERM, and SIGKILL after a bound."""
        processes.stop(self._identity(name), timeout_seconds)

    def pause(self, name: str) -> None:
        """SIGSTOP: it neither runs nor ends."""
        processes.send(self._identity(name), signal.SIGSTOP)

    def resume(self, name: str) -> None:
        """SIGCONT."""
        processes.send(self._identity(name), signal.SIGCONT)

    def is_running(self, name: str) -> bool:
        """Whether the part's process is there."""
        return processes.is_running(self._state["identities"].get(name))

    def wait_until_ready(
        self, name: str, timeout_seconds: float = processes.READY_SECONDS_MAX
    ) -> None:
        """
        Wait for a part that was started.

        Raises: NotHealthy.
        """
        self._wait(part_named(name), timeout_seconds)

    def stop(self) -> None:
        """Stop everything, in the order of dependence."""
        with self._locked():
            names = [part.name for part in ALL_PARTS]
            extra = [n for n in self._state["identities"] if n not in names]
            for name in [*extra, *reversed(names)]:
                if self.is_running(name):
                    self._say(f"stopping {name}")
                    self.terminate(name)
            self._state["pids"], self._state["identities"] = {}, {}
            self._write()

    def environment(self) -> dict[str, str]:
        """This process' environment, and the settings of a process of this stack."""
        return self._defaults() | dict(os.environ) | self._own()

    def settings(self) -> dict[str, str]:
        """Settings that point a process at this stack."""
        return self._defaults() | self._own()

    def _defaults(self) -> dict[str, str]:
        # Whoever sits at this machine chooses whom they are; the API checks that too.
        people = {"REGULARS_CONSOLE_SIGN_IN": "local"}
        # The demo replays a year that is over: its messages are shown all the same.
        people["REGULARS_MESSAGES_OF_HISTORY"] = "true"
        return people | self._settings

    def _own(self) -> dict[str, str]:
        names = {
            "bootstrap_servers": "REGULARS_KAFKA_BOOTSTRAP_SERVERS",
            "redis_url": "REGULARS_REDIS_URL",
            "clickhouse_url": "REGULARS_CLICKHOUSE_URL",
        }
        addresses = self.addresses()
        own = {
            setting: addresses[name]
            for name, setting in names.items()
            if name in addresses
        }
        return own | self.issuer.settings() | key_settings(self.root)

    def addresses(self) -> dict[str, str]:
        """Addresses of the parts that have a port."""
        ports = self._state["ports"]
        forms = {
            "kafka": "127.0.0.1:{}",
            "valkey": "redis://127.0.0.1:{}/0",
            "clickhouse": "http://127.0.0.1:{}",
            "api": "http://127.0.0.1:{}",
        }
        own = {
            ADDRESSES[part]: form.format(ports[part][part])
            for part, form in forms.items()
            if part in ports
        }
        return own | self._elsewhere

    def port(self, name: str, port: str) -> int:
        """Port of a part."""
        return int(self._state["ports"][name][port])

    def pids(self) -> dict[str, int]:
        """Pids by part."""
        return {name: int(pid) for name, pid in self._state["pids"].items()}

    def run_job(self, *arguments: str) -> str:
        """
        Run a job against this stack and return its output.

        Raises: JobFailed.
        """
        self._say(f"running {arguments[0]}")
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "jobs", *arguments],
            env=self.environment(),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=JOB_SECONDS_MAX,
            check=False,
        )
        if done.returncode != 0:
            output = (done.stdout + done.stderr).strip()
            raise JobFailed(f"{' '.join(arguments)} failed: {output[-2000:]}")
        return done.stdout

    def log(self, name: str) -> Path:
        """Log file of a part."""
        return self.root / "log" / f"{name}.log"

    def _start(self, part: Part, *, wait: bool = True) -> None:
        if self.is_running(part.name):
            return
        ports = self._ports(part)
        self._say(f"starting {part.name}")
        environment = self.environment()
        if "metrics" in ports:
            environment["REGULARS_METRICS_PORT"] = str(ports["metrics"])
            # The role is in the group's name already; this tells workers apart.
            environment["REGULARS_WORKER_ID"] = part.name
        if "api" in ports:
            environment["REGULARS_API_PORT"] = str(ports["api"])
        identity = processes.start(
            part.command(self.root / part.name, ports),
            log=self.log(part.name),
            environment=environment,
            folder=PROJECT,
        )
        self._state["identities"][part.name] = identity
        self._state["pids"][part.name] = identity["pid"]
        self._write()
        if wait:
            self._wait(part)

    def _wait(
        self, part: Part, timeout_seconds: float = processes.READY_SECONDS_MAX
    ) -> None:
        processes.wait_until(
            lambda: part.is_healthy(self._state["ports"][part.name]),
            name=part.name,
            identity=self._identity(part.name),
            log=self.log(part.name),
            timeout_seconds=timeout_seconds,
        )

    def _ports(self, part: Part) -> dict[str, int]:
        known: dict[str, int] = self._state["ports"].setdefault(part.name, {})
        for port in part.ports:
            if port not in known:
                asked = os.environ.get(f"REGULARS_LOCAL_{port.upper()}_PORT")
                known[port] = int(asked) if asked else free_port()
        return known

    def _identity(self, name: str) -> dict[str, Any]:
        identity: dict[str, Any] = self._state["identities"][name]
        return identity

    def _write(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".tmp")
        draft.write_text(json.dumps(self.addresses() | self._state, indent=2) + "\n")
        # A reader sees the old file or the new one, never a part of it.
        draft.replace(self._file)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
