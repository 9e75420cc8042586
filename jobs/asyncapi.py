"""The AsyncAPI document: topics as they are, and the stream of a member."""

from typing import Any, Final

import yaml

from jobs.asyncapi_messages import message_of, news, webhook
from schemas.topics import (
    SOURCES,
    TopicSpec,
    all_topics,
    broker_config,
)

Document = dict[str, Any]
VERSION: Final = "1.0.0"
ABOUT: Final = """\
Topics of one engine. Keys are UTF-8; values are Avro in single-object encoding (C3 01,
the schema's CRC-64-AVRO, the record), or in Confluent framing where a registry is
configured: a reader takes both. Made from `schemas/` by `make jobs NAME=write-docs`.
"""
# What is done with a topic from outside: the engine's own state is nobody's.
SENT_TO_US: Final = tuple(spec.name for spec in SOURCES)
WHY: Final = {
    "orders": "Orders placed, adjusted, refunded, cancelled.",
    "app-activity": "What members do in apps, on the web and near stores.",
    "commands": "What is asked of a member: sent by the API, and by the engine itself.",
    "clock": "One tick for each partition now and then: time is an input.",
    "program": "Every step of a rule's life and every program that is applied.",
    "member-updates": "What a batch changed about a member, and how the member stands.",
    "dead-letters": "Records that could not be decided, whole, and why.",
    "dead-letter-marks": "What was done with a dead letter, by whom and why.",
    "deliveries": "What became of each message on its way to a member.",
}


def asyncapi_page(app_id: str) -> str:
    """Document as YAML."""
    return yaml.safe_dump(
        asyncapi_document(app_id), sort_keys=False, allow_unicode=True, width=100
    )


def asyncapi_document(app_id: str) -> Document:
    """Document as AsyncAPI 3 has it."""
    topics = [spec for spec in all_topics(app_id) if spec.name in WHY]
    names = {spec.schema for spec in topics}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Regulars: topics",
            "version": VERSION,
            "description": ABOUT,
            "license": {"name": "Apache-2.0"},
        },
        "servers": {
            "kafka": {
                "host": "127.0.0.1:9092",
                "protocol": "kafka",
                "description": "REGULARS_KAFKA_BOOTSTRAP_SERVERS.",
            },
            "api": {
                "host": "127.0.0.1:8000",
                "protocol": "http",
                "description": "REGULARS_API_HOST and REGULARS_API_PORT.",
            },
        },
        "channels": {
            **{spec.name: _channel(spec) for spec in topics},
            "member-events": _member_events(),
            "webhooks": _webhooks(),
        },
        "operations": {
            **{_verb(spec) + _title(spec.name): _operation(spec) for spec in topics},
            "sendMemberEvents": {
                "action": "send",
                "channel": {"$ref": "#/channels/member-events"},
                "summary": "Each new version of a member, over HTTP.",
            },
            "sendWebhooks": {
                "action": "send",
                "channel": {"$ref": "#/channels/webhooks"},
                "summary": "What a webhook asked to hear of, signed.",
            },
        },
        "components": {
            "messages": {name: message_of(name) for name in sorted(names)}
            | {"member_news": news(), "webhook": webhook()},
        },
    }


def _channel(spec: TopicSpec) -> Document:
    config = broker_config(spec)
    kafka: Document = {
        "topic": spec.name,
        "topicConfiguration": {
            "cleanup.policy": [config["cleanup.policy"]],
            "retention.ms": spec.retention_ms,
            "max.message.bytes": int(config["max.message.bytes"]),
        },
        "bindingVersion": "0.5.0",
    }
    if not spec.partitioned:
        kafka["partitions"] = 1
    count = "REGULARS_PARTITIONS" if spec.partitioned else "one"
    return {
        "address": spec.name,
        "description": f"{WHY[spec.name]} Key: {spec.key}. Partitions: {count}.",
        "servers": [{"$ref": "#/servers/kafka"}],
        "messages": {
            spec.schema: {"$ref": f"#/components/messages/{spec.schema}"},
        },
        "bindings": {"kafka": kafka},
    }


def _operation(spec: TopicSpec) -> Document:
    return {
        "action": "receive" if spec.name in SENT_TO_US else "send",
        "channel": {"$ref": f"#/channels/{spec.name}"},
        "summary": WHY[spec.name],
        "messages": [{"$ref": f"#/channels/{spec.name}/messages/{spec.schema}"}],
    }


def _member_events() -> Document:
    return {
        "address": "/v1/members/{member_id}/events",
        "description": "Server-sent events; docs/api.md, 'Follow a member'.",
        "servers": [{"$ref": "#/servers/api"}],
        "parameters": {"member_id": {"description": "Whose versions."}},
        "messages": {"member_news": {"$ref": "#/components/messages/member_news"}},
    }


def _webhooks() -> Document:
    return {
        "address": None,
        "description": "The `url` of each webhook; docs/delivery.md, 'Webhooks'.",
        "messages": {"webhook": {"$ref": "#/components/messages/webhook"}},
    }


def _verb(spec: TopicSpec) -> str:
    return "receive" if spec.name in SENT_TO_US else "send"


def _title(name: str) -> str:
    return "".join(part.title() for part in name.split("-"))
