"""What comes of an attempt: sent, another one later, or none any more."""

import random
from typing import Final, NamedTuple

from stores.outbox_contract import DEAD, DISABLED, EXPIRED, SENT, Delivery, Settled

# Standard Webhooks' schedule: at once, and then after so many milliseconds.
LADDER_MS: Final = (
    5_000,
    300_000,
    1_800_000,
    7_200_000,
    18_000_000,
    36_000_000,
    50_400_000,
    72_000_000,
    86_400_000,
)
# So that what failed together does not come back together.
JITTER_SHARE: Final = 0.2

OK: Final = range(200, 300)
GONE: Final = 410
ASKS_FOR_TIME: Final = frozenset({429, 503})


class Attempt(NamedTuple):
    """
    How one attempt went.

    `is_final` says that another one would do no better; `is_gone` that the target
    wants no more of anything; `counts` whether it tells of the target's health.
    """

    succeeded: bool
    http_status: int = 0
    detail: str = ""
    retry_after_ms: int = 0
    is_final: bool = False
    is_gone: bool = False
    counts: bool = True


def answered(status: int, retry_after_ms: int) -> Attempt:
    """Attempt that a receiver answered; a redirect is a failure."""
    if status in OK:
        return Attempt(True, status)
    if status == GONE:
        return Attempt(
            False, status, "the endpoint is gone", is_final=True, is_gone=True
        )
    asked = retry_after_ms if status in ASKS_FOR_TIME else 0
    return Attempt(False, status, f"answered {status}", retry_after_ms=asked)


def settled(
    delivery: Delivery,
    attempt: Attempt,
    now: int,
    *,
    ladder_ms: tuple[int, ...] = LADDER_MS,
) -> Settled:
    """A delivery after an attempt that ended `now`, and when the next one is due."""
    tried = delivery._replace(
        attempts=delivery.attempts + 1,
        tries=delivery.tries + 1,
        attempted_at=now,
        http_status=attempt.http_status,
        detail=attempt.detail,
    )
    if attempt.succeeded:
        return Settled(tried._replace(status=SENT))
    if attempt.is_gone:
        return Settled(tried._replace(status=DISABLED))
    if attempt.is_final or tried.tries > len(ladder_ms):
        return Settled(tried._replace(status=DEAD))
    delay = ladder_ms[tried.tries - 1]
    delay += int(delay * JITTER_SHARE * random.random())  # noqa: S311 - no secret
    due_at = now + max(delay, attempt.retry_after_ms)
    if tried.expires_at and due_at >= tried.expires_at:
        return Settled(tried._replace(status=EXPIRED))
    return Settled(tried, due_at)
