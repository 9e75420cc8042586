"""Every topic: name, schema, key, and how the broker keeps it."""

from typing import Final, NamedTuple

from schemas.brand import topic_of_brand

DAY_MS: Final = 86_400_000
# The largest record of a source topic, and of a dead letter that must hold one.
SOURCE_BYTES_MAX: Final = 1_000_000
RECORD_BYTES_MAX: Final = 2_097_152
# A command may bring the largest event of a source topic, in base64; and a dead letter
# must still hold all of it.
COMMAND_BYTES_MAX: Final = 1_400_000
# What a record of a source topic may have beside its value: its key, and its frame.
SOURCE_FRAME_BYTES: Final = 1_024


class TopicSpec(NamedTuple):
    """
    One topic; `partitioned` ones have as many partitions as the engine.

    A source of the engine, as `program` is one, is stamped by the broker
    (LogAppendTime): the time of arrival is an input that every replay sees again.
    """

    name: str
    schema: str
    key: str
    partitioned: bool
    source: bool
    compacted: bool
    retention_ms: int


def _source(name: str, schema: str, key: str) -> TopicSpec:
    return TopicSpec(
        topic_of_brand(name),
        schema,
        key,
        partitioned=True,
        source=True,
        compacted=False,
        retention_ms=400 * DAY_MS,
    )


ORDERS: Final = _source("orders", "order_event", "member_id")
ACTIVITY: Final = _source("app-activity", "activity_event", "member_id")
COMMANDS: Final = _source("commands", "command", "member_id")
CLOCK: Final = _source("clock", "tick", "none")._replace(retention_ms=7 * DAY_MS)
PROGRAM: Final = TopicSpec(
    topic_of_brand("program"),
    "program_change",
    "change_id",
    partitioned=False,
    source=True,
    compacted=True,
    retention_ms=-1,
)
MEMBER_UPDATES: Final = TopicSpec(
    topic_of_brand("member-updates"),
    "member_update",
    "member_id",
    partitioned=True,
    source=False,
    compacted=False,
    retention_ms=30 * DAY_MS,
)
DEAD_LETTERS: Final = TopicSpec(
    topic_of_brand("dead-letters"),
    "dead_letter",
    "source key",
    partitioned=True,
    source=False,
    compacted=False,
    retention_ms=90 * DAY_MS,
)
# What was done with them: one mark a letter, for ever, and one writer at a time.
DEAD_LETTER_MARKS: Final = TopicSpec(
    topic_of_brand("dead-letter-marks"),
    "dead_letter_mark",
    "letter_id",
    partitioned=False,
    source=False,
    compacted=True,
    retention_ms=-1,
)
DELIVERIES: Final = TopicSpec(
    topic_of_brand("deliveries"),
    "delivery_event",
    "member_id",
    partitioned=True,
    source=False,
    compacted=False,
    retention_ms=30 * DAY_MS,
)

SOURCES: Final = (ORDERS, ACTIVITY, COMMANDS, CLOCK)
REDIS_SINK: Final = "redis-sink"
# Who reads what: consumer groups are named `<app id>-<reader>`. In the order in which
# records pass: what the engine has told is in member-updates already.
READERS: Final = {
    "engine": tuple(spec.name for spec in SOURCES),
    REDIS_SINK: (MEMBER_UPDATES.name,),
    "dispatcher": (MEMBER_UPDATES.name,),
    "clickhouse-sink": (
        MEMBER_UPDATES.name,
        ORDERS.name,
        ACTIVITY.name,
        DELIVERIES.name,
    ),
}


def members_changelog(app_id: str) -> TopicSpec:
    """Changelog of the member states of one engine, with its checkpoints."""
    return TopicSpec(
        f"{app_id}-members-changelog",
        "member_state",
        "member_id",
        partitioned=True,
        source=False,
        compacted=True,
        retention_ms=-1,
    )


def all_topics(app_id: str) -> tuple[TopicSpec, ...]:
    """Every topic that must exist before a process starts."""
    return (
        *SOURCES,
        PROGRAM,
        MEMBER_UPDATES,
        DEAD_LETTERS,
        DEAD_LETTER_MARKS,
        DELIVERIES,
        members_changelog(app_id),
    )


def broker_config(spec: TopicSpec) -> dict[str, str]:
    """Topic configuration that the broker must have, as Kafka names it."""
    config = {
        "cleanup.policy": "compact" if spec.compacted else "delete",
        "retention.ms": str(spec.retention_ms),
        "max.message.bytes": str(_record_bytes_max(spec)),
    }
    if spec.source:
        config["message.timestamp.type"] = "LogAppendTime"
    if spec.compacted:
        config["min.compaction.lag.ms"] = str(DAY_MS)
    return config


def _record_bytes_max(spec: TopicSpec) -> int:
    if spec == COMMANDS:
        return COMMAND_BYTES_MAX + SOURCE_FRAME_BYTES
    return SOURCE_BYTES_MAX + SOURCE_FRAME_BYTES if spec.source else RECORD_BYTES_MAX
