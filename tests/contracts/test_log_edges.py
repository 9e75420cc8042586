"""Where a log begins and ends, asked of a broker that was away."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import cast

import pytest
from confluent_kafka import (
    OFFSET_END,
    Consumer,
    KafkaError,
    KafkaException,
    TopicPartition,
)

from local.stack import Stack
from runtime.kafka_access import kafka_access
from schemas.topics import PROGRAM
from stores.log_edges import LogEdges

CLIENTS = 8
BACK_SECONDS_MAX = 15.0


class Believer:
    """
    What librdkafka is after a broker went away in order, as far as it is asked here.

    It holds that the topic has no partitions until the topic is looked up again.
    """

    def __init__(self, *, is_back: bool) -> None:
        self.is_back = is_back
        self._knows = False

    def list_topics(self, topic: str, timeout: float) -> None:
        del topic, timeout
        if not self.is_back:
            raise KafkaException(KafkaError(KafkaError._TRANSPORT))
        self._knows = True

    def get_watermark_offsets(
        self, where: TopicPartition, timeout: float
    ) -> tuple[int, int]:
        del where, timeout
        if not self._knows:
            raise KafkaException(KafkaError(KafkaError._UNKNOWN_PARTITION))
        return 3, 7

    def offsets_for_times(
        self, asked: list[TopicPartition], timeout: float
    ) -> list[TopicPartition]:
        del timeout
        for one in asked:
            assert one.offset == OFFSET_END
            one.offset = 7
        if not self._knows:
            # Of a partition that it does not believe in it tells an error, and no more.
            return [Unknown() for _ in asked]
        return asked


class Unknown:
    """An answer about a partition that the client does not know."""

    offset = -1
    error = KafkaError(KafkaError._UNKNOWN_PARTITION)


def ends_of(believer: Believer) -> list[int]:
    """Ends that are told of two partitions."""
    edges = LogEdges(cast("Consumer", believer), timeout_seconds=1)
    return edges.ends([(PROGRAM.name, 0), (PROGRAM.name, 1)])


def asked_of(believer: Believer) -> tuple[int, int]:
    """Edges that are told."""
    edges = LogEdges(cast("Consumer", believer), timeout_seconds=1)
    return edges.of(PROGRAM.name, 0)


def test_what_the_client_believes_of_a_broker_that_went_is_looked_up_anew_d6() -> None:
    assert asked_of(Believer(is_back=True)) == (3, 7)
    assert ends_of(Believer(is_back=True)) == [7, 7]


def test_a_broker_that_is_away_is_told_as_such() -> None:
    with pytest.raises(KafkaException, match="_TRANSPORT"):
        asked_of(Believer(is_back=False))
    with pytest.raises(KafkaException, match="_TRANSPORT"):
        ends_of(Believer(is_back=False))


@pytest.mark.end_to_end
@pytest.mark.timeout(300)
def test_every_client_is_answered_soon_after_a_clean_restart_d6(kafka: Stack) -> None:
    """Several clients ask all the time: some are told wrong while the broker goes."""
    servers = kafka.addresses()["bootstrap_servers"]
    clients = [
        LogEdges(
            Consumer({**kafka_access(servers), "group.id": "edges", "log_level": 0}),
            timeout_seconds=2,
        )
        for _ in range(CLIENTS)
    ]
    is_over = Event()

    def ask(edges: LogEdges) -> float:
        """Ask until it is over; when the last answer came (monotonic seconds)."""
        answered_at = 0.0
        while not is_over.wait(0.1):
            try:
                edges.ends([(PROGRAM.name, 0)])
                edges.of(PROGRAM.name, 0)
            except KafkaException:
                continue
            answered_at = time.monotonic()
        return answered_at

    with ThreadPoolExecutor(CLIENTS) as pool:
        asking = [pool.submit(ask, one) for one in clients]
        try:
            time.sleep(2)
            kafka.terminate("kafka", timeout_seconds=60)
            time.sleep(2)
            kafka.start("kafka")
            back_at = time.monotonic()
            time.sleep(BACK_SECONDS_MAX)
        finally:
            is_over.set()
        answered_at = [one.result() for one in asking]
    for client in clients:
        client.close()

    assert [at > back_at for at in answered_at] == [True] * CLIENTS
