"""What a ClickHouse HTTP request asks for: statement, data, parameters, settings."""

import gzip
import re
import zlib
from collections.abc import Mapping
from typing import Final, NamedTuple

import lz4.frame
from backports import zstd

BODY_BYTES_MAX: Final = 268_435_456
# The statement of an insert stands before its data, and is short.
STATEMENT_BYTES_MAX: Final = 262_144

# What the HTTP interface keeps for itself; everything else is a setting.
TRANSPORT: Final = frozenset(
    {
        "query",
        "database",
        "default_format",
        "session_id",
        "session_timeout",
        "session_check",
        "query_id",
        "quota_key",
        "compress",
        "decompress",
        "enable_http_compression",
        "wait_end_of_query",
        "buffer_size",
        "client_protocol_version",
        "role",
        "user",
        "password",
        "send_progress_in_http_headers",
        "http_headers_progress_interval_ms",
        "add_http_cors_header",
        "log_queries",
    }
)

_INSERT: Final = re.compile(
    rb"\s*(INSERT\s+INTO\s+.*?)\s+FORMAT\s+(\w+)\s*?\n", re.IGNORECASE | re.DOTALL
)
_INSERT_ALONE: Final = re.compile(
    rb"\s*(INSERT\s+INTO\s+.*?)\s+FORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE | re.DOTALL
)
_FORMAT: Final = re.compile(rb"\bFORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE)
_SETTING: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class BadRequest(Exception):
    """A request that is not one of this interface."""


class Insert(NamedTuple):
    """Data to insert: statement without its format, the format, the bytes."""

    statement: str
    format: str
    data: bytes


class Query(NamedTuple):
    """A statement to run, and the format of its answer."""

    statement: str
    format: str


class Request(NamedTuple):
    """One request, understood."""

    action: Insert | Query
    database: str
    parameters: dict[str, str]
    settings: dict[str, str]


def request_of(arguments: Mapping[str, str], encoding: str, body: bytes) -> Request:
    """
    Understand a request from its query string, content encoding and body.

    Raises: BadRequest.
    """
    data = decompressed(body, encoding)
    prefix = arguments.get("query", "").encode()
    settings = {
        name: value
        for name, value in arguments.items()
        if name not in TRANSPORT and not name.startswith("param_")
    }
    for name in settings:
        if not _SETTING.fullmatch(name):
            raise BadRequest(f"{name!r} is not the name of a setting")
    parameters = {
        name.removeprefix("param_"): value
        for name, value in arguments.items()
        if name.startswith("param_")
    }
    default_format = arguments.get("default_format", "TabSeparated")
    action = _action(prefix, data, default_format)
    return Request(action, arguments.get("database", ""), parameters, settings)


def _action(prefix: bytes, data: bytes, default_format: str) -> Insert | Query:
    alone = _INSERT_ALONE.fullmatch(prefix) if prefix and data else None
    if alone:
        return Insert(alone[1].decode(), alone[2].decode(), data)
    whole = prefix + b"\n" + data if prefix and data else prefix or data
    head = _INSERT.match(whole[:STATEMENT_BYTES_MAX])
    if head and head.end() < len(whole):
        return Insert(head[1].decode(), head[2].decode(), whole[head.end() :])
    if not whole.strip():
        raise BadRequest("the request holds no statement")
    try:
        statement = whole.decode()
    except UnicodeDecodeError as error:
        raise BadRequest("the statement is not UTF-8") from error
    asked = _FORMAT.search(whole)
    return Query(statement, asked[1].decode() if asked else default_format)


def decompressed(body: bytes, encoding: str) -> bytes:
    """
    Body as it was before its content encoding.

    Raises: BadRequest.
    """
    try:
        match encoding:
            case "" | "identity":
                data = body
            case "gzip":
                data = gzip.decompress(body)
            case "deflate":
                data = zlib.decompress(body)
            case "lz4":
                data = _lz4_frames(body)
            case "zstd":
                data = zstd.decompress(body)
            case _:
                raise BadRequest(f"content encoding {encoding!r} is not known")
    except (OSError, EOFError, RuntimeError, zlib.error, zstd.ZstdError) as error:
        raise BadRequest(f"the body is not {encoding}: {error}") from error
    if len(data) > BODY_BYTES_MAX:
        raise BadRequest(f"the body has more than {BODY_BYTES_MAX} bytes")
    return data


def _lz4_frames(body: bytes) -> bytes:
    # clickhouse-connect sends a frame for each block; lz4's own `decompress`
    # returns the first frame and says nothing of the rest.
    parts = []
    rest = body
    while rest:
        decompressor = lz4.frame.LZ4FrameDecompressor()
        parts.append(decompressor.decompress(rest))
        if not decompressor.eof:
            raise EOFError("the last frame is not whole")
        rest = decompressor.unused_data or b""
    return b"".join(parts)


def compressed(body: bytes, accepted: str) -> tuple[bytes, str]:
    """Body in the best encoding that a client accepts, and that encoding's name."""
    names = [name.split(";")[0].strip() for name in accepted.split(",")]
    if "lz4" in names:
        return lz4.frame.compress(body), "lz4"
    if "zstd" in names:
        return zstd.compress(body, 1), "zstd"
    if "gzip" in names:
        return gzip.compress(body, 1), "gzip"
    return body, ""
