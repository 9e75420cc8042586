"""The composition root of the API."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final, Protocol

from fastapi import FastAPI

from api.access import Verifier
from api.commands import WAIT_SECONDS_MAX, CommandDesk
from api.console.app import ConsoleParts, mount_console
from api.console.ways import way_in_of
from api.dependencies import wall_clock
from api.errors import handle_problems
from api.estimating import Estimator
from api.gate import Gate, verifier_of
from api.middleware import Edge
from api.openapi import describe
from api.routes import (
    analytics as analytics_routes,
)
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
    rule_simulations,
    rules,
    simulations,
)
from api.rule_steps import RuleDesk
from loyalty.limits import LEAD_MS_MIN
from loyalty.program import Programs
from loyalty.publishing.catalogue import ANYTHING, Catalogue
from runtime.settings import Settings, told_settings
from schemas.confluent import ConfluentRegistry
from schemas.events import EventCodec
from schemas.state import StateCodec
from stores.analytics import ClickHouseAnalytics
from stores.analytics_contract import Analytics
from stores.backtests import RedisBacktests
from stores.backtests_contract import Backtests
from stores.clickhouse_questions import ClickHouseQuestions
from stores.command_notes import CommandNotes, RedisCommandNotes
from stores.log_watch import KafkaLogWatch
from stores.member_views import RedisMemberViews
from stores.member_views_contract import MemberViews
from stores.program_log import KafkaProgramLog
from stores.program_log_contract import LivePrograms, ProgramLog
from stores.programs import load_catalogue, load_document
from stores.publisher import KafkaPublisher, Publisher
from stores.questions_contract import Questions

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
    rule_simulations,
    simulations,
    backtests,
    analytics_routes,
    health,
)
DESCRIPTION: Final = """\
Takes orders and activity into the log, and answers how members stand. Errors are
problem documents (RFC 9457), see docs/problems.md. Everything under /v1 needs an access
token (OAuth 2.0 bearer, RFC 9068), see docs/security.md.
"""


class Closes(Protocol):
    """Something that is let go of at the end."""

    async def close(self) -> None:
        """Let go."""


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
    catalogue: Catalogue = ANYTHING,
    verifier: Verifier | None,
    questions: Questions,
    console: ConsoleParts | None = None,
    clock: Callable[[], float] = wall_clock,
    wait_seconds_max: float = WAIT_SECONDS_MAX,
) -> FastAPI:
    """
    Build the application over its stores; `clock` gives seconds since 1970.

    Without a verifier no token is asked for; without its parts there is no console.
    """
    app = FastAPI(
        title="Regulars",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=_closing(
            program_log, publisher, views, notes, backtest_queue, analytics, questions
        ),
        # The usual pages load scripts from elsewhere; the document itself does.
        docs_url=None,
        redoc_url=None,
    )
    app.state.views = views
    app.state.analytics = analytics
    app.state.questions = questions
    app.state.publisher = publisher
    app.state.codec = codec
    app.state.backtests = backtest_queue
    app.state.programs = programs
    app.state.states = StateCodec()
    app.state.estimates = Estimator(programs)
    app.state.desk = CommandDesk(
        publisher, views, notes, codec=codec, wait_seconds_max=wait_seconds_max
    )
    app.state.rules = RuleDesk(program_log, publish_lead_ms, catalogue)
    app.state.clock = clock
    app.state.readiness = health.Readiness(
        {
            "redis": views.ping,
            "clickhouse": analytics.ping,
            "kafka": publisher.ping,
            "program": program_log.ping,
        }
    )
    if console is not None:
        mount_console(app, console)
    return _open(app, verifier)


def _open(app: FastAPI, verifier: Verifier | None) -> FastAPI:
    """Let requests in, through the edge and the gate."""
    handle_problems(app)
    for routes in ROUTES:
        app.include_router(routes.router)
    # The one that is added last is the outermost.
    app.add_middleware(Gate, verifier=verifier)
    app.add_middleware(Edge)
    describe(app)
    return app


def _closing(
    *stores: Closes,
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
    catalogue = load_catalogue(settings.catalogue_file)
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
        catalogue=catalogue,
        verifier=verifier,
        questions=ClickHouseQuestions(
            settings.clickhouse_url, settings.clickhouse_database
        ),
        console=_console(settings, verifier),
    )


def _console(settings: Settings, verifier: Verifier | None) -> ConsoleParts:
    return ConsoleParts(
        KafkaLogWatch(
            settings.kafka_bootstrap_servers, settings.app_id, settings.partitions
        ),
        way_in_of(settings, verifier),
        settings.console_secret,
        told_settings(settings),
    )
