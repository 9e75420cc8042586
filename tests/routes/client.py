"""The API over the stores' twins in memory, and a member to read."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx

from api.app import create_app
from api.console.app import ConsoleParts
from api.console.ways import LOCAL, WayIn
from api.contacts import ContactKey
from api.guarding import Guards
from api.parts import Stores
from api.sending import DeliveryStores, Sending
from delivery.sealing import DeliveryKey
from delivery.targets import TargetRules
from delivery.web import SafeClient
from loyalty.events import OrderEvent
from loyalty.member import NEW_MEMBER
from loyalty.program import Program
from loyalty.view import view_of
from schemas.events import EventCodec
from schemas.topics import ORDERS
from schemas.update_reader import UpdateReader
from schemas.updates import Source, UpdateCodec, change_record
from schemas.views import encode_view
from stores.command_notes import MemoryCommandNotes
from stores.email_addresses_contract import MemoryEmailAddresses
from stores.log_watch import MemoryLogWatch
from stores.member_views_contract import ViewWrite
from stores.memory_analytics import MemoryAnalytics
from stores.memory_audiences import MemoryAudiences
from stores.memory_backtests import MemoryBacktests
from stores.memory_campaigns import MemoryCampaigns
from stores.memory_code_lists import MemoryCodeLists
from stores.memory_dead_letters import MemoryDeadLetters
from stores.memory_delivery_controls import MemoryDeliveryControls
from stores.memory_endpoints import MemoryEndpoints
from stores.memory_identities import MemoryIdentities
from stores.memory_imports import MemoryImports
from stores.memory_inbox import MemoryInbox, MemoryInboxBell
from stores.memory_member_views import MemoryMemberViews
from stores.memory_outbox import MemoryOutbox
from stores.memory_program_log import MemoryProgramLog
from stores.memory_questions import MemoryQuestions
from stores.memory_rate_limits import MemoryRateLimits, SafeRateLimits
from stores.memory_worker_reports import MemoryWorkerReports
from stores.saved_views import MemorySavedViews
from stores.till_notes import MemoryTillNotes
from tests.builders import A_FULL_PROGRAM, NOON, an_order
from tests.routes.engine import MemoryEngine
from tests.routes.issuing import AnIssuer
from tests.rules.folding import fold

READER = UpdateReader()

NOW_SECONDS = NOON / 1000
AT_THIS_MACHINE = WayIn(LOCAL)
# A program of one rule, for those who ask about rules.
A_DOCUMENT = {
    "program": "bistro",
    "currency": "USD",
    "tiers": [
        {"id": "base", "name": "Base", "from_points": 0},
        {"id": "gold", "name": "Gold", "from_points": 500},
    ],
    "earn": [{"id": "spend", "points": 1, "step_minor": 100}],
}
CONTACT_KEY = ContactKey("a secret of tests, thirty-two characters and more")

DELIVERY_KEY = DeliveryKey("another secret of tests, long enough for anybody")


async def a_resolver(host: str, _port: int) -> list[str]:
    """Every name is a public one, but for those that say otherwise."""
    return ["10.0.0.1"] if host.startswith("inner.") else ["93.184.216.34"]


def memory_deliveries() -> DeliveryStores:
    """Stores of deliveries, all empty."""
    inbox = MemoryInbox()
    return DeliveryStores(
        outbox=MemoryOutbox(),
        controls=MemoryDeliveryControls(),
        endpoints=MemoryEndpoints(),
        inbox=inbox,
        bell=MemoryInboxBell(inbox),
        addresses=MemoryEmailAddresses(),
    )


def _guarded(stores: Stores, guards: Guards) -> Stores:
    publisher = guards.publisher(stores.publisher)
    return replace(guards.stores(stores), publisher=publisher)


class Client:
    """Calls the application as a client would, without a network."""

    view = view_of("member-1", NEW_MEMBER, A_FULL_PROGRAM)

    def __init__(
        self,
        program: Program = A_FULL_PROGRAM,
        document: dict[str, Any] | None = None,
        *,
        asks_for_tokens: bool = True,
        way_in: WayIn = AT_THIS_MACHINE,
        has_console: bool = True,
        **guarded: Any,
    ) -> None:
        self.views = MemoryMemberViews()
        self.analytics = MemoryAnalytics()
        self.questions = MemoryQuestions()
        self.log_watch = MemoryLogWatch()
        self.notes = MemoryCommandNotes()
        self.backtests = MemoryBacktests()
        self.campaigns = MemoryCampaigns()
        self.audiences = MemoryAudiences()
        self.identities = MemoryIdentities(lambda: self.now_seconds)
        self.code_lists = MemoryCodeLists()
        self.dead_letters = MemoryDeadLetters()
        self.till_notes = MemoryTillNotes()
        self.saved_views = MemorySavedViews()
        self.worker_reports = MemoryWorkerReports()
        self.deliveries = memory_deliveries()
        self.limits = MemoryRateLimits(lambda: self.now_seconds)
        self.publisher = MemoryEngine(program, self.views, self.analytics)
        self.now_seconds = NOW_SECONDS
        self.program_log = MemoryProgramLog(
            document or A_DOCUMENT, lambda: int(self.now_seconds * 1000)
        )
        self.tokens = AnIssuer(lambda: self.now_seconds)
        # What a request is signed with that does not say otherwise.
        self.token: str | None = self.tokens.token()
        guards: Guards | None = guarded.pop("guards", None)
        stores = self._stores()
        self.app = create_app(
            _guarded(stores, guards) if guards else stores,
            guards=guards.all() if guards else (),
            codec=EventCodec(),
            programs=program,
            verifier=self.tokens.verifier() if asks_for_tokens else None,
            contact_key=guarded.pop("contact_key", CONTACT_KEY),
            sending=Sending(
                self.deliveries,
                guarded.pop("delivery_key", DELIVERY_KEY),
                SafeClient(TargetRules(), timeout_ms=1_000, resolve=a_resolver).check,
            ),
            console=ConsoleParts(self.log_watch, way_in) if has_console else None,
            clock=lambda: self.now_seconds,
            wait_seconds_max=0.05,
            **guarded,
        )

    def _stores(self) -> Stores:
        return Stores(
            views=self.views,
            feed=self.views.feed,
            result_bell=self.views.result_bell,
            analytics=self.analytics,
            questions=self.questions,
            publisher=self.publisher,
            notes=self.notes,
            backtests=self.backtests,
            campaigns=self.campaigns,
            audiences=self.audiences,
            program_log=self.program_log,
            limits=SafeRateLimits(self.limits, lambda: self.now_seconds),
            identities=self.identities,
            code_lists=self.code_lists,
            till_notes=self.till_notes,
            imports=MemoryImports(),
            dead_letters=self.dead_letters,
            saved_views=self.saved_views,
            worker_reports=self.worker_reports,
            deliveries=self.deliveries,
        )

    def ask(
        self, method: str, path: str, key: str | None = "key-1", **body: Any
    ) -> httpx.Response:
        """Answer to a command; without a body when nothing is named."""
        headers = {} if key is None else {"idempotency-key": key}
        options: dict[str, Any] = {"json": body} if body or method == "POST" else {}
        return self.call(method, path, headers=headers, **options)

    def earn(
        self,
        dollars: int,
        *,
        member_id: str = "member-1",
        order: str = "o1",
        after_ms: int = 0,
    ) -> None:
        """Let a member place an order of so many dollars, at noon or after it."""
        placed = an_order(
            order,
            subtotal_minor=dollars * 100,
            member_id=member_id,
            occurred_at=NOON + after_ms,
        )
        self.give(placed)

    def give(self, order: OrderEvent) -> None:
        """Let the engine have an order, or a return."""
        value = EventCodec().encode_order(order)
        key = order.member_id.encode()
        asyncio.run(self.publisher.publish(ORDERS.name, key=key, value=value))

    def headers(self) -> dict[str, str]:
        """Headers of a request that is signed."""
        return {} if self.token is None else {"authorization": f"Bearer {self.token}"}

    def call(
        self, method: str, path: str, *, base: str = "http://test", **options: Any
    ) -> httpx.Response:
        """Answer to one request, signed unless it says how."""
        given = httpx.Headers(options.pop("headers", {}))
        # As they were given: a name may be there twice.
        headers = [*given.raw]
        headers += [
            (name.encode(), value.encode())
            for name, value in self.headers().items()
            if name not in given
        ]

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=base) as client:
                return await client.request(method, path, headers=headers, **options)

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
        update = READER.read(codec.encode("member-1", view, changes))
        asyncio.run(self.views.put([write]))
        insert = self.analytics.insert_updates([update], token="t")
        asyncio.run(insert)
