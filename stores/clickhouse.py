"""ClickHouse's HTTP interface: one way to connect to it, with bounds."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

import clickhouse_connect
from clickhouse_connect.datatypes.base import ClickHouseType
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from stores.unavailable import StoreUnavailable

CONNECT_TIMEOUT_SECONDS: Final = 3
CALL_TIMEOUT_SECONDS: Final = 30
DETAIL_LENGTH_MAX: Final = 500


def connect(
    url: str,
    database: str = "default",
    *,
    seconds_max: int = CALL_TIMEOUT_SECONDS,
) -> Client:
    """
    Open a client of ClickHouse's HTTP interface; a call takes `seconds_max` at most.

    `ca` in the address names the file of a CA that is believed, and no other.
    Raises: ClickHouseError when nobody answers.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return clickhouse_connect.get_client(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or (8443 if parts.scheme == "https" else 8123),
        interface=parts.scheme,
        username=unquote(parts.username or "default"),
        password=unquote(parts.password or ""),
        ca_cert=options.get("ca"),
        database=database,
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        send_receive_timeout=seconds_max,
        query_retries=0,
        autogenerate_session_id=False,
    )


def insert_columns(
    client: Client,
    table: str,
    columns: Mapping[str, Sequence[Any]],
    *,
    settings: dict[str, Any],
    types: Sequence[ClickHouseType] | None = None,
) -> Sequence[ClickHouseType]:
    """
    Insert columns by name; their types are asked for if they are not known.

    Returns the types. Raises: ClickHouseError, OSError.
    """
    context = client.create_insert_context(
        table,
        list(columns),
        column_types=types,
        column_oriented=True,
        settings=settings,
    )
    try:
        client.insert(context=context, data=list(columns.values()))
    finally:
        # It holds itself, and all that went through it, until the collector comes by:
        # in a process that hardly makes a cycle, gigabytes later.
        context.data = [()] * len(columns)
    return context.column_types


def not_done(error: Exception) -> StoreUnavailable:
    """Error of the driver as ours; a server that refuses a statement is not away."""
    is_away = not isinstance(error, DatabaseError) or isinstance(
        error, OperationalError
    )
    detail = str(error)[:DETAIL_LENGTH_MAX] or "late"
    return StoreUnavailable("clickhouse", detail, is_away=is_away)
