"""The composition root of the API."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI

from api.commands import KEY_LENGTH_MAX, WAIT_SECONDS_MAX, CommandDesk
from api.console.app import ConsoleParts, mount_console
from api.console.ways import LOCAL, WayIn, is_loopback
from api.dependencies import wall_clock
from api.errors import handle_problems
from api.estimating import Estimator
from api.middleware import Edge
from api.responses import ProblemOut
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
from loyalty.program import Programs
from runtime.settings import Settings, told_settings
from schemas.confluent import ConfluentRegistry
from schemas.events import EventCodec
from schemas.state import StateCodec
from stores.analytics import ClickHouseAnalytics
from stores.analytics_contract import Analytics
from stores.clickhouse_questions import ClickHouseQuestions
from stores.command_notes import CommandNotes, RedisCommandNotes
from stores.log_watch import KafkaLogWatch
from stores.member_views import RedisMemberViews
from stores.member_views_contract import MemberViews
from stores.programs import load_program
from stores.publisher import KafkaPublisher, Publisher

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
problem documents (RFC 9457), see docs/problems.md. There is no authentication yet:
the service listens on the local machine only.
"""


def create_app(
    views: MemberViews,
    analytics: Analytics,
    publisher: Publisher,
    *,
    notes: CommandNotes,
    codec: EventCodec,
    programs: Programs,
    console: ConsoleParts | None = None,
    clock: Callable[[], float] = wall_clock,
    wait_seconds_max: float = WAIT_SECONDS_MAX,
) -> FastAPI:
    """Build the application over its stores; `clock` gives seconds since 1970."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await publisher.close()
        await views.close()
        await notes.close()
        await analytics.close()
        if console is not None:
            await console.questions.close()

    app = FastAPI(
        title="Regulars",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
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
    if console is not None:
        mount_console(app, console)
    app.add_middleware(Edge)
    _describe_problems(app)
    return app


def build(settings: Settings) -> FastAPI:
    """Build the application with its real clients."""
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
        console=_console(settings),
    )


def _console(settings: Settings) -> ConsoleParts:
    """What the console needs; people choose whom they are only on their own machine."""
    is_local = settings.console_sign_in == LOCAL and is_loopback(settings.api_host)
    return ConsoleParts(
        ClickHouseQuestions(settings.clickhouse_url, settings.clickhouse_database),
        KafkaLogWatch(
            settings.kafka_bootstrap_servers, settings.app_id, settings.partitions
        ),
        WayIn(LOCAL) if is_local else WayIn(),
        settings.console_secret,
        told_settings(settings),
    )


def _describe_problems(app: FastAPI) -> None:
    """Name the problem document in OpenAPI, where every route refers to it."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        problem = ProblemOut.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        schemas |= problem.pop("$defs")
        schemas["Problem"] = problem
        _require_keys(document)
        return document

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's own way to extend it


def _require_keys(document: dict[str, Any]) -> None:
    """Say that commands need their key: we judge it, so the framework does not know."""
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "Idempotency-Key":
                    parameter["required"] = True
                    parameter["schema"] = {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": KEY_LENGTH_MAX,
                    }
