"""The engine: decides, in transactions."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, cast
from uuid import uuid4

import faust

from loyalty.budgets import Budget, FindBudget
from loyalty.decide import decide
from loyalty.fencing import Fence
from loyalty.settling import Decide
from native.loading import use_huge_pages
from runtime.settings import Settings
from schemas.events import EventCodec
from schemas.framing import Registry
from schemas.registries import registry_at
from schemas.state import StateCodec
from schemas.topics import REDIS_SINK, SOURCES, members_changelog
from schemas.updates import UpdateCodec
from streams.agents import member_events, sinking
from streams.app import build_app, follow_assignment, followed_log
from streams.changelog import ChangelogReader
from streams.committer import Committer
from streams.counting import count_rule_fault
from streams.engine import Engine
from streams.fetching import Fetching
from streams.programs import FollowedPrograms
from streams.reader_lag import ReaderLag
from streams.role import Role
from streams.tools import Edges, Tools
from streams.transactions import TransactionalProducer
from streams.transport import BatchTransport
from streams.watermarks import Watermarks

# For locks, fences and the ends of logs, one partition after the other.
TAKING_THREADS: Final = 8
# Of partitions that are restored at a time; a transaction waits for none of them.
READING_THREADS: Final = 8
# There is one transaction at a time.
TRANSACTION_THREADS: Final = 1


def build(settings: Settings) -> Role:
    """Build the role with its real clients, in memory that is good for millions."""
    use_huge_pages()
    return role_of(
        settings, build_engine(settings, registry_at(settings.schema_registry_url))
    )


def role_of(settings: Settings, engine: Engine) -> Role:
    """Role that runs an engine."""
    app = engine_app(settings, engine)
    return Role(
        app, engine.readiness, engine.positions, engine.progress_at, engine.stop
    )


def build_engine(
    settings: Settings,
    registry: Registry | None,
    *,
    decide: Decide = decide,
    find_budget: FindBudget | None = None,
) -> Engine:
    """Build the engine with its real clients; budgets are the program's own."""
    changelog = members_changelog(settings.app_id).name
    servers = settings.kafka_bootstrap_servers

    def new_producer(transactional_id: str) -> TransactionalProducer:
        return TransactionalProducer(servers, transactional_id, changelog=changelog)

    committing = ThreadPoolExecutor(TRANSACTION_THREADS, "transaction")
    # Of this process alone: another one under the same id could not be told from it
    # in a claim.
    owner = f"{settings.app_id}-worker-{settings.worker_id}-{uuid4().hex[:12]}"
    watermarks = Watermarks(servers, settings.app_id)

    def edges(partition: int) -> Edges:
        return {spec.name: watermarks.awaited(spec.name, partition) for spec in SOURCES}

    programs = FollowedPrograms(followed_log(settings, settings.app_id))

    def budget_of_program(budget_id: str, at: int) -> Budget | None:
        return programs.at(at).budget_by_id.get(budget_id)

    tools = Tools(
        programs=programs,
        events=EventCodec(registry),
        states=StateCodec(),
        updates=UpdateCodec(),
        reader=ChangelogReader(servers, changelog),
        executor=ThreadPoolExecutor(TAKING_THREADS, "taking"),
        reading_executor=ThreadPoolExecutor(READING_THREADS, "reading"),
        committer=Committer(owner, new_producer, committing),
        new_producer=new_producer,
        edges=edges,
        records_max=settings.batch_records_max,
        cache_max=settings.member_cache_max,
        decide=Fence(decide, count_rule_fault),
        find_budget=find_budget or budget_of_program,
        tells_states=settings.estimates,
        take_programs=programs.take_over,
        app_id=settings.app_id,
    )
    return Engine(tools)


def engine_app(settings: Settings, engine: Engine) -> faust.App:
    """Build the app of the engine: one agent over the source topics."""
    fetching = Fetching(records_max=2 * settings.batch_records_max)
    app = build_app(settings, "engine", engine, fetching=fetching)
    follow_assignment(app, engine)
    member_events.attach(app, engine)
    member_events.attach_hints(app, engine)
    transport = cast("BatchTransport", app.transport)
    transport.on_share = lambda share: engine.standbys.want(frozenset(share.standbys))
    sinking.attach_loop(app, engine.standbys.run)
    # What apps and tills see is what the Redis sink has written.
    lag = ReaderLag(settings.kafka_bootstrap_servers, f"{settings.app_id}-{REDIS_SINK}")

    async def behind() -> int | None:
        # `holdings` is a copy, for another thread.
        return await asyncio.to_thread(lag.of, engine.holdings())

    sinking.attach_loop(app, partial(engine.pace.follow, behind))
    return app
