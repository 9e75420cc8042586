"""Webhooks: where deliveries go, what became of them, and once more."""

import uuid
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Header, Path, Query, Response

from api.cursors import CURSOR_LENGTH_MAX, cursor_of, places_of
from api.delivery_problems import (
    DeliveryNotKept,
    TooManyWebhooks,
    WebhookNotFound,
    WebhookRefused,
    WebhookStale,
)
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
from api.webhook_requests import ReplayIn, RotationIn, WebhookChangeIn, WebhookIn
from api.webhook_responses import (
    DeliveriesOut,
    QueuedOut,
    ReplayedOut,
    WebhookOut,
    WebhookSecretOut,
    WebhooksOut,
    delivery_out,
    webhook_fields,
    webhook_out,
)
from delivery.signing import SECRETS_MAX, new_secret
from delivery.targets import TargetRefused
from loyalty.limits import ID_LENGTH_MAX
from stores.endpoints_contract import ACTIVE, ENDPOINTS_MAX, Endpoint, SealedSecret
from stores.outbox_contract import DEAD_MAX, FIRST, REPLAY_MAX, Delivery, Place

PAGE_MAX: Final = 100
HOUR_MS: Final = 3_600_000

router = APIRouter(
    prefix="/v1/webhooks",
    tags=["delivery"],
    dependencies=[requires("webhooks:write", for_members=False)],
    responses=problem_responses(InvalidRequest, Unavailable, Problem),
)
WITH_BODY: Final = problem_responses(BodyTooLarge, UnsupportedMediaType)
ONE: Final = problem_responses(WebhookNotFound)
CHANGED: Final = problem_responses(WebhookNotFound, WebhookStale)
WebhookId = Annotated[str, Path(min_length=1, max_length=ID_LENGTH_MAX)]


@router.post(
    "",
    status_code=201,
    dependencies=[JsonOnly],
    responses=WITH_BODY
    | problem_responses(WebhookRefused, TooManyWebhooks, DeliveryNotKept),
)
async def create_webhook(
    *, body: WebhookIn, caller: Caller, sends: Sends, now: Now, response: Response
) -> WebhookSecretOut:
    """Send deliveries to an address from now on; the secret is shown this once."""
    await _check_url(sends, body.url)
    secret = new_secret()
    endpoint = Endpoint(
        f"ep_{uuid.uuid4().hex[:16]}",
        body.url,
        tuple(dict.fromkeys(body.event_types)),
        (SealedSecret(sends.key.seal(secret), now),),
        now,
        created_by=caller.subject,
        description=body.description,
    )
    if not await sends.stores.endpoints.add(endpoint):
        raise TooManyWebhooks(f"there are {ENDPOINTS_MAX} webhooks")
    response.headers["Location"] = f"/v1/webhooks/{endpoint.endpoint_id}"
    return _with_secret(endpoint, secret, now)


@router.get("")
async def list_webhooks(*, sends: Sends, now: Now) -> WebhooksOut:
    """Every webhook, oldest first; there are never many."""
    found = await sends.stores.endpoints.all()
    return WebhooksOut(items=[webhook_out(one, now) for one in found])


@router.get("/{webhook_id}", responses=ONE)
async def read_webhook(
    *, webhook_id: WebhookId, sends: Sends, now: Now, response: Response
) -> WebhookOut:
    """A webhook as it stands; `ETag` is its revision."""
    endpoint = await _found(sends, webhook_id)
    response.headers["ETag"] = f'"{endpoint.revision}"'
    return webhook_out(endpoint, now)


@router.patch(
    "/{webhook_id}",
    dependencies=[JsonOnly],
    responses=WITH_BODY | CHANGED | problem_responses(WebhookRefused),
)
async def change_webhook(
    *,
    webhook_id: WebhookId,
    body: WebhookChangeIn,
    sends: Sends,
    now: Now,
    if_match: Annotated[str | None, Header(alias="If-Match", max_length=256)] = None,
) -> WebhookOut:
    """Change what is named; `active` closes its breaker, too."""
    known = await _found(sends, webhook_id)
    if if_match is not None and if_match.strip() not in ("*", f'"{known.revision}"'):
        raise WebhookStale(f"it is at revision {known.revision}")
    if body.url is not None:
        await _check_url(sends, body.url)
    changes = body.changes()
    if body.status is not None:
        changes["disabled_why"] = "" if body.status == ACTIVE else "it was switched off"
    changed = await _change(sends, known._replace(**changes))
    if body.status == ACTIVE:
        await sends.stores.controls.note(webhook_id, succeeded=True, now=now)
    return webhook_out(changed, now)


@router.delete("/{webhook_id}", status_code=204, responses=ONE)
async def delete_webhook(*, webhook_id: WebhookId, sends: Sends) -> None:
    """Send nothing there any more; what waits is let go of."""
    if not await sends.stores.endpoints.remove(webhook_id):
        raise WebhookNotFound(f"there is no webhook {webhook_id!r}")


@router.post(
    "/{webhook_id}/secret",
    dependencies=[JsonOnly],
    responses=WITH_BODY | CHANGED | problem_responses(DeliveryNotKept),
)
async def rotate_secret(
    *, webhook_id: WebhookId, body: RotationIn, sends: Sends, now: Now
) -> WebhookSecretOut:
    """Make a new secret; the old one signs beside it for a time."""
    known = await _found(sends, webhook_id)
    secret = new_secret()
    until = now + body.overlap_hours * HOUR_MS
    latest = known.secrets_at(now)[:1]
    old = tuple(one._replace(expires_at=max(until, 1)) for one in latest)
    secrets = (SealedSecret(sends.key.seal(secret), now), *old)[:SECRETS_MAX]
    changed = await _change(sends, known._replace(secrets=secrets))
    return _with_secret(changed, secret, now)


@router.post("/{webhook_id}/test", status_code=202, responses=ONE)
async def test_webhook(*, webhook_id: WebhookId, sends: Sends, now: Now) -> QueuedOut:
    """Send a `ping` as any other delivery goes; see its deliveries for the answer."""
    endpoint = await _found(sends, webhook_id)
    message_id = f"msg_{uuid.uuid4().hex}"
    ping = Delivery(
        f"{message_id}:{endpoint.endpoint_id}",
        message_id,
        endpoint.endpoint_id,
        "",
        "event",
        "ping",
        "",
        "{}",
        now,
    )
    await sends.stores.outbox.put([ping], now)
    return QueuedOut(delivery_id=ping.delivery_id)


@router.get("/{webhook_id}/deliveries", responses=ONE)
async def list_deliveries(
    *,
    webhook_id: WebhookId,
    sends: Sends,
    status: Annotated[Literal["all", "dead"], Query()] = "all",
    cursor: Annotated[str | None, Query(max_length=CURSOR_LENGTH_MAX)] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 20,
) -> DeliveriesOut:
    """Latest attempts; with `status=dead` what could not be sent, to be replayed."""
    await _found(sends, webhook_id)
    place = FIRST
    if cursor is not None:
        place = Place(*places_of(cursor, maxima=(FIRST.until, DEAD_MAX)))
    rows = await sends.stores.outbox.page(
        webhook_id, dead=status == "dead", place=place, limit=limit + 1
    )
    shown = rows[:limit]
    return DeliveriesOut(
        items=[delivery_out(row) for row in shown],
        next_cursor=cursor_of(*place.after(shown)) if len(rows) > limit else None,
    )


@router.post(
    "/{webhook_id}/replays",
    dependencies=[JsonOnly],
    responses=WITH_BODY | ONE,
)
async def replay_deliveries(
    *, webhook_id: WebhookId, body: ReplayIn, sends: Sends, now: Now
) -> ReplayedOut:
    """Send dead deliveries anew under their ids: those that fit what is named."""
    await _found(sends, webhook_id)
    outbox = sends.stores.outbox
    rows = await outbox.page(webhook_id, dead=True, limit=DEAD_MAX)
    chosen = [row for row in rows if _fits(row, body)]
    replayed = await outbox.replay(chosen[:REPLAY_MAX], now)
    return ReplayedOut(replayed=replayed, more=len(chosen) > REPLAY_MAX)


def _fits(row: Delivery, asked: ReplayIn) -> bool:
    return (
        (asked.since is None or row.attempted_at >= asked.since)
        and (asked.until is None or row.attempted_at < asked.until)
        and asked.campaign_id in (None, row.campaign_id)
        and (asked.event_types is None or row.kind in asked.event_types)
        and (asked.delivery_ids is None or row.delivery_id in asked.delivery_ids)
    )


async def _found(sends: Sending, webhook_id: str) -> Endpoint:
    endpoint = await sends.stores.endpoints.find(webhook_id)
    if endpoint is None:
        raise WebhookNotFound(f"there is no webhook {webhook_id!r}")
    return endpoint


async def _change(sends: Sending, endpoint: Endpoint) -> Endpoint:
    changed = endpoint._replace(revision=endpoint.revision + 1)
    if not await sends.stores.endpoints.change(changed):
        raise WebhookStale("somebody else was faster")
    return changed


async def _check_url(sends: Sending, url: str) -> None:
    try:
        await sends.check_url(url)
    except TargetRefused as error:
        errors = [{"pointer": "/url", "detail": str(error)}]
        raise WebhookRefused("1 fault(s), see errors", errors=errors) from error


def _with_secret(endpoint: Endpoint, secret: str, now: int) -> WebhookSecretOut:
    return WebhookSecretOut.model_validate(
        webhook_fields(endpoint, now) | {"secret": secret}
    )
