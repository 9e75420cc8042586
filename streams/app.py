"""The composition root of the worker: here, and only here, clients are built."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, cast

import faust
from faust.types import TP

from loyalty.budgets import Budget, FindBudget
from loyalty.decide import decide
from loyalty.fencing import Fence
from loyalty.settling import Decide
from runtime.kafka_access import kafka_address, kafka_hosts, tls_context
from runtime.settings import Settings
from schemas.events import EventCodec
from schemas.framing import Registry
from schemas.state import StateCodec
from schemas.topics import READERS, SOURCES, members_changelog
from schemas.updates import UpdateCodec
from stores.analytics import ClickHouseAnalytics
from stores.member_views import RedisMemberViews
from stores.program_log import KafkaProgramLog
from stores.program_log_contract import LivePrograms
from stores.programs import load_document
from streams.agents import member_events, sinking
from streams.agents.clickhouse_sink import ClickHouseWriter
from streams.agents.redis_sink import RedisWriter
from streams.changelog import ChangelogReader
from streams.counting import count_rule_fault
from streams.dispatching.building import DispatchParts, dispatch_parts
from streams.engine import Engine
from streams.programs import FollowedPrograms
from streams.sink import Sink
from streams.tools import Edges, Tools
from streams.transactions import PartitionProducer
from streams.transport import (
    HEARTBEAT_MS,
    BatchConsumer,
    BatchTransport,
    Feed,
    TransportOptions,
)
from streams.watermarks import Watermarks

TRANSACTION_THREADS: Final = 8
CLICKHOUSE_LINGER_MS: Final = 200
PROGRAM_SECONDS_MAX: Final = 300.0


def build_app(settings: Settings, name: str, feed: Feed) -> faust.App:
    """Build a Faust app `<app_id>-<name>` that reads batches for a feed."""
    app = faust.App(
        f"{settings.app_id}-{name}",
        broker=f"kafka://{kafka_hosts(settings.kafka_bootstrap_servers)}",
        broker_credentials=_credentials(settings),
        store="memory://",
        # Every process is configured here; nothing is found by import.
        autodiscover=False,
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        stream_wait_empty=False,
        stream_publish_on_commit=False,
        stream_buffer_maxsize=64,
        table_standby_replicas=0,
        producer_request_timeout=30.0,
        broker_session_timeout=settings.session_timeout_ms / 1000,
        broker_heartbeat_interval=HEARTBEAT_MS / 1000,
        broker_request_timeout=90.0,
        broker_rebalance_timeout=30.0,
    )
    transport = BatchTransport([*app.conf.broker_consumer], app)
    transport.feed = feed
    transport.options = TransportOptions(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        worker_id=settings.worker_id,
        session_timeout_ms=settings.session_timeout_ms,
        records_max=settings.batch_records_max,
        standbys=settings.standbys,
    )
    app.transport = transport
    return app


def _credentials(settings: Settings) -> faust.SSLCredentials | None:
    """How Faust's own producer reaches the brokers."""
    address = kafka_address(settings.kafka_bootstrap_servers)
    context = tls_context(address) if address.has_tls else None
    if address.has_sasl:
        return faust.SASLCredentials(
            username=address.user,
            password=address.password,
            mechanism=address.mechanism,
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context else None


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

    def new_producer(partition: int) -> PartitionProducer:
        return PartitionProducer(
            servers, settings.app_id, partition, changelog=changelog
        )

    watermarks = Watermarks(servers, settings.app_id)

    def edges(partition: int) -> Edges:
        return {spec.name: watermarks.of(spec.name, partition) for spec in SOURCES}

    programs = _programs(settings)

    def budget_of_program(budget_id: str, at: int) -> Budget | None:
        return programs.at(at).budget_by_id.get(budget_id)

    tools = Tools(
        programs=programs,
        events=EventCodec(registry),
        states=StateCodec(),
        updates=UpdateCodec(),
        reader=ChangelogReader(servers, changelog),
        executor=ThreadPoolExecutor(TRANSACTION_THREADS, "transaction"),
        new_producer=new_producer,
        edges=edges,
        records_max=settings.batch_records_max,
        cache_max=settings.member_cache_max,
        decide=Fence(decide, count_rule_fault),
        find_budget=find_budget or budget_of_program,
        tells_states=settings.estimates,
        take_programs=programs.take_over,
    )
    return Engine(tools)


def _programs(settings: Settings) -> FollowedPrograms:
    """Programs of the engine, before any partition is opened."""
    return FollowedPrograms(_followed_log(settings, settings.app_id))


def _followed_log(settings: Settings, group_id: str) -> KafkaProgramLog:
    """Read `program` to its end, and follow it."""
    log = KafkaProgramLog(
        settings.kafka_bootstrap_servers,
        load_document(Path(settings.program_file)),
        group_id=group_id,
    )
    log.start()
    log.wait_until_read(PROGRAM_SECONDS_MAX)
    return log


def engine_app(settings: Settings, engine: Engine) -> faust.App:
    """Build the app of the engine: one agent over the source topics."""
    app = build_app(settings, "engine", engine)
    _follow_assignment(app, engine)
    member_events.attach(app, engine)
    member_events.attach_hints(app, engine)
    transport = cast("BatchTransport", app.transport)
    transport.on_share = lambda share: engine.standbys.want(frozenset(share.standbys))
    sinking.attach_loop(app, engine.standbys.run)
    return app


def build_redis_sink(settings: Settings) -> Sink:
    """Build the sink that keeps the members' views."""
    views = RedisMemberViews(
        settings.redis_url,
        settings.app_id,
        result_ttl_seconds=settings.result_ttl_seconds,
    )
    return Sink("redis", RedisWriter(views, UpdateCodec()), linger_ms=0)


def build_clickhouse_sink(settings: Settings, registry: Registry | None) -> Sink:
    """Build the sink that keeps what analysts ask of."""
    analytics = ClickHouseAnalytics(
        settings.clickhouse_url, settings.clickhouse_database
    )
    writer = ClickHouseWriter(analytics, UpdateCodec(), EventCodec(registry))
    # ClickHouse likes few, large inserts; analysts do not notice the wait.
    return Sink("clickhouse", writer, linger_ms=CLICKHOUSE_LINGER_MS)


def build_dispatch(settings: Settings) -> DispatchParts:
    """Build reading, sending and telling, over the program as it is followed."""
    log = _followed_log(settings, f"{settings.app_id}-dispatcher")
    return dispatch_parts(settings, LivePrograms(log))


def dispatch_app(settings: Settings, sink: Sink, parts: DispatchParts) -> faust.App:
    """Build the app of the dispatcher: a sink that queues, and loops beside it."""
    app = sink_app(settings, "dispatcher", sink)
    sinking.attach_loop(app, parts.dispatcher.run)
    sinking.attach_loop(app, parts.teller.run)
    return app


def sink_app(settings: Settings, name: str, sink: Sink) -> faust.App:
    """Build the app of a sink: its own consumer group, its own progress."""
    app = build_app(settings, name, sink)
    _follow_assignment(app, sink)
    sinking.attach(app, sink, list(READERS[name]))
    return app


async def leave_group(app: faust.App) -> None:
    """Hand this process's partitions over to others, if there are any."""
    consumer = app.consumer
    if isinstance(consumer, BatchConsumer):
        await consumer.leave()


def _follow_assignment(app: faust.App, owner: Engine | Sink) -> None:
    async def on_revoked(_: object, revoked: set[TP], **__: object) -> None:
        await owner.on_revoked(revoked)

    async def on_assigned(_: object, assigned: set[TP], **__: object) -> None:
        await owner.on_assigned(assigned)

    app.on_partitions_revoked.connect(on_revoked, weak=False)
    app.on_partitions_assigned.connect(on_assigned, weak=False)
