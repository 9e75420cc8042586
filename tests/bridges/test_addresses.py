"""Which adapter an address leads to, and what is said of one that leads nowhere."""

import pytest

from jobs.bridge import run
from jobs.bridging.addresses import source_of, target_named
from jobs.bridging.amqp import AmqpSource, AmqpTarget
from jobs.bridging.aws import EventBridgeTarget, SnsTarget, SqsSource, SqsTarget
from jobs.bridging.http_events import HttpTarget
from jobs.bridging.service_bus import ServiceBusSource, ServiceBusTarget
from jobs.errors import JobRefused
from runtime.settings import Settings, told_settings

BUS = "sb://policy:k%2Fey@space.servicebus.windows.net/queue"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("amqp://guest:guest@127.0.0.1/?queue=orders", AmqpSource),
        ("amqps://u:p@mq.example.com/shop?queue=orders", AmqpSource),
        ("sqs+https://sqs.eu-west-1.amazonaws.com/1/orders", SqsSource),
        (BUS, ServiceBusSource),
        (f"{BUS}?subscription=all", ServiceBusSource),
    ],
)
def test_an_address_leads_to_its_source(address: str, kind: type) -> None:
    assert isinstance(source_of(Settings(bridge_source=address)), kind)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("amqp://127.0.0.1/?exchange=members", AmqpTarget),
        ("sqs+https://sqs.eu-west-1.amazonaws.com/1/members.fifo", SqsTarget),
        (
            "sns+https://sns.eu-west-1.amazonaws.com/arn:aws:sns:eu-west-1:1:m",
            SnsTarget,
        ),
        ("eventbridge+https://events.eu-west-1.amazonaws.com/bus", EventBridgeTarget),
        (BUS, ServiceBusTarget),
        ("https://topic.example.com/api/events", HttpTarget),
    ],
)
def test_an_address_leads_to_its_target(address: str, kind: type) -> None:
    assert isinstance(target_named(Settings(bridge_target=address)), kind)


def test_a_region_is_read_from_the_host_or_told() -> None:
    host = "sqs+https://sqs.eu-west-1.amazonaws.com/1/orders"
    own = "sqs+http://127.0.0.1:5000/1/orders?region=eu-central-1"

    regions = [
        source_of(Settings(bridge_source=address))._client.meta.region_name  # type: ignore[attr-defined] # SQS's own
        for address in (host, own)
    ]

    assert regions == ["eu-west-1", "eu-central-1"]


@pytest.mark.parametrize(
    ("settings", "direction", "said"),
    [
        pytest.param({}, "in", "REGULARS_BRIDGE_SOURCE is not set", id="none"),
        pytest.param({}, "out", "REGULARS_BRIDGE_TARGET is not set", id="no target"),
        pytest.param(
            {"bridge_source": "mqtt://u:secret@host"}, "in", "begins with", id="unknown"
        ),
        pytest.param(
            {"bridge_source": "amqp://u:secret@host:port/"},
            "in",
            "is no address",
            id="no port",
        ),
        pytest.param(
            {"bridge_source": "amqp://u:secret@host/"}, "in", "?queue=", id="no queue"
        ),
        pytest.param(
            {"bridge_source": "sb://policy@host/queue"}, "in", "sb://", id="no key"
        ),
        pytest.param(
            {"bridge_target": "amqp://u:secret@host/"},
            "out",
            "?exchange=",
            id="no exchange",
        ),
        pytest.param(
            {"bridge_target": "http://169.254.169.254/latest"},
            "out",
            "https",
            id="inner",
        ),
        pytest.param(
            {"bridge_target": "https://a.example.com", "bridge_header": "secret"},
            "out",
            "name: value",
            id="no header",
        ),
    ],
)
def test_an_address_that_leads_nowhere_is_refused_without_its_secrets(
    settings: dict[str, str], direction: str, said: str
) -> None:
    with pytest.raises(JobRefused) as refused:
        run(Settings(**settings), [direction])

    assert said in str(refused.value)
    assert "secret" not in str(refused.value)


def test_addresses_are_not_shown_among_the_settings() -> None:
    told = dict(
        told_settings(
            Settings(bridge_source="amqp://u:secret@h", bridge_header="a: secret")
        )
    )

    assert "secret" not in str(told)
