"""What the fuzzer is told of our API; schemathesis loads it by its module's name."""

from typing import Any

import schemathesis

from tests.routes.fuzzing import what_fits_is_not_called_malformed


@schemathesis.check
def malformed_is_not_said_of_what_fits(context: Any, response: Any, case: Any) -> None:
    """As in the tests of minutes."""
    what_fits_is_not_called_malformed(context, response, case)
