"""The FastAPI service: one function builds it from its stores."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from api.access import Verifier
from api.commands import WAIT_SECONDS_MAX
from api.console.app import ConsoleParts, mount_console
from api.contacts import ContactKey
from api.cross_origin import cross_origin
from api.dependencies import wall_clock
from api.desks import desk_of, hold_codes, hold_desks, hold_streams, tills_of
from api.errors import handle_problems
from api.estimating import Estimator
from api.event_stream import STREAM_SECONDS_MAX
from api.gate import Gate
from api.identification import Identification
from api.learned import Learned
from api.life_cycle import LifeCycle
from api.middleware import REQUEST_SECONDS_MAX, Edge
from api.openapi import describe
from api.parts import Stores
from api.routes import (
    analytics as analytics_routes,
)
from api.routes import (
    backtests,
    campaign_lists,
    campaigns,
    cloud_events,
    code_pools,
    codes,
    command_status,
    commands,
    consents,
    dead_letters,
    delivery,
    estimates,
    experiments,
    health,
    histories,
    imports,
    inbox,
    inbox_events,
    ingest,
    member_events,
    members,
    merges,
    personal_offers,
    pos,
    privacy,
    profiles,
    rule_histories,
    rules,
    simulations,
    templates,
    unsubscribing,
    webhooks,
)
from api.rule_steps import RuleDesk
from api.sending import Sending
from api.short_places import short_ways
from api.short_way import ShortWay
from api.throttle import NO_LIMIT, Budgets, Throttle, Turns
from loyalty.limits import LEAD_MS_MIN
from loyalty.program import Programs
from loyalty.publishing.catalogue import ANYTHING, Catalogue
from runtime.tracing import end_tracing
from schemas.events import EventCodec
from schemas.state import StateCodec
from stores.guard import Guard

ROUTES: Final = (
    ingest,
    cloud_events,
    imports,
    members,
    member_events,
    personal_offers,
    histories,
    codes,
    code_pools,
    estimates,
    profiles,
    consents,
    commands,
    merges,
    command_status,
    rules,
    rule_histories,
    simulations,
    backtests,
    campaign_lists,
    campaigns,
    analytics_routes,
    experiments,
    pos,
    privacy,
    dead_letters,
    webhooks,
    delivery,
    inbox,
    inbox_events,
    templates,
    unsubscribing,
    health,
)
DESCRIPTION: Final = """\
Takes orders and activity into the log, and answers how members stand. Errors are
problem documents (RFC 9457), see docs/problems.md. Everything under /v1 needs an access
token (OAuth 2.0 bearer, RFC 9068), see docs/security.md.
"""
# A page of another origin: what is answered depends on it.
ORIGIN: Final = frozenset({b"origin"})
# Spans and metrics are ours, see api/middleware.py.
NO_TELEMETRY: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
}


def create_app(
    stores: Stores,
    *,
    codec: EventCodec,
    programs: Programs,
    publish_lead_ms: int = LEAD_MS_MIN,
    catalogue: Catalogue = ANYTHING,
    verifier: Verifier | None,
    contact_key: ContactKey | None,
    sending: Sending | None = None,
    guards: tuple[Guard, ...] = (),
    console: ConsoleParts | None = None,
    budgets: Budgets = NO_LIMIT,
    origins: tuple[str, ...] = (),
    request_seconds_max: float = REQUEST_SECONDS_MAX,
    clock: Callable[[], float] = wall_clock,
    wait_seconds_max: float = WAIT_SECONDS_MAX,
    stream_seconds_max: float = STREAM_SECONDS_MAX,
) -> FastAPI:
    """
    Build the application over its stores; `clock` gives seconds since 1970.

    Without a verifier no token is asked for; without a key for contacts there are
    neither contacts nor codes, without what sends neither webhooks nor
    addresses; without its parts there is no console. `guards` are those that stand
    round the stores already: how they are is told.
    """
    app = _bare_app(stores)
    _hold(app, stores, guards)
    hold_desks(app, stores, codec, clock=clock)
    app.state.clock, app.state.codec, app.state.programs = clock, codec, programs
    app.state.states, app.state.estimates = StateCodec(), Estimator(programs)
    app.state.answers = Learned(stores.questions, clock)
    app.state.desk = desk_of(stores, codec, wait_seconds_max)
    hold_streams(app, stores, clock=clock, stream_seconds_max=stream_seconds_max)
    app.state.rules = RuleDesk(stores.program_log, publish_lead_ms, catalogue)
    app.state.identification = Identification(stores.identities, contact_key)
    hold_codes(app, stores, contact_key)
    app.state.tills = tills_of(app, stores.till_notes)
    app.state.sending = sending or Sending(stores.deliveries)
    if console is not None:
        mount_console(app, console)
    handle_problems(app)
    for routes in ROUTES:
        app.include_router(routes.router)
    app.state.turns = Turns(stores.limits, budgets)
    _put_round(app, verifier, origins)
    log, seconds = stores.program_log, request_seconds_max
    app.add_middleware(
        Edge, log=log, short=app.state.short, request_seconds_max=seconds
    )
    describe(app)
    return app


class Service(FastAPI):
    """The framework, of which Edge is the outermost layer."""

    def build_middleware_stack(self) -> ASGIApp:
        """Leave out what bounds bodies and answers failures: Edge does."""
        stack: Any = super().build_middleware_stack()
        while not isinstance(stack, Edge):
            stack = stack.app
        return stack


def _bare_app(stores: Stores) -> FastAPI:
    return Service(
        title="Regulars",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=_closing(stores),
        # The usual pages load scripts from elsewhere; the document itself does.
        telemetry=NO_TELEMETRY,
        docs_url=None,
        redoc_url=None,
    )


def _put_round(
    app: FastAPI, verifier: Verifier | None, origins: tuple[str, ...]
) -> None:
    """Put the layers between Edge and the routes, and make the way past them."""
    turns = app.state.turns
    app.state.short = ShortWay(
        short_ways(app.state),
        verifier=verifier,
        turns=turns,
        long_for=ORIGIN if origins else frozenset(),
    )
    # The one that is added last is the outermost.
    app.add_middleware(LifeCycle)
    app.add_middleware(Throttle, turns=turns)
    app.add_middleware(Gate, verifier=verifier)
    _open_to(app, origins)


def _open_to(app: FastAPI, origins: tuple[str, ...]) -> None:
    if origins:
        # A browser asks whether it may before it shows any token.
        app.add_middleware(CORSMiddleware, **cross_origin(origins))


def _hold(app: FastAPI, stores: Stores, guards: tuple[Guard, ...]) -> None:
    """Keep the stores where routes find them."""
    state = app.state
    state.is_one_of_several = False
    state.views, state.analytics = stores.views, stores.analytics
    state.questions, state.publisher = stores.questions, stores.publisher
    state.campaigns, state.audiences = stores.campaigns, stores.audiences
    state.backtests, state.saved_views = stores.backtests, stores.saved_views
    state.worker_reports = stores.worker_reports
    state.readiness = health.Readiness(
        {
            "redis": stores.views.ping,
            "clickhouse": stores.analytics.ping,
            "kafka": stores.publisher.ping,
            "program": stores.program_log.ping,
        },
        guards,
        log=stores.program_log,
    )


def _closing(
    stores: Stores,
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Let go of all stores when the service ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await app.state.imports.close()
        await app.state.desk.close()
        await app.state.streams.hub.close()
        await app.state.inbox_streams.hub.close()
        await stores.close()
        await asyncio.to_thread(end_tracing)

    return lifespan
