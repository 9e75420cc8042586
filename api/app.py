"""The composition root of the API."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI

from api.access import Verifier
from api.commands import WAIT_SECONDS_MAX, CommandDesk
from api.dependencies import wall_clock
from api.errors import handle_problems
from api.estimating import Estimator
from api.gate import Gate, verifier_of
from api.middleware import Edge
from api.openapi import describe
from api.routes import (
    backtests,
    command_status,
    commands,
    estimates,
    health,
    histories,
    ingest,
    members,
    profiles,
    simulations,
)
from loyalty.program import Programs
from loyalty.program_document import program_from
from runtime.settings import Settings
from schemas.confluent import ConfluentRegistry
from schemas.events import EventCodec
from schemas.state import StateCodec
from stores.analytics import ClickHouseAnalytics
from stores.analytics_contract import Analytics
from stores.backtests import RedisBacktests
from stores.backtests_contract import Backtests
from stores.command_notes import CommandNotes, RedisCommandNotes
from stores.member_views import RedisMemberViews
from stores.member_views_contract import MemberViews
from stores.programs import EDGE_CALENDARS, load_document
from stores.publisher import KafkaPublisher, Publisher

ROUTES: Final = (
    ingest,
    members,
    histories,
    estimates,
    profiles,
    commands,
    command_status,
    simulations,
    backtests,
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
    backtest_queue: Backtests,
    program_document: dict[str, Any],
    codec: EventCodec,
    programs: Programs,
    verifier: Verifier | None,
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
        lifespan=_closing(publisher, views, notes, backtest_queue, analytics),
        # The usual pages load scripts from elsewhere; the document itself does.
        docs_url=None,
        redoc_url=None,
    )
    app.state.views = views
    app.state.analytics = analytics
    app.state.publisher = publisher
    app.state.codec = codec
    app.state.backtests = backtest_queue
    app.state.program_document = program_document
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
    app.add_middleware(Gate, verifier=verifier)
    app.add_middleware(Edge)
    describe(app)
    return app


def _closing(
    *stores: Publisher | MemberViews | CommandNotes | Backtests | Analytics,
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
    document = load_document(Path(settings.program_file))
    return create_app(
        RedisMemberViews(settings.redis_url, settings.app_id),
        ClickHouseAnalytics(settings.clickhouse_url, settings.clickhouse_database),
        KafkaPublisher(settings.kafka_bootstrap_servers),
        notes=RedisCommandNotes(
            settings.redis_url,
            settings.app_id,
            result_ttl_seconds=settings.result_ttl_seconds,
        ),
        backtest_queue=RedisBacktests(
            settings.redis_url, settings.app_id, kept_days=settings.backtests_kept_days
        ),
        program_document=document,
        codec=EventCodec(ConfluentRegistry(url) if url else None),
        programs=program_from(document, EDGE_CALENDARS),
        verifier=verifier,
    )
