"""Only the servers that a contract needs, once for all contracts."""

from collections.abc import Iterator

import pytest

from jobs.migrate_clickhouse import migrate
from local.stack import Stack
from stores.clickhouse import connect


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Valkey and ClickHouse, with tables."""
    stack = Stack(tmp_path_factory.mktemp("contracts"))
    try:
        stack.start("valkey")
        stack.start("clickhouse")
        migrate(connect(stack.addresses()["clickhouse_url"]), "regulars")
        yield stack
    finally:
        stack.stop()


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Kafka, with the topics."""
    stack = Stack(tmp_path_factory.mktemp("kafka"))
    try:
        stack.start("kafka")
        stack.run_job("create-topics")
        yield stack
    finally:
        stack.stop()
