"""Real servers for the end-to-end tests: a stack a module, in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stack import Stack

PROGRAM_FILE = Path(__file__).parents[2] / "programs" / "demo.yaml"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs servers."""
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker("end_to_end")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Kafka, Valkey, ClickHouse, worker, sinks and API, all running and ready."""
    made = Stack(tmp_path_factory.mktemp("stack"), say=print)
    try:
        made.start_all()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Kafka, Valkey and ClickHouse, for tests whose names keep out of each other's way."""
    made = Stack(tmp_path_factory.mktemp("servers"), say=print)
    try:
        made.start_servers()
        yield made
    finally:
        made.stop()
