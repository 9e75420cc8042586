"""The API over the stores' twins in memory, and a member to read."""

import asyncio
from typing import Any

import httpx

from api.app import create_app
from loyalty.member import NEW_MEMBER
from loyalty.view import view_of
from schemas.events import EventCodec
from schemas.updates import Source, UpdateCodec, change_record
from schemas.views import encode_view
from stores.member_views import MemoryMemberViews, ViewWrite
from stores.memory_analytics import MemoryAnalytics
from stores.publisher import MemoryPublisher
from tests.builders import A_FULL_PROGRAM, NOON, an_order
from tests.rules.folding import fold

NOW_SECONDS = NOON / 1000


class Client:
    """Calls the application as a client would, without a network."""

    view = view_of("member-1", NEW_MEMBER, A_FULL_PROGRAM)

    def __init__(self) -> None:
        self.views = MemoryMemberViews()
        self.analytics = MemoryAnalytics()
        self.publisher = MemoryPublisher()
        self.app = create_app(
            self.views,
            self.analytics,
            self.publisher,
            codec=EventCodec(),
            clock=lambda: NOW_SECONDS,
        )

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Answer to one request."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            base = "http://test"
            async with httpx.AsyncClient(transport=transport, base_url=base) as client:
                return await client.request(method, path, **options)

        return asyncio.run(ask())

    def hold_member(self, orders: int = 3) -> None:
        """Keep a member of so many orders, each of $45, in views and ledger."""
        events = [
            an_order(f"o{n}", subtotal_minor=45_00, occurred_at=NOON + n)
            for n in range(orders)
        ]
        folded = fold(events, A_FULL_PROGRAM)
        view = view_of("member-1", folded.member, A_FULL_PROGRAM)
        document = encode_view(view)
        write = ViewWrite("member-1", view.version, document)
        codec = UpdateCodec()
        changes = [
            change_record(
                outcome,
                Source("orders", n, NOON),
                event_id=f"e{n}",
                event_kind="order.placed",
                occurred_at=NOON + n,
                order_id=f"o{n}",
            )
            for n, outcome in enumerate(folded.outcomes)
        ]
        update = codec.decode_record(codec.encode("member-1", view, changes))
        asyncio.run(self.views.put([write]))
        insert = self.analytics.insert_updates([update], token="t")
        asyncio.run(insert)
