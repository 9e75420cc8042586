"""Grafana's panels ask ClickHouse what it can answer, on the tables as migrated."""

from collections.abc import Iterator

import pytest
from clickhouse_connect.driver.client import Client

from jobs.dashboards.boards import BOARDS
from jobs.dashboards.panels import Asked, sql_of
from local.stack import Stack
from stores.clickhouse import connect
from stores.questions import QUESTIONS

pytestmark = pytest.mark.end_to_end
# As Grafana would: texts, put in place before the statement is sent.
MACROS = {
    "$__from": "1704067200000",
    "$__to": "1711929600000",
    "$zone": "America/Chicago",
    "$wallet": "points",
    "$tiers": "base,silver,gold",
}
PANELS = [
    panel for board in BOARDS for panel in board.panels if isinstance(panel, Asked)
]


@pytest.fixture(scope="module")
def client(servers: Stack) -> Iterator[Client]:
    made = connect(servers.addresses()["clickhouse_url"], "regulars")
    yield made
    made.close()


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.title)
def test_a_panel_is_answered_in_its_questions_columns(
    client: Client, panel: Asked
) -> None:
    statement = sql_of(panel.question)
    for macro, value in MACROS.items():
        statement = statement.replace(macro, value)
    columns = client.query(f"DESCRIBE (\n{statement}\n)").result_rows
    client.query(statement)

    assert "$" not in statement
    assert [row[0] for row in columns] == [
        column.name for column in QUESTIONS[panel.question].columns
    ]
