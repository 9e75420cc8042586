"""What holds deliveries back: stops that hold within a second, and paces."""

from typing import Annotated, Final

from fastapi import APIRouter, Path

from api.delivery_problems import NotHeld, TooManyWebhooks
from api.delivery_requests import DeliveryStopIn, PaceIn
from api.delivery_responses import ControlsOut, controls_out
from api.dependencies import JsonOnly, Now, Sends
from api.errors import problem_responses
from api.gate import Caller, requires
from api.problems import (
    BodyTooLarge,
    InvalidRequest,
    Problem,
    Unavailable,
    UnsupportedMediaType,
)
from api.sending import Sending
from loyalty.limits import ID_LENGTH_MAX
from stores.delivery_controls_contract import SCOPES_MAX, Stop
from stores.outbox_contract import Pace

LANES_SHOWN_MAX: Final = 100
CAMPAIGN: Final = "campaign:"

router = APIRouter(
    prefix="/v1/delivery",
    tags=["delivery"],
    dependencies=[requires("delivery:write", for_members=False)],
    responses=problem_responses(InvalidRequest, Unavailable, Problem),
)
WITH_BODY: Final = problem_responses(
    BodyTooLarge, UnsupportedMediaType, TooManyWebhooks
)
NO_SUCH: Final = problem_responses(NotHeld)
Scope = Annotated[
    str,
    Path(
        max_length=ID_LENGTH_MAX + len(CAMPAIGN),
        pattern=r"^(all|channel:(inbox|push|email|sms|webhook|event)|campaign:.+)$",
        examples=["campaign:near-dessert"],
    ),
]


@router.get("")
async def read_controls(*, sends: Sends) -> ControlsOut:
    """Stops, paces, breakers that are not closed, and lanes that wait longest."""
    return await _controls(sends)


@router.put("/stops/{scope}", dependencies=[JsonOnly], responses=WITH_BODY)
async def stop_scope(
    *, scope: Scope, body: DeliveryStopIn, caller: Caller, sends: Sends, now: Now
) -> ControlsOut:
    """Send nothing more of all, a channel or a campaign; what waits is kept."""
    stop = Stop(scope, caller.subject, now, body.reason)
    if not await sends.stores.controls.stop(stop):
        raise TooManyWebhooks(f"there are {SCOPES_MAX} stops")
    return await _controls(sends)


@router.delete("/stops/{scope}", responses=NO_SUCH)
async def start_scope(*, scope: Scope, sends: Sends) -> ControlsOut:
    """Send again what waits and is not too late."""
    if not await sends.stores.controls.start(scope):
        raise NotHeld(f"{scope} is not stopped")
    return await _controls(sends)


@router.put("/paces/{scope}", dependencies=[JsonOnly], responses=WITH_BODY)
async def pace_scope(*, scope: Scope, body: PaceIn, sends: Sends) -> ControlsOut:
    """Send no more than so many a second, over all dispatchers."""
    pace = Pace(scope, body.per_second, body.ramp_seconds)
    if not await sends.stores.controls.set_pace(pace):
        raise TooManyWebhooks(f"there are {SCOPES_MAX} paces")
    return await _controls(sends)


@router.delete("/paces/{scope}", responses=NO_SUCH)
async def free_scope(*, scope: Scope, sends: Sends) -> ControlsOut:
    """Let a scope go as fast as its targets take it."""
    if not await sends.stores.controls.drop_pace(scope):
        raise NotHeld(f"{scope} has no pace")
    return await _controls(sends)


async def _controls(sends: Sending) -> ControlsOut:
    depths = await sends.stores.outbox.depths(limit=LANES_SHOWN_MAX)
    return controls_out(await sends.stores.controls.read(), depths)
