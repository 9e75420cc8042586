"""The composition root of the API."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final, Protocol

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from api.access import Verifier
from api.commands import WAIT_SECONDS_MAX, CommandDesk
from api.contacts import ContactKey
from api.cross_origin import cross_origin, origins_of
from api.dependencies import wall_clock
from api.errors import handle_problems
from api.estimating import Estimator
from api.gate import Gate, verifier_of
from api.identification import Identification
from api.middleware import REQUEST_SECONDS_MAX, Edge
from api.openapi import describe
from api.routes import (
    codes,
    command_status,
    commands,
    estimates,
    health,
    histories,
    ingest,
    members,
    pos,
    privacy,
    profiles,
)
from api.throttle import NO_LIMIT, Budgets, Throttle
from api.till import Till
from api.till_members import TillMembers
from api.till_steps import TillSteps
from loyalty.program import Programs
from runtime.settings import Settings
from schemas.confluent import ConfluentRegistry
from schemas.events import EventCodec
from schemas.state import StateCodec
from stores.analytics import ClickHouseAnalytics
from stores.analytics_contract import Analytics
from stores.command_notes import CommandNotes, RedisCommandNotes
from stores.identities import RedisIdentities
from stores.identities_contract import Identities
from stores.member_views import RedisMemberViews
from stores.member_views_contract import MemberViews
from stores.memory_rate_limits import SafeRateLimits
from stores.programs import load_program
from stores.publisher import KafkaPublisher, Publisher
from stores.rate_limits import RedisRateLimits
from stores.rate_limits_contract import RateLimits
from stores.till_notes import RedisTillNotes, TillNotes

ROUTES: Final = (
    ingest,
    members,
    codes,
    histories,
    estimates,
    profiles,
    commands,
    command_status,
    pos,
    privacy,
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
    identities: Identities,
    till_notes: TillNotes,
    contact_key: ContactKey | None,
    budgets: Budgets = NO_LIMIT,
    origins: tuple[str, ...] = (),
    request_seconds_max: float = REQUEST_SECONDS_MAX,
    clock: Callable[[], float] = wall_clock,
    wait_seconds_max: float = WAIT_SECONDS_MAX,
) -> FastAPI:
    """
    Build the application over its stores; `clock` gives seconds since 1970.

    Without a verifier no token is asked for; without a key for contacts there are
    neither contacts nor codes.
    """
    app = FastAPI(
        title="Regulars",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=_closing(
            publisher, views, notes, analytics, limits, identities, till_notes
        ),
        # The usual pages load scripts from elsewhere; the document itself does.
        docs_url=None,
        redoc_url=None,
    )
    app.state.views = views
    app.state.analytics = analytics
    app.state.publisher = publisher
    app.state.codec = codec
    app.state.programs = programs
    app.state.states, app.state.estimates = StateCodec(), Estimator(programs)
    app.state.desk = CommandDesk(
        publisher, views, notes, codec=codec, wait_seconds_max=wait_seconds_max
    )
    app.state.clock = clock
    app.state.identification = Identification(identities, contact_key)
    app.state.tills = _tills(app, till_notes)
    app.state.readiness = _readiness(app)
    handle_problems(app)
    for routes in ROUTES:
        app.include_router(routes.router)
    # The one that is added last is the outermost.
    app.add_middleware(Throttle, limits=limits, budgets=budgets)
    app.add_middleware(Gate, verifier=verifier)
    _let_pages_call(app, origins)
    app.add_middleware(Edge, request_seconds_max=request_seconds_max)
    describe(app)
    return app


def _let_pages_call(app: FastAPI, origins: tuple[str, ...]) -> None:
    if origins:
        # A browser asks whether it may before it shows any token.
        app.add_middleware(CORSMiddleware, **cross_origin(origins))


def _readiness(app: FastAPI) -> health.Readiness:
    state = app.state
    return health.Readiness(
        {
            "redis": state.views.ping,
            "clickhouse": state.analytics.ping,
            "kafka": state.publisher.ping,
        }
    )


def _tills(app: FastAPI, notes: TillNotes) -> Till:
    """Tills over what the application has already."""
    state = app.state
    members = TillMembers(
        state.views, state.states, state.estimates, programs=state.programs
    )
    steps = TillSteps(
        state.desk,
        notes,
        state.publisher,
        codec=state.codec,
        members=members,
        identification=state.identification,
    )
    return Till(notes, steps, members=members, identification=state.identification)


class Closable(Protocol):
    """What holds connections."""

    async def close(self) -> None:
        """Let go of all connections."""


def _closing(
    *stores: Closable,
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
        identities=RedisIdentities(settings.redis_url, settings.app_id),
        till_notes=RedisTillNotes(settings.redis_url, settings.app_id),
        contact_key=_contact_key(settings),
        origins=origins_of(settings),
        request_seconds_max=settings.request_timeout_ms / 1_000,
    )


def _contact_key(settings: Settings) -> ContactKey | None:
    secret = settings.identity_key.get_secret_value()
    if not secret:
        return None
    return ContactKey(secret, country_code=settings.phone_country_code)
