"""
CloudEvents 1.0.2 over HTTP, in its three modes, as orders and acts.

The SDK of CloudEvents was not taken: it reads eight names of headers or of a document,
which is little, and says nothing of where a fault is or what OpenAPI shows, which is
what is asked of every body here.
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Annotated, Any, Final, Literal
from urllib.parse import unquote

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.exceptions import HTTPException

from api.cloud_event_examples import MENU_VIEWED, ORDER_PLACED
from api.problems import UnsupportedMediaType
from api.requests import ActivityIn, OrderIn
from api.values import Moment
from loyalty.limits import ID_LENGTH_MAX

STRUCTURED: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
BINARY: Final = "application/json"
EVENTS_MAX: Final = 500
EXTENSIONS_MAX: Final = 32
ORDER_PREFIX: Final = "regulars.order."
ACT_PREFIX: Final = "regulars.activity."
HEADER_PREFIX: Final = "ce-"
# What the envelope says, and the data so must not.
OF_ENVELOPE: Final = ("event_id", "kind")
ORDER_TYPES: Final = r"regulars\.order\.(placed|adjusted|refunded|cancelled)"
ACT_TYPES: Final = r"regulars\.activity\..{1,128}"
TYPE_PATTERN: Final = f"^({ORDER_TYPES}|{ACT_TYPES})$"
EXTENSION_PATTERN: Final = r"^[a-z0-9]{1,20}$"
_Extension = Annotated[str, StringConstraints(pattern=EXTENSION_PATTERN)]
_Text = Annotated[str, Field(min_length=1, max_length=1_024)]
Where = tuple[str | int, ...]
Fault = dict[str, Any]


class CloudEvent(BaseModel):
    """
    The envelope of one event; extension attributes may be there and are not looked at.

    `id` and `source` together name it, and count once however often it is sent.
    `time` is when it occurred, unless the data has `occurred_at`.
    """

    model_config = ConfigDict(
        extra="allow",
        allow_inf_nan=False,
        json_schema_extra={"examples": [ORDER_PLACED, MENU_VIEWED]},
    )
    __pydantic_extra__: dict[_Extension, str | bool | int | None]

    specversion: Literal["1.0"]
    id: _Text
    source: Annotated[str, Field(min_length=1, max_length=1_024, pattern=r"^[!-~]+$")]
    type: Annotated[str, Field(pattern=TYPE_PATTERN)]
    time: Moment | None = None
    subject: _Text | None = None
    dataschema: _Text | None = None
    datacontenttype: Annotated[
        str | None, Field(pattern=r"^application/json(;.{1,100})?$")
    ] = None
    data: dict[str, Any]

    def event_id(self) -> str:
        """Id of the event: both names where there is room, else a digest of them."""
        named = f"{self.source} {self.id}"
        if len(named) <= ID_LENGTH_MAX:
            return named
        return f"ce-{sha256(named.encode()).hexdigest()}"


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
            events.append(_event(value))
        except _Faulty as error:
            where = data_at if error.in_data else envelope_at
            faults.extend(_placed(error.faults, where))
    if faults:
        raise RequestValidationError(faults, body=document)
    return events


class _Faulty(Exception):
    """Faults of one event: of its envelope, or of what it holds."""

    def __init__(self, faults: list[Fault], *, in_data: bool = False) -> None:
        super().__init__()
        self.faults = faults
        self.in_data = in_data


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
    found = {
        name.removeprefix(HEADER_PREFIX): unquote(value, errors="replace")
        for name, value in headers.items()
        if name.startswith(HEADER_PREFIX)
    }
    return found | {"data": data}


def _event(value: Any) -> OrderIn | ActivityIn:
    try:
        envelope = CloudEvent.model_validate(value)
    except ValidationError as error:
        raise _Faulty(_faults(error)) from error
    is_order = envelope.type.startswith(ORDER_PREFIX)
    data = envelope.data
    twice = {*OF_ENVELOPE} if is_order else {*OF_ENVELOPE, "type"}
    if named := sorted(twice & data.keys()):
        said = "The envelope says this already"
        faults = [{"type": "extra", "loc": (name,), "msg": said} for name in named]
        raise _Faulty(faults, in_data=True)
    given = {"occurred_at": envelope.time} if envelope.time is not None else {}
    given |= data | {"event_id": envelope.event_id()}
    try:
        if is_order:
            kind = envelope.type.removeprefix(ORDER_PREFIX).upper()
            return OrderIn.model_validate(given | {"kind": kind})
        act = envelope.type.removeprefix(ACT_PREFIX)
        return ActivityIn.model_validate(given | {"type": act})
    except ValidationError as error:
        raise _Faulty(_faults(error), in_data=True) from error


def _faults(error: ValidationError) -> list[Fault]:
    return [dict(fault) for fault in error.errors(include_url=False)]


def _placed(faults: Iterable[Fault], where: Where) -> list[Fault]:
    if where == ("header",):
        return [
            fault | {"loc": ("header", HEADER_PREFIX + str(fault["loc"][0]))}
            if fault["loc"] and fault["loc"][0] != "data"
            else fault | {"loc": ("body", *fault["loc"][1:])}
            for fault in faults
        ]
    return [fault | {"loc": (*where, *fault["loc"])} for fault in faults]
