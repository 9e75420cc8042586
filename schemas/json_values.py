"""The kinds of value that requests hold, each within what Avro and JSON both can."""

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from loyalty.events import Attribute as AttributeValue
from loyalty.limits import ID_LENGTH_MAX, TEXT_LENGTH_MAX

INT32_MAX: Final = 2**31 - 1
INT64_MIN: Final = -(2**63)
INT64_MAX: Final = 2**63 - 1

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_RFC_3339: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII
)
# A whole number may be written with a point: JSON Schema counts it as one.
_DIGITS: Final = re.compile(r"(-?\d{1,19})(?:\.0+)?", re.ASCII)
_MOMENT_HELP: Final = (
    "Input should be an RFC 3339 time with a zone, or milliseconds since 1970"
)
_ATTRIBUTE_HELP: Final = (
    f"Input should be a string of at most {TEXT_LENGTH_MAX} characters, a 64-bit "
    "integer, a finite number or a boolean"
)


def _milliseconds(value: object) -> object:
    """Time of a string in ms since 1970; anything else is left to be judged."""
    if not isinstance(value, str):
        return value
    text = value.upper()
    if _RFC_3339.fullmatch(text) is None:
        raise PydanticCustomError("moment", _MOMENT_HELP)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise PydanticCustomError("moment", _MOMENT_HELP) from error
    # Integers all the way: a float of seconds may fall a millisecond short.
    return (moment - _EPOCH) // _MILLISECOND


def _number_of_text(value: object) -> object:
    """Milliseconds of a query, where every value is a text."""
    whole = _DIGITS.fullmatch(value) if isinstance(value, str) else None
    return value if whole is None else int(whole[1])


def _attribute(value: object) -> AttributeValue:
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and INT64_MIN <= value <= INT64_MAX:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, str) and len(value) <= TEXT_LENGTH_MAX and _is_text(value):
        return value
    raise PydanticCustomError("attribute", _ATTRIBUTE_HELP)


def _is_text(value: str) -> bool:
    """Whether it can be written: JSON lets half a character through."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


Id = Annotated[str, Field(min_length=1, max_length=ID_LENGTH_MAX)]
Minor = Annotated[
    int,
    Field(strict=True, ge=0, le=INT64_MAX, description="Minor units, e.g. cents."),
]
Quantity = Annotated[int, Field(strict=True, gt=0, le=INT32_MAX)]
# The first form is for people, the second is what the Avro records hold.
Moment = Annotated[
    int,
    Field(strict=True, ge=INT64_MIN, le=INT64_MAX),
    BeforeValidator(_milliseconds),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date-time"},
                {"type": "integer", "format": "int64"},
            ],
            "description": "RFC 3339 with a zone, or milliseconds since 1970.",
        }
    ),
]
QueryMoment = Annotated[Moment, BeforeValidator(_number_of_text)]
Attribute = Annotated[
    AttributeValue,
    PlainValidator(_attribute),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": TEXT_LENGTH_MAX},
                {"type": "integer", "format": "int64"},
                {"type": "number"},
                {"type": "boolean"},
            ]
        }
    ),
]
