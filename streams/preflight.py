"""What must hold before a worker starts; each refusal names expected and found."""

from typing import Final

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from runtime.kafka_access import kafka_access, kafka_hosts
from runtime.settings import Settings
from schemas.topics import all_topics

TIMEOUT_SECONDS: Final = 10.0


class NotReady(Exception):
    """The surroundings are not as a worker needs them."""


def check_brokers(settings: Settings) -> None:
    """
    Check that the brokers answer and every topic has the partitions it must have.

    Raises: NotReady naming what was expected and what was found.
    """
    client = AdminClient(
        {**kafka_access(settings.kafka_bootstrap_servers), "log_level": 3}
    )
    try:
        found = client.list_topics(timeout=TIMEOUT_SECONDS).topics
    except KafkaException as error:
        raise NotReady(
            "no Kafka broker answers at "
            f"{kafka_hosts(settings.kafka_bootstrap_servers)} "
            f"(REGULARS_KAFKA_BOOTSTRAP_SERVERS): {error.args[0].str()}"
        ) from error
    for spec in all_topics(settings.app_id):
        expected = settings.partitions if spec.partitioned else 1
        if spec.name not in found:
            raise NotReady(
                f"topic {spec.name} does not exist; expected {expected} partitions: "
                "run `make jobs NAME=create-topics`"
            )
        partitions = len(found[spec.name].partitions)
        if partitions != expected:
            raise NotReady(
                f"topic {spec.name}: expected {expected} partitions "
                f"(REGULARS_PARTITIONS), found {partitions}"
            )
