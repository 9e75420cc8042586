"""CloudEvents 1.0.2 over HTTP, in its three modes, as orders and acts."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import unquote

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.given_once import repeated
from api.problems import UnsupportedMediaType
from schemas.cloud_events import (
    BATCH,
    EVENTS_MAX,
    STRUCTURED,
    Fault,
    FaultyEvent,
    event_of,
)

BINARY: Final = "application/json"
HEADER_PREFIX: Final = "ce-"
Where = tuple[str | int, ...]


def events_of(content_type: str, headers: Mapping[str, str], body: bytes) -> list[Any]:
    """
    Orders and acts (`OrderIn`, `ActivityIn`) of a request, in its order.

    Raises: RequestValidationError for all faults of all events; UnsupportedMediaType.
    """
    mode = content_type.partition(";")[0].strip().lower()
    if mode not in (STRUCTURED, BATCH, BINARY):
        raise UnsupportedMediaType(
            f"found {mode or 'no content type'}, expected {STRUCTURED}, {BATCH}, or "
            f"{BINARY} with the attributes in ce- headers"
        )
    document = _parsed(body)
    given: list[tuple[Where, Where, Any]] = [(("body",), ("body", "data"), document)]
    if mode == BINARY:
        given = [(("header",), ("body",), _of_headers(headers, document))]
    elif mode == BATCH:
        given = _batch(document)
    events, faults = [], []
    for envelope_at, data_at, value in given:
        try:
            events.append(event_of(value))
        except FaultyEvent as error:
            where = data_at if error.in_data else envelope_at
            faults.extend(_placed(error.faults, where))
    if faults:
        raise RequestValidationError(faults, body=document)
    return events


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except json.JSONDecodeError as error:
        fault = {
            "type": "json_invalid",
            "loc": ("body", error.pos),
            "msg": "JSON decode error",
            "ctx": {"error": error.msg},
        }
        raise RequestValidationError([fault], body=None) from error
    except (ValueError, RecursionError) as error:
        raise HTTPException(400) from error


def _batch(document: Any) -> list[tuple[Where, Where, Any]]:
    if not isinstance(document, list) or not 1 <= len(document) <= EVENTS_MAX:
        detail = f"Input should be a list of 1 to {EVENTS_MAX} events"
        fault = {"type": "list_type", "loc": ("body",), "msg": detail}
        raise RequestValidationError([fault], body=document)
    return [
        (("body", n), ("body", n, "data"), value) for n, value in enumerate(document)
    ]


def _of_headers(headers: Mapping[str, str], data: Any) -> dict[str, Any]:
    """Envelope of the binary mode; values are percent-encoded UTF-8."""
    faults = repeated("header", (n for n in headers if n.startswith(HEADER_PREFIX)))
    if faults:
        raise RequestValidationError(faults, body=data)
    found = {
        name.removeprefix(HEADER_PREFIX): unquote(value, errors="replace")
        for name, value in headers.items()
        if name.startswith(HEADER_PREFIX)
    }
    return found | {"data": data}


def _placed(faults: Iterable[Fault], where: Where) -> list[Fault]:
    if where == ("header",):
        return [
            fault | {"loc": ("header", HEADER_PREFIX + str(fault["loc"][0]))}
            if fault["loc"] and fault["loc"][0] != "data"
            else fault | {"loc": ("body", *fault["loc"][1:])}
            for fault in faults
        ]
    return [fault | {"loc": (*where, *fault["loc"])} for fault in faults]
