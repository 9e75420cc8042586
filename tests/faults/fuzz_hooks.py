"""What the fuzzer is told of our API; schemathesis loads it by its module's name."""

from typing import Any

import schemathesis
from schemathesis.specs.openapi.checks import negative_data_rejection, use_after_free

from tests.routes.fuzzing import what_fits_is_not_called_malformed


@schemathesis.check
def malformed_is_not_said_of_what_fits(context: Any, response: Any, case: Any) -> None:
    """As in the tests of minutes."""
    what_fits_is_not_called_malformed(context, response, case)


@schemathesis.check
def what_was_deleted_is_gone(context: Any, response: Any, case: Any) -> bool | None:
    """`use_after_free`; but who deletes a backtest cancels it, and it stays to be read."""
    if case.operation.path.startswith("/v1/backtests"):
        return None
    found: bool | None = use_after_free(context, response, case)
    return found


@schemathesis.check
def what_does_not_fit_is_refused(context: Any, response: Any, case: Any) -> bool | None:
    """
    `negative_data_rejection`, but for what is no fault where it arrives.

    Headers of an event are read only without envelope; a null that is sent in a
    question arrives as the word "null", a text as any other.
    """
    is_enveloped = "application/cloudevents" in (case.media_type or "")
    if case.operation.path == "/v1/cloudevents" and is_enveloped:
        return None
    if None in (case.query or {}).values():
        return None
    found: bool | None = negative_data_rejection(context, response, case)
    return found
