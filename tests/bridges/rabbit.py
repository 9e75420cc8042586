"""A RabbitMQ of one's own, out of Debian's packages where `make tools` unpacked them."""

import os
from pathlib import Path
from typing import Any

from local import processes
from local.ports import free_port

TOOLS = Path(__file__).parents[2] / ".tools" / "rabbitmq"
READY_SECONDS_MAX = 240.0
CONFIG = """\
listeners.tcp.1 = 127.0.0.1:{port}
loopback_users = none
log.console = true
log.console.level = warning
log.file = false
vm_memory_high_watermark.absolute = 400MB
disk_free_limit.absolute = 1MB
"""


def is_installed() -> bool:
    """Whether the packages are there."""
    return (TOOLS / "usr" / "lib" / "rabbitmq").is_dir()


class Rabbit:
    """One node in a folder, on free ports; it speaks AMQP 0-9-1 and 1.0."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self._ports = [free_port() for _ in range(2)]
        self._running: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Start its names' daemon and the node, and wait until it answers."""
        epmd, distribution = self._ports
        [erts] = (TOOLS / "usr" / "lib" / "erlang").glob("erts-*")
        [home] = (TOOLS / "usr" / "lib" / "rabbitmq" / "lib").iterdir()
        environment = self._environment(erts, home, epmd, distribution=distribution)
        log = self._folder / "rabbitmq.log"
        self._running = [
            processes.start(
                [str(erts / "bin" / "epmd"), "-port", str(epmd)],
                log=log,
                environment=environment,
            )
        ]
        node = processes.start(
            ["sh", str(home / "sbin" / "rabbitmq-server")],
            log=log,
            environment=environment,
            folder=self._folder,
        )
        self._running.append(node)
        processes.wait_until(
            lambda: processes.is_listening(self.port),
            name="rabbitmq",
            identity=node,
            log=log,
            timeout_seconds=READY_SECONDS_MAX,
        )

    def stop(self) -> None:
        """Stop the node, then the daemon; what is durable is kept."""
        for one in reversed(self._running):
            processes.stop(one, 30)
        self._running = []

    def _environment(
        self, erts: Path, home: Path, epmd: int, *, distribution: int
    ) -> dict[str, str]:
        scripts = self._folder / "bin"
        scripts.mkdir(parents=True, exist_ok=True)
        # The package's own script knows one place only, where it would be installed.
        erl = scripts / "erl"
        erl.write_text(
            f"#!/bin/sh\nexport ROOTDIR={erts.parent} BINDIR={erts}/bin EMU=beam "
            f'PROGNAME=erl\nexec {erts}/bin/erlexec "$@"\n'
        )
        erl.chmod(0o755)
        config = self._folder / "rabbitmq.conf"
        config.write_text(CONFIG.format(port=self.port))
        plugins = self._folder / "plugins"
        plugins.write_text("[rabbitmq_amqp1_0].\n")
        return {
            "PATH": f"{scripts}:{os.environ['PATH']}",
            "HOME": str(self._folder),
            "ERL_EPMD_PORT": str(epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_HOME": str(home),
            "RABBITMQ_NODENAME": f"test-{self.port}@localhost",
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "data"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_PID_FILE": str(self._folder / "pid"),
            "RABBITMQ_CONFIG_FILE": str(config),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_ADVANCED_CONFIG_FILE": "/dev/null",
            # One core is enough, and it is quiet when nothing happens.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none",
        }
