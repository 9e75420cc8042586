"""What a member was told: each message once, with its latest outcome."""

from typing import Final, NamedTuple

from schemas.deliveries import DeliveryEvent
from stores.analytics_contract import Analytics
from stores.inbox_contract import Inbox
from stores.unavailable import StoreUnavailable

ATTEMPTS_MAX: Final = 200
MESSAGES_MAX: Final = 20


class ToldMessage(NamedTuple):
    """The latest attempt, and when the member read it in the app (0 for never)."""

    latest: DeliveryEvent
    read_at: int


async def told_of(
    analytics: Analytics, inbox: Inbox, member_id: str
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
    return [
        ToldMessage(one, read.get(one.message_id, 0))
        for one in list(latest.values())[:MESSAGES_MAX]
    ]
