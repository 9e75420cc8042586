"""
CloudEvents 1.0.2 as orders and acts, whatever carries them.

The SDK of CloudEvents was not taken: it reads eight names of headers or of a document,
which is little, and says nothing of where a fault is or what OpenAPI shows, which is
what is asked of every body here.
"""

from hashlib import sha256
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from loyalty.limits import ID_LENGTH_MAX
from schemas.cloud_event_examples import MENU_VIEWED, ORDER_PLACED
from schemas.event_bodies import ActivityIn, OrderIn
from schemas.json_values import Moment

STRUCTURED: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
EVENTS_MAX: Final = 500
ORDER_PREFIX: Final = "regulars.order."
ACT_PREFIX: Final = "regulars.activity."
# What the envelope says, and the data so must not.
OF_ENVELOPE: Final = ("event_id", "kind")
ORDER_TYPES: Final = r"regulars\.order\.(placed|adjusted|refunded|cancelled)"
ACT_TYPES: Final = r"regulars\.activity\..{1,128}"
TYPE_PATTERN: Final = f"^({ORDER_TYPES}|{ACT_TYPES})$"
EXTENSION_PATTERN: Final = r"^[a-z0-9]{1,20}$"
_Extension = Annotated[str, StringConstraints(pattern=EXTENSION_PATTERN)]
_Text = Annotated[str, Field(min_length=1, max_length=1_024)]
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


class FaultyEvent(Exception):
    """Faults of one event: of its envelope, or of what it holds."""

    def __init__(self, faults: list[Fault], *, in_data: bool = False) -> None:
        super().__init__()
        self.faults = faults
        self.in_data = in_data


def event_of(value: object) -> OrderIn | ActivityIn:
    """
    Order or act of an event with its envelope.

    Raises: FaultyEvent.
    """
    try:
        envelope = CloudEvent.model_validate(value)
    except ValidationError as error:
        raise FaultyEvent(_faults(error)) from error
    is_order = envelope.type.startswith(ORDER_PREFIX)
    data = envelope.data
    twice = {*OF_ENVELOPE} if is_order else {*OF_ENVELOPE, "type"}
    if named := sorted(twice & data.keys()):
        said = "The envelope says this already"
        faults = [{"type": "extra", "loc": (name,), "msg": said} for name in named]
        raise FaultyEvent(faults, in_data=True)
    given = {"occurred_at": envelope.time} if envelope.time is not None else {}
    given |= data | {"event_id": envelope.event_id()}
    try:
        if is_order:
            kind = envelope.type.removeprefix(ORDER_PREFIX).upper()
            return OrderIn.model_validate(given | {"kind": kind})
        act = envelope.type.removeprefix(ACT_PREFIX)
        return ActivityIn.model_validate(given | {"type": act})
    except ValidationError as error:
        raise FaultyEvent(_faults(error), in_data=True) from error


def _faults(error: ValidationError) -> list[Fault]:
    return [dict(fault) for fault in error.errors(include_url=False)]
