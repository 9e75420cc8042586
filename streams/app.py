"""A Faust app as every role has it: our transport, our positions, no discovery."""

from pathlib import Path
from typing import Final

import faust
from faust.types import TP

from runtime.kafka_access import kafka_address, kafka_hosts, tls_context
from runtime.settings import Settings
from schemas.topics import READERS
from stores.program_log import KafkaProgramLog
from stores.programs import load_document
from streams.agents import sinking
from streams.engine import Engine
from streams.fetching import Fetching
from streams.sink import Sink
from streams.transport import (
    HEARTBEAT_MS,
    BatchConsumer,
    BatchTransport,
    Feed,
    TransportOptions,
)

PROGRAM_SECONDS_MAX: Final = 300.0
# A sink without room has some thousand records to write first.
# Nobody gives back what was deleted; most can be written anew (docs/operations.md).
EAGER: Final = Fetching(room_seconds=0.02, passes_deleted=True)
# For who is not waited for by a guest: fewer and larger answers.
PATIENT: Final = EAGER._replace(bytes_min=262_144)


def build_app(
    settings: Settings,
    name: str,
    feed: Feed,
    *,
    fetching: Fetching,
) -> faust.App:
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
        standbys=settings.standbys,
        fetching=fetching,
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


def followed_log(settings: Settings, group_id: str) -> KafkaProgramLog:
    """Read `program` to its end, and follow it."""
    log = KafkaProgramLog(
        settings.kafka_bootstrap_servers,
        load_document(Path(settings.program_file)),
        group_id=group_id,
    )
    log.start()
    log.wait_until_read(PROGRAM_SECONDS_MAX)
    return log


def sink_app(
    settings: Settings,
    name: str,
    sink: Sink,
    *,
    fetching: Fetching = EAGER,
) -> faust.App:
    """Build the app of a sink: its own consumer group, its own progress."""
    app = build_app(settings, name, sink, fetching=fetching)
    follow_assignment(app, sink)
    sinking.attach(app, sink, list(READERS[name]))
    return app


async def leave_group(app: faust.App) -> None:
    """Hand this process's partitions over to others, if there are any."""
    consumer = app.consumer
    if isinstance(consumer, BatchConsumer):
        await consumer.leave()


def follow_assignment(app: faust.App, owner: Engine | Sink) -> None:
    """Tell an owner of partitions which come and go."""

    async def on_revoked(_: object, revoked: set[TP], **__: object) -> None:
        await owner.on_revoked(revoked)

    async def on_assigned(_: object, assigned: set[TP], **__: object) -> None:
        await owner.on_assigned(assigned)

    app.on_partitions_revoked.connect(on_revoked, weak=False)
    app.on_partitions_assigned.connect(on_assigned, weak=False)
