"""
Yardstick: Quix Streams, stateful, with the guarantee that is named.

The same orders and the same decoding as the engine; it adds up points in its state
(RocksDB, with a changelog) and tells the sum to a topic, an event at a time. It runs in
`.quix`, a set of packages of its own: it wants an older client of Kafka than ours.
"""

import os
import sys
import tempfile
import time
from typing import Any, Final

from quixstreams import Application

from schemas.events import EventCodec
from schemas.topics import ORDERS

# As long as the engine at full speed takes from one commit to the next, about.
COMMIT_SECONDS: Final = 0.25


class Earning:
    """Adds up; ends the process with the rate on its standard output."""

    def __init__(self, expected: int) -> None:
        """Say after how many orders it is over."""
        self._codec = EventCodec()
        self._expected = expected
        self._count = 0
        self._started = self._cpu_started = 0.0

    def earn(self, value: bytes, *context: Any) -> dict[str, int]:
        """Points of a member after an order; `context` is what Quix gives with it."""
        key, timestamp, _, state = context
        if not self._count:
            self._started, self._cpu_started = time.perf_counter(), time.process_time()
        order = self._codec.decode_order(key, value, timestamp)
        points = state.get("points", 0) + order.subtotal_minor // 100
        state.set("points", points)
        self._count += 1
        if self._count >= self._expected:
            seconds = time.perf_counter() - self._started
            cpu = time.process_time() - self._cpu_started
            sys.stdout.write(f"{self._count} {seconds:.3f} {cpu:.3f}\n")
            sys.stdout.flush()
            os._exit(0)
        return {"points": points}


def main(arguments: list[str]) -> None:
    """Run until so many orders are added up: broker, guarantee, expected."""
    broker, guarantee, expected = arguments
    with tempfile.TemporaryDirectory() as folder:
        app = Application(
            broker_address=broker,
            consumer_group=f"quix-{guarantee}-{os.getpid()}",
            auto_offset_reset="earliest",
            commit_interval=COMMIT_SECONDS,
            processing_guarantee=guarantee,
            state_dir=folder,
            loglevel="WARNING",
        )
        orders = app.topic(
            ORDERS.name, key_deserializer="bytes", value_deserializer="bytes"
        )
        told = app.topic("quix-points", key_serializer="bytes", value_serializer="json")
        earning = Earning(int(expected))
        points = app.dataframe(orders).apply(earning.earn, stateful=True, metadata=True)
        points.to_topic(told)
        app.run()


if __name__ == "__main__":
    main(sys.argv[1:])
