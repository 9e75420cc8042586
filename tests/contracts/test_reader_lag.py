"""How far a sink is behind, asked of a real broker."""

import time
from uuid import uuid4

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from local.stack import Stack
from runtime.kafka_access import kafka_access
from schemas.topics import MEMBER_UPDATES
from streams.reader_lag import ReaderLag

NOBODY = "127.0.0.1:9"


def say(servers: str, group: str, positions: dict[int, int]) -> None:
    """Commit where a group is, as its reader does."""
    reader = Consumer({**kafka_access(servers), "group.id": group})
    reader.commit(
        offsets=[
            TopicPartition(MEMBER_UPDATES.name, *one) for one in positions.items()
        ],
        asynchronous=False,
    )
    reader.close()


@pytest.mark.end_to_end
@pytest.mark.timeout(120)
def test_a_reader_is_behind_by_what_it_has_not_committed(kafka: Stack) -> None:
    servers, group = kafka.addresses()["bootstrap_servers"], f"lag-{uuid4().hex[:8]}"
    lag = ReaderLag(servers, group)
    assert lag.of(()) == 0
    # There is nothing to read, which is known once somebody keeps positions.
    deadline = time.monotonic() + 60
    while lag.of((0, 1)) != 0:
        assert time.monotonic() < deadline

    producer = Producer(kafka_access(servers))
    for number in (0, 1):
        producer.produce(MEMBER_UPDATES.name, b"?", b"somebody", number)
    assert producer.flush(10) == 0
    # It may never have been there, and nobody waits for it.
    assert lag.of((0, 1)) is None

    reader = Consumer({**kafka_access(servers), "group.id": group})
    ends = {
        number: reader.get_watermark_offsets(
            TopicPartition(MEMBER_UPDATES.name, number), timeout=10
        )[1]
        for number in (0, 1)
    }
    reader.close()
    say(servers, group, ends)
    assert lag.of((0, 1)) == 0

    for number in (0, 0, 1):
        producer.produce(MEMBER_UPDATES.name, b"?", b"somebody", number)
    assert producer.flush(10) == 0
    assert lag.of((0, 1)) == 3
    assert lag.of((1,)) == 1

    say(servers, group, {0: ends[0] + 2})
    assert lag.of((0, 1)) == 1


@pytest.mark.timeout(60)
def test_of_a_broker_that_is_away_nobody_knows() -> None:
    assert ReaderLag(NOBODY, "lag").of((0,)) is None
