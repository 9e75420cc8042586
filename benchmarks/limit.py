"""Yardstick: consume and decode, and nothing else: the limit of this language."""

import sys
import time

from confluent_kafka import Consumer, TopicPartition

from schemas.events import EventCodec
from schemas.topics import ORDERS


def main(arguments: list[str]) -> None:
    """Consume and decode so many orders: broker, partitions, expected."""
    broker, partitions, expected = arguments[0], int(arguments[1]), int(arguments[2])
    consumer = Consumer(
        {
            "bootstrap.servers": broker,
            "group.id": "limit",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
        }
    )
    consumer.assign([TopicPartition(ORDERS.name, n, 0) for n in range(partitions)])
    codec = EventCodec()
    messages = consumer.consume(1, 30)
    started, cpu_started = time.perf_counter(), time.process_time()
    count = len(messages)
    while count < expected:
        messages = consumer.consume(2_000, 0.1)
        for message in messages:
            codec.decode_order(message.key(), message.value(), message.timestamp()[1])
        count += len(messages)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu_started
    sys.stdout.write(f"{count} {seconds:.3f} {cpu:.3f}\n")
    consumer.close()


if __name__ == "__main__":
    main(sys.argv[1:])
