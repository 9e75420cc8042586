"""The composition root of the API."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from api.access import Verifier
from api.commands import WAIT_SECONDS_MAX, CommandDesk
from api.cross_origin import cross_origin, origins_of
from api.dependencies import wall_clock
from api.errors import handle_problems
from api.estimating import Estimator
from api.gate import Gate, verifier_of
from api.middleware import REQUEST_SECONDS_MAX, Edge
from api.openapi import describe
from api.routes import (
    command_status,
    commands,
    estimates,
    health,
    histories,
    ingest,
    members,
    profiles,
)
from api.throttle import NO_LIMIT, Budgets, Throttle
from loyalty.program import Programs
from runtime.settings import Settings
from schemas.confluent import ConfluentRegistry
from schemas.events import EventCodec
from schemas.state import StateCodec
from stores.analytics import ClickHouseAnalytics
from stores.analytics_contract import Analytics
from stores.command_notes import CommandNotes, RedisCommandNotes
from stores.member_views import RedisMemberViews
from stores.member_views_contract import MemberViews
from stores.memory_rate_limits import SafeRateLimits
from stores.programs import load_program
from stores.publisher import KafkaPublisher, Publisher
from stores.rate_limits import RedisRateLimits
from stores.rate_limits_contract import RateLimits

ROUTES: Final = (
    ingest,
    members,
    histories,
    estimates,
    profiles,
    commands,
    command_status,
    health,
)
DESCRIPTION: Final = """\
Takes orders and activity into the log, and answers how members stand. Errors are
problem documents (RFC 9457), see docs/problems.md. Everything under /v1 needs an access
token (OAuth 2.0 bearer, RFC 9068), see docs/security.md.
"""


def create_app(
    views: MemberViews,
    analytics: Analytics,
    publisher: Publisher,
    *,
    notes: CommandNotes,
    codec: EventCodec,
    programs: Programs,
    verifier: Verifier | None,
    limits: RateLimits,
    budgets: Budgets = NO_LIMIT,
    origins: tuple[str, ...] = (),
    request_seconds_max: float = REQUEST_SECONDS_MAX,
    clock: Callable[[], float] = wall_clock,
    wait_seconds_max: float = WAIT_SECONDS_MAX,
) -> FastAPI:
    """
    Build the application over its stores; `clock` gives seconds since 1970.

    Without a verifier no token is asked for.
    """
    app = FastAPI(
        title="Regulars",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=_closing(publisher, views, notes, analytics, limits),
        # The usual pages load scripts from elsewhere; the document itself does.
        docs_url=None,
        redoc_url=None,
    )
    app.state.views = views
    app.state.analytics = analytics
    app.state.publisher = publisher
    app.state.codec = codec
    app.state.programs = programs
    app.state.states = StateCodec()
    app.state.estimates = Estimator(programs)
    app.state.desk = CommandDesk(
        publisher, views, notes, codec=codec, wait_seconds_max=wait_seconds_max
    )
    app.state.clock = clock
    app.state.readiness = health.Readiness(
        {
            "redis": views.ping,
            "clickhouse": analytics.ping,
            "kafka": publisher.ping,
        }
    )
    handle_problems(app)
    for routes in ROUTES:
        app.include_router(routes.router)
    # The one that is added last is the outermost.
    app.add_middleware(Throttle, limits=limits, budgets=budgets)
    app.add_middleware(Gate, verifier=verifier)
    if origins:
        # A browser asks whether it may before it shows any token.
        app.add_middleware(CORSMiddleware, **cross_origin(origins))
    app.add_middleware(Edge, request_seconds_max=request_seconds_max)
    describe(app)
    return app


def _closing(
    *stores: Publisher | MemberViews | CommandNotes | Analytics | RateLimits,
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Let go of all stores, in this order, when the service ends."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        for store in stores:
            await store.close()

    return lifespan


def build(settings: Settings) -> FastAPI:
    """
    Build the application with its real clients.

    Raises: InvalidSettings, InvalidProgram, OSError, RegistryUnavailable.
    """
    verifier = verifier_of(settings, wall_clock)
    url = settings.schema_registry_url
    return create_app(
        RedisMemberViews(settings.redis_url, settings.app_id),
        ClickHouseAnalytics(settings.clickhouse_url, settings.clickhouse_database),
        KafkaPublisher(settings.kafka_bootstrap_servers),
        notes=RedisCommandNotes(
            settings.redis_url,
            settings.app_id,
            result_ttl_seconds=settings.result_ttl_seconds,
        ),
        codec=EventCodec(ConfluentRegistry(url) if url else None),
        programs=load_program(Path(settings.program_file)),
        verifier=verifier,
        limits=SafeRateLimits(RedisRateLimits(settings.redis_url, settings.app_id)),
        budgets=Budgets.of(settings),
        origins=origins_of(settings),
        request_seconds_max=settings.request_timeout_ms / 1_000,
    )
