"""What a stream of an inbox tells: what changed since, then each change."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from typing import Final

from api.delivery_responses import inbox_news_out, message_news_out
from api.event_stream import (
    HEARTBEAT,
    HEARTBEAT_SECONDS,
    RETRY,
    STREAM_SECONDS_MAX,
    EventStream,
    sent,
)
from api.inbox_hub import InboxHub
from api.problems import no_such_member
from stores.inbox_contract import Inbox, InboxPage
from stores.member_views_contract import MemberViews

# What was never there; a version is none of these.
NOTHING: Final = -1


class InboxStreams:
    """
    Streams of inboxes.

    An inbox itself knows at which version each message changed, so whoever comes
    back hears of exactly what changed, however long ago it was.
    """

    def __init__(
        self,
        hub: InboxHub,
        inbox: Inbox,
        *,
        views: MemberViews,
        clock: Callable[[], float],
        stream_seconds_max: float = STREAM_SECONDS_MAX,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        """Say how long a stream is, or silent; `clock` gives seconds since 1970."""
        self.hub = hub
        self._inbox = inbox
        self._views = views
        self._clock = clock
        self._stream_seconds_max = stream_seconds_max
        self._heartbeat_seconds = heartbeat_seconds

    def open(self, member_id: str, last: int | None) -> EventStream:
        """
        Stream of an inbox after a version that is known, or from now on.

        Answers MemberNotFound, TooManyStreams, Unavailable instead of beginning.
        """
        return EventStream(self._told(member_id, NOTHING if last is None else last))

    async def _told(self, member_id: str, last: int) -> AsyncGenerator[bytes, None]:
        ends_at = time.monotonic() + self._stream_seconds_max
        # Subscribed first: what comes while the inbox is read is not missed.
        async with self.hub.subscribed(member_id) as rung:
            if await self._views.get(member_id) is None:
                raise no_such_member(member_id)
            page = await self._inbox.get(member_id)
            yield RETRY
            for event in self._changes(page, last):
                yield event
            async for event in self._live(
                member_id, page.version, rung, ends_at=ends_at
            ):
                yield event

    async def _live(
        self, member_id: str, known: int, rung: asyncio.Event, *, ends_at: float
    ) -> AsyncGenerator[bytes, None]:
        """Changes after a version, until the time is over or the member is gone."""
        while (left := ends_at - time.monotonic()) > 0:
            is_silent = not await _rings(rung, min(left, self._heartbeat_seconds))
            rung.clear()
            # After a silence, too: a ring may have been lost.
            page = await self._inbox.get(member_id)
            if page.version < known and await self._views.get(member_id) is None:
                yield sent("gone", {"member_id": member_id})
                return
            for event in self._changes(page, known):
                yield event
            known = page.version
            if is_silent:
                yield HEARTBEAT

    def _changes(self, page: InboxPage, last: int) -> list[bytes]:
        """What is told to who knows a version: the whole if it never was one."""
        now = int(self._clock() * 1_000)
        if not 0 <= last <= page.version:
            whole = inbox_news_out(page, now).model_dump(mode="json")
            return [sent("inbox", whole, page.version)]
        unread = page.unread_at(now)
        return [
            sent(
                "message",
                message_news_out(one, unread).model_dump(mode="json"),
                one.version,
            )
            for one in page.changed_since(last)
        ]


async def _rings(rung: asyncio.Event, wait_seconds: float) -> bool:
    """Whether the bell rings in time."""
    try:
        async with asyncio.timeout(wait_seconds):
            await rung.wait()
    except TimeoutError:
        return False
    return True
