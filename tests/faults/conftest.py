"""The longer fault runs: `make faults` alone runs them, on a stack for each module."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.stack import Stack
from tests.faults import loads
from tests.faults.summary import SHARE_NAME

HERE = Path(__file__).parent
# What needs no servers is for everybody.
SHORT = {"test_rows.py"}
IS_ASKED = os.environ.get("FAULTS") == "1"


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave the long ones out unless they are asked for."""
    long = [
        item
        for item in items
        if HERE in Path(item.path).parents and Path(item.path).name not in SHORT
    ]
    for item in long:
        item.add_marker("faults")
        item.add_marker("end_to_end")
    if not IS_ASKED and long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Kafka, Valkey, ClickHouse, worker, sinks and API, all running and ready."""
    made = Stack(tmp_path_factory.mktemp("faults"), say=print)
    try:
        made.start_all()
        yield made
    finally:
        made.stop()


@pytest.fixture(autouse=True)
def _share(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    """Note what part of their counts the tests of a module have that loads by shares."""
    if hasattr(request.module, "a_load"):
        record_property(SHARE_NAME, loads.SHARE)
