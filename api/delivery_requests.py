"""What is asked of deliveries: stops, paces, marks, addresses, previews."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from api import delivery_examples as examples
from loyalty.limits import ID_LENGTH_MAX, TEXT_LENGTH_MAX
from schemas.event_bodies import Strict

REASON_LENGTH_MAX: Final = 200
PER_SECOND_MAX: Final = 100_000
RAMP_SECONDS_MAX: Final = 86_400
VALUES_MAX: Final = 64


class DeliveryStopIn(Strict):
    """Why a scope is stopped."""

    model_config = Strict.shown(examples.STOP)

    reason: Annotated[str, Field(max_length=REASON_LENGTH_MAX)] = ""


class PaceIn(Strict):
    """How fast a scope may go, and over how long it gets there."""

    model_config = Strict.shown(examples.PACE)

    per_second: Annotated[int, Field(strict=True, ge=1, le=PER_SECOND_MAX)]
    ramp_seconds: Annotated[int, Field(strict=True, ge=0, le=RAMP_SECONDS_MAX)] = 0


class MarkIn(Strict):
    """What became of a message."""

    model_config = Strict.shown(examples.MARK)

    state: Literal["read", "dismissed"]


class AddressIn(Strict):
    """Where a member's e-mails go."""

    model_config = Strict.shown(examples.ADDRESS)

    address: Annotated[str, Field(min_length=3, max_length=254)]


class PreviewIn(Strict):
    """A template as programs have it, or the id of one in force, and its values."""

    model_config = Strict.shown(examples.PREVIEW)

    template: dict[str, Any] | None = None
    template_id: Annotated[
        str | None, Field(min_length=1, max_length=ID_LENGTH_MAX)
    ] = None
    values: Annotated[
        dict[str, Annotated[str, Field(max_length=TEXT_LENGTH_MAX)]],
        Field(max_length=VALUES_MAX, default_factory=dict),
    ]
