"""What OpenAPI promises holds for whatever is sent, with a token and without (E14)."""

from typing import Any, Final

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.routes.client import Client

EXAMPLES: Final = 8
UNPROCESSABLE: Final = 422
# What JSON Schema cannot say, or its tools do not see: cursors and reservations are
# what we gave; 1.0 is a fraction to us and an integer to them; they compare beyond
# 2^53 as floats; and what fields, or a question and its parameters, ask of one
# another. All other refusals of a body of the documented form say what the engine, or
# an earlier request, has against it.
NOT_IN_SCHEMA: Final = (
    "cursor",
    "neither ours nor short enough",
    "valid integer",
    "to 9223372036854775807",
    "name at least one of the fields",
    "expected one of program and rule",
    "only an order that is placed can be estimated",
    "from_at must be before to_at",
    "needs from_at",
    "needs until_at",
    # Attributes in headers are needed only where the body has no envelope.
    "header/ce-",
    "/occurred_at",
    "The envelope says this already",
)
# A stream goes on for longer than anybody here waits.
CLIENT: Final = Client(stream_seconds_max=0.2)
CLIENT.hold_member()
SCHEMA: Final = schemathesis.openapi.from_asgi("/openapi.json", CLIENT.app)
load_all_checks()


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
    problem = response.json()
    assert problem["type"] != "/problems/invalid-request" or any(
        words in response.text for words in NOT_IN_SCHEMA
    ), problem


@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_keeps_its_promise(case: Any) -> None:
    case.call_and_validate(
        headers={"Authorization": f"Bearer {CLIENT.token}"},
        excluded_checks=[positive_data_acceptance],
        additional_checks=[what_fits_is_not_called_malformed],
    )
