"""The composition root of the API."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final

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
    rule_histories,
    rules,
    simulations,
)
from api.rule_steps import RuleDesk
from loyalty.limits import LEAD_MS_MIN
from loyalty.program import Programs
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
from stores.program_log import KafkaProgramLog
from stores.program_log_contract import LivePrograms, ProgramLog
from stores.programs import load_document
from stores.publisher import KafkaPublisher, Publisher

ROUTES: Final = (
    ingest,
    members,
    histories,
    estimates,
    profiles,
    commands,
    command_status,
    rules,
    rule_histories,
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
    codec: EventCodec,
    programs: Programs,
    program_log: ProgramLog,
    publish_lead_ms: int = LEAD_MS_MIN,
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
        lifespan=_closing(
            program_log, publisher, views, notes, backtest_queue, analytics
        ),
        # The usual pages load scripts from elsewhere; the document itself does.
        docs_url=None,
        redoc_url=None,
    )
    app.state.views = views
    app.state.analytics = analytics
    app.state.publisher = publisher
    app.state.codec = codec
    app.state.backtests = backtest_queue
    app.state.programs = programs
    app.state.states = StateCodec()
    app.state.estimates = Estimator(programs)
    app.state.desk = CommandDesk(
        publisher, views, notes, codec=codec, wait_seconds_max=wait_seconds_max
    )
    app.state.rules = RuleDesk(program_log, publish_lead_ms)
    app.state.clock = clock
    app.state.readiness = health.Readiness(
        {
            "redis": views.ping,
            "clickhouse": analytics.ping,
            "kafka": publisher.ping,
            "program": program_log.ping,
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
    *stores: ProgramLog
    | Publisher
    | MemberViews
    | CommandNotes
    | Backtests
    | Analytics,
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
    publisher = KafkaPublisher(settings.kafka_bootstrap_servers)
    program_log = KafkaProgramLog(
        settings.kafka_bootstrap_servers,
        load_document(Path(settings.program_file)),
        group_id=f"{settings.app_id}-api",
        publisher=publisher,
    )
    program_log.start()
    return create_app(
        RedisMemberViews(settings.redis_url, settings.app_id),
        ClickHouseAnalytics(settings.clickhouse_url, settings.clickhouse_database),
        publisher,
        notes=RedisCommandNotes(
            settings.redis_url,
            settings.app_id,
            result_ttl_seconds=settings.result_ttl_seconds,
        ),
        backtest_queue=RedisBacktests(
            settings.redis_url, settings.app_id, kept_days=settings.backtests_kept_days
        ),
        codec=EventCodec(ConfluentRegistry(url) if url else None),
        programs=LivePrograms(program_log),
        program_log=program_log,
        publish_lead_ms=settings.publish_lead_ms,
        verifier=verifier,
    )
