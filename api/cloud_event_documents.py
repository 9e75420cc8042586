"""What OpenAPI says of CloudEvents: three kinds of body, and headers of one of them."""

from copy import deepcopy
from typing import Any, Final

from api.cloud_events import BINARY, HEADER_PREFIX
from schemas.cloud_event_examples import MENU_VIEWED, ORDER_DATA, ORDER_PLACED
from schemas.cloud_events import (
    ACT_TYPES,
    BATCH,
    EVENTS_MAX,
    EXTENSION_PATTERN,
    OF_ENVELOPE,
    ORDER_TYPES,
    STRUCTURED,
    TYPE_PATTERN,
    CloudEvent,
)

Document = dict[str, Any]
_REF: Final = "#/components/schemas/"
BODY: Final[Document] = {
    "required": True,
    "content": {
        STRUCTURED: {
            "schema": {"$ref": f"{_REF}CloudEvent"},
            "example": ORDER_PLACED,
        },
        BATCH: {
            "schema": {
                "type": "array",
                "minItems": 1,
                "maxItems": EVENTS_MAX,
                "items": {"$ref": f"{_REF}CloudEvent"},
            },
            "example": [ORDER_PLACED, MENU_VIEWED],
        },
        BINARY: {
            "schema": {
                "anyOf": [{"$ref": f"{_REF}OrderData"}, {"$ref": f"{_REF}ActivityData"}]
            },
            "example": ORDER_DATA,
        },
    },
}


def _header(name: str, schema: Document) -> Document:
    return {
        "name": HEADER_PREFIX + name,
        "in": "header",
        "required": False,
        "description": f"Attribute `{name}`, when the body is the data alone.",
        "schema": schema,
    }


HEADERS: Final[list[Document]] = [
    _header("specversion", {"type": "string", "const": "1.0"}),
    _header("id", {"type": "string", "minLength": 1, "maxLength": 1_024}),
    _header("source", {"type": "string", "minLength": 1, "maxLength": 1_024}),
    _header("type", {"type": "string", "pattern": TYPE_PATTERN}),
    _header("time", {"type": "string", "format": "date-time"}),
]


def cloud_event_schemas(schemas: Document) -> Document:
    """Shapes of the envelope and of what it holds, from those of orders and acts."""
    envelope = CloudEvent.model_json_schema(ref_template=_REF + "{model}")
    # Extension attributes too.
    envelope["propertyNames"] = {"pattern": EXTENSION_PATTERN}
    examples = envelope.pop("examples")
    order, act = (
        _holding(envelope, "OrderData", ORDER_TYPES),
        _holding(envelope, "ActivityData", ACT_TYPES),
    )
    refs = [{"$ref": f"{_REF}{name}"} for name in ("OrderCloudEvent", "ActCloudEvent")]
    return {
        "CloudEvent": {"title": "CloudEvent", "anyOf": refs, "examples": examples},
        "OrderCloudEvent": order | {"title": "OrderCloudEvent"},
        "ActCloudEvent": act | {"title": "ActCloudEvent"},
        "OrderData": _without(schemas["OrderIn"], OF_ENVELOPE),
        "ActivityData": _without(schemas["ActivityIn"], (*OF_ENVELOPE, "type")),
    }


def _holding(envelope: Document, data: str, types: str) -> Document:
    """Envelope of one kind of data."""
    one = deepcopy(envelope)
    one["properties"]["data"] = {"$ref": f"{_REF}{data}"}
    one["properties"]["type"] = {"type": "string", "pattern": f"^{types}$"}
    return one


def _without(shape: Document, of_envelope: tuple[str, ...]) -> Document:
    data = deepcopy(shape)
    for name in of_envelope:
        data["properties"].pop(name, None)
    # `time` of the envelope may say it.
    left_out = {*of_envelope, "occurred_at"}
    data["required"] = [name for name in data["required"] if name not in left_out]
    data["title"] = data["title"].removesuffix("In") + "Data"
    data.pop("examples", None)
    return data
