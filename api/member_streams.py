"""What a stream of a member tells: what was missed, then each new version."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from typing import Final

from api.event_stream import (
    HEARTBEAT,
    HEARTBEAT_SECONDS,
    RETRY,
    SEND_SECONDS_MAX,
    STREAM_SECONDS_MAX,
    EventStream,
    sent,
)
from api.feed_hub import FeedHub, Subscription
from api.news_responses import news_out
from api.problems import no_such_member
from runtime.metrics import STREAMS_SLOW
from schemas.feed import decode_news, encode_news
from stores.member_feed_contract import GONE, FeedEntry
from stores.member_views_contract import MemberViews, StoredView

# The feed is read a moment after it is written.
FEED_LOOKS_MAX: Final = 20
FEED_LOOK_SECONDS: Final = 0.05


class MemberStreams:
    """Streams of members over the one reader of the feed."""

    def __init__(
        self,
        hub: FeedHub,
        views: MemberViews,
        *,
        stream_seconds_max: float = STREAM_SECONDS_MAX,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        send_seconds_max: float = SEND_SECONDS_MAX,
    ) -> None:
        """Say how long a stream is, or silent, or waits for its reader."""
        self.hub = hub
        self._views = views
        self._stream_seconds_max = stream_seconds_max
        self._heartbeat_seconds = heartbeat_seconds
        self._send_seconds_max = send_seconds_max

    def open(self, member_id: str, last: int | None) -> EventStream:
        """
        Stream of a member after a version that is known, or from now on.

        Answers MemberNotFound, TooManyStreams, Unavailable instead of beginning.
        """
        return EventStream(
            self._told(member_id, last), send_seconds_max=self._send_seconds_max
        )

    async def _told(
        self, member_id: str, last: int | None
    ) -> AsyncGenerator[bytes, None]:
        ends_at = time.monotonic() + self._stream_seconds_max
        # Subscribed first: what comes while the view is read is not missed.
        with self.hub.subscribed(member_id) as subscription:
            await self.hub.ready()
            stored = await self._views.get(member_id)
            if stored is None:
                raise no_such_member(member_id)
            known = stored.version
            yield RETRY
            if last is None:
                yield _event(member_id, known, encode_news(stored.document, ()))
            else:
                missed = await self._missed(member_id, last, stored)
                if missed is None:
                    yield _reset(known)
                else:
                    for entry in missed:
                        yield _event(member_id, entry.version, entry.news)
                    known = missed[-1].version if missed else last
            async for event in self._live(
                member_id, known, subscription, ends_at=ends_at
            ):
                yield event

    async def _missed(
        self, member_id: str, last: int, stored: StoredView
    ) -> Sequence[FeedEntry] | None:
        """Versions after the last one that is known; None if some are gone."""
        for _ in range(FEED_LOOKS_MAX):
            found = self.hub.after(member_id, last)
            reached = last
            for entry in found:
                if entry.since != reached:
                    return None
                reached = entry.version
            if last <= stored.version <= reached:
                return found
            if last > stored.version:
                # We never told of it, or Redis has lost it since.
                return None
            await asyncio.sleep(FEED_LOOK_SECONDS)
        return None

    async def _live(
        self, member_id: str, known: int, subscription: Subscription, *, ends_at: float
    ) -> AsyncGenerator[bytes, None]:
        """What comes after a version, until the time is over or the reader is slow."""
        while (left := ends_at - time.monotonic()) > 0:
            entry = await subscription.next(min(left, self._heartbeat_seconds))
            if entry is None:
                if subscription.is_lost:
                    STREAMS_SLOW.inc()
                    return
                yield HEARTBEAT
            elif entry.version > known:
                # Something in between is gone: Redis was away for long.
                whole = entry.since == known
                known = entry.version
                yield _event(member_id, known, entry.news) if whole else _reset(known)
                if entry.news == GONE:
                    return


def _event(member_id: str, version: int, news: bytes) -> bytes:
    if news == GONE:
        return sent("gone", {"member_id": member_id, "version": version}, version)
    told = news_out(member_id, decode_news(news)).model_dump(mode="json")
    return sent("member", told, version)


def _reset(version: int) -> bytes:
    why = "what was in between is no longer there: read the member anew"
    return sent("reset", {"version": version, "why": why}, version)
