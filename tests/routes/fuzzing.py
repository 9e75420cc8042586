"""What every fuzzer of the API is told: what a schema cannot say, and files of rows."""

from typing import Any, Final

import schemathesis
from schemathesis import GenerationMode

from api.cloud_events import BINARY
from schemas.cloud_events import ORDER_PREFIX

UNPROCESSABLE: Final = 422
# What JSON Schema cannot say, or its tools do not see: cursors and reservations are
# what we gave; 1.0 is a fraction to us and an integer to them; they compare beyond
# 2^53 as floats; how an address is written; and what fields, or a question and its
# parameters, ask of one another. All other refusals of a body of the documented form
# say what the engine, or an earlier request, has against it.
NOT_IN_SCHEMA: Final = (
    "cursor",
    "neither ours nor short enough",
    # A file of rows is described by its type alone.
    "the body has no rows",
    "valid integer",
    "to 9223372036854775807",
    "name at least one of the fields",
    "expected one of program and rule",
    "only an order that is placed can be estimated",
    "from_at must be before to_at",
    # What the time is, and what the path names, no schema of a body knows.
    "lies in the past",
    "the rule's id cannot change",
    # Which parameters a question of analytics has is the question's.
    " needs ",
    # Attributes in headers are needed only where the body has no envelope.
    "header/ce-",
    "/occurred_at",
    "The envelope says this already",
    "not an e-mail address",
)


@schemathesis.serializer("text/csv", "application/x-ndjson")
def as_text(_: Any, value: Any) -> bytes:
    """Whatever is in a file of rows: a bad one is told later, by its row."""
    return str(value).encode(errors="replace")


def what_fits_is_not_called_malformed(_: Any, response: Any, case: Any) -> None:
    """`positive_data_acceptance`, but 422 may also say that the content is refused."""
    is_sound = case.meta is not None and (
        case.meta.generation.mode is GenerationMode.POSITIVE
    )
    if not is_sound or response.status_code != UNPROCESSABLE:
        return
    if _is_of_another_type(case):
        return
    problem = response.json()
    assert problem["type"] != "/problems/invalid-request" or any(
        words in response.text for words in NOT_IN_SCHEMA
    ), problem


def _is_of_another_type(case: Any) -> bool:
    """Whether a header says order over what is an act, or the other way round."""
    if case.operation.path != "/v1/cloudevents" or case.media_type != BINARY:
        return False
    said = str((case.headers or {}).get("ce-type", ""))
    # Each order has an id, and no act may have one.
    return said.startswith(ORDER_PREFIX) != ("order_id" in case.body)
