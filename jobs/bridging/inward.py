"""The way in: a message is acknowledged when Kafka has said that it has its records."""

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from typing import Final

from jobs.bridging.messages import records_of
from jobs.bridging.patience import Patience
from jobs.bridging.ports import Received, Source
from runtime.metrics import BRIDGE_MESSAGES, BRIDGE_SECONDS
from schemas.events import EventCodec
from schemas.framing import MalformedRecord
from schemas.intake import Checked
from schemas.state import DeadLetter, StateCodec
from schemas.topics import DEAD_LETTERS
from stores.publisher import Publisher
from stores.unavailable import StoreUnavailable

logger = logging.getLogger(__name__)

WAIT_SECONDS: Final = 2.0
# A letter with all round it must fit into what the publisher sends.
BURIED_BYTES_MAX: Final = 960_000
TOPIC_PREFIX: Final = "bridge-"
ACCEPTED: Final = "accepted"
BURIED: Final = "buried"


class Inward:
    """
    Carries messages of a source into the log, at least once.

    Whatever ends us between Kafka's word and the acknowledgement leaves a message that
    comes again; the engine knows its event by its id, and counts it once.
    """

    def __init__(
        self,
        source: Source,
        publisher: Publisher,
        *,
        codec: EventCodec,
        name: str,
        messages_max: int,
        stopped: asyncio.Event,
    ) -> None:
        """`messages_max`: how many are held at once."""
        self._source = source
        self._publisher = publisher
        self._codec = codec
        self._letters = StateCodec()
        self._topic = TOPIC_PREFIX + name
        self._messages_max = messages_max
        self._stopped = stopped
        self._patience = Patience("source", stopped)
        self._kafka_patience = Patience("kafka", stopped)

    async def run(self) -> None:
        """Carry until we are stopped."""
        while not self._stopped.is_set():
            try:
                messages = await self._source.receive(self._messages_max, WAIT_SECONDS)
                self._patience.answered()
                if messages:
                    await self._carry(messages)
            except StoreUnavailable as away:
                await self._patience.wait(away)

    async def _carry(self, messages: Sequence[Received]) -> None:
        """
        Carry a batch: check, publish, wait for Kafka's word on all, acknowledge.

        Raises: StoreUnavailable of the source, which gives the messages again.
        """
        started = time.perf_counter()
        outcomes, records = self._read(messages)
        while records:
            records, away = await self._publish(records)
            if away is None:
                self._kafka_patience.answered()
                break
            if self._stopped.is_set():
                await self._source.release(messages)
                return
            await self._kafka_patience.wait(away)
            # Longer than they were lent to us; if one comes again, it counts once.
            with suppress(StoreUnavailable):
                await self._source.hold(messages)
        await self._source.acknowledge(messages)
        for outcome in outcomes:
            BRIDGE_MESSAGES.labels("in", outcome).inc()
        BRIDGE_SECONDS.labels("in").observe(time.perf_counter() - started)

    def _read(self, messages: Sequence[Received]) -> tuple[list[str], list[Checked]]:
        now = int(time.time() * 1_000)
        outcomes: list[str] = []
        records: list[Checked] = []
        for message in messages:
            try:
                records += records_of(message, self._codec, now)
                outcomes.append(ACCEPTED)
            except MalformedRecord as fault:
                records.append(self._buried(message, fault, now))
                outcomes.append(BURIED)
        return outcomes, records

    def _buried(self, message: Received, fault: MalformedRecord, now: int) -> Checked:
        """Dead letter of a message; the same one has the same place, so counts once."""
        logger.warning(
            "message buried",
            extra={
                "topic": self._topic,
                "message_id": message.message_id[:128],
                "reason": fault.reason,
            },
        )
        digest = blake2b(message.body, digest_size=8).digest()
        letter = DeadLetter(
            self._topic,
            0,
            int.from_bytes(digest) >> 1,
            fault.reason,
            f"message {message.message_id[:128]}: {fault.detail}",
            now,
            None,
            message.body[:BURIED_BYTES_MAX],
        )
        value = self._letters.encode_dead_letter(letter)
        return Checked(message.message_id, DEAD_LETTERS.name, digest, value)

    async def _publish(
        self, records: Sequence[Checked]
    ) -> tuple[list[Checked], StoreUnavailable | None]:
        """Records that Kafka did not take, and why not."""
        # Each is on its way before the next is begun, so a member's keep their order.
        said = await asyncio.gather(
            *(
                self._publisher.publish(one.topic, key=one.key, value=one.value)
                for one in records
            ),
            return_exceptions=True,
        )
        left: list[Checked] = []
        away: StoreUnavailable | None = None
        for record, answer in zip(records, said, strict=True):
            if isinstance(answer, StoreUnavailable):
                left.append(record)
                away = answer
            elif isinstance(answer, BaseException):
                raise answer
        return left, away
