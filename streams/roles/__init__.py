"""
The composition root of the worker: here, and only here, clients are built.

A process runs one role, and loads that role's module alone: an engine that starts
anew waits for no client of ClickHouse.
"""

from importlib import import_module
from typing import Final

from streams.role import Build

NAMES: Final = ("engine", "redis-sink", "clickhouse-sink", "dispatcher")


def builder_of(name: str) -> Build:
    """What builds a role of a name."""
    build: Build = import_module(f"{__name__}.{name.replace('-', '_')}").build
    return build
