"""What OpenAPI promises holds for whatever is sent, with a token and without (E14)."""

from typing import Any, Final

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.routes.client import Client
from tests.routes.fuzzing import what_fits_is_not_called_malformed

EXAMPLES: Final = 8
# A stream goes on for longer than anybody here waits.
CLIENT: Final = Client(stream_seconds_max=0.2)
CLIENT.hold_member()
SCHEMA: Final = schemathesis.openapi.from_asgi("/openapi.json", CLIENT.app)
load_all_checks()


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
