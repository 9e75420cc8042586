"""What a member was told: each message once, with its latest outcome."""

from typing import Final, NamedTuple

from api.console.resending import RESENDS_MAX, may_resend, resent_ids
from schemas.deliveries import DeliveryEvent
from stores.analytics_contract import Analytics
from stores.inbox_contract import Inbox
from stores.unavailable import StoreUnavailable

ATTEMPTS_MAX: Final = 200
MESSAGES_MAX: Final = 20


class ToldMessage(NamedTuple):
    """
    The latest attempt, and when the member read it in the app (0 for never).

    `note` says why it was sent again, empty for the first time. `next_number` is which
    time it would be if it were sent again now, 0 for one that is not.
    """

    latest: DeliveryEvent
    read_at: int
    note: str = ""
    next_number: int = 0


async def told_of(
    analytics: Analytics, inbox: Inbox, member_id: str, *, now: int
) -> list[ToldMessage] | None:
    """Latest messages to a member, newest first; None while nobody can say."""
    try:
        attempts = await analytics.deliveries_page(member_id, limit=ATTEMPTS_MAX)
        page = await inbox.get(member_id)
    except StoreUnavailable:
        return None
    read = {one.message_id: one.read_at for one in page.messages}
    latest: dict[str, DeliveryEvent] = {}
    for attempt in attempts:
        latest.setdefault(attempt.delivery_id, attempt)
    # Before the first attempt it is only told that, and why, it is sent again.
    notes = {one.delivery_id: one.detail for one in attempts if not one.attempt}
    again = {name for one in latest.values() for name in resent_ids(one)}
    return [
        ToldMessage(
            one,
            read.get(one.message_id, 0),
            notes.get(one.delivery_id, "") if one.delivery_id in again else "",
            0 if one.delivery_id in again else _next_number(one, latest, now),
        )
        for one in list(latest.values())[:MESSAGES_MAX]
    ]


def _next_number(
    event: DeliveryEvent, known: dict[str, DeliveryEvent], now: int
) -> int:
    made = sum(name in known for name in resent_ids(event))
    return made + 1 if may_resend(event, now) and made < RESENDS_MAX else 0
