"""The way out: a position is committed when the other side has its events."""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any, Final

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from jobs.bridging.member_events import MemberEvents
from jobs.bridging.patience import Patience
from jobs.bridging.ports import MemberEvent, Target
from runtime.kafka_access import kafka_access
from runtime.metrics import BRIDGE_MESSAGES, BRIDGE_SECONDS
from runtime.settings import Settings
from schemas.framing import MalformedRecord
from schemas.topics import MEMBER_UPDATES
from stores.unavailable import StoreUnavailable

logger = logging.getLogger(__name__)

POLL_SECONDS: Final = 0.5
COMMIT_SECONDS_MAX: Final = 5.0


class Outward:
    """
    Carries member events to a target, at least once, in order within a member.

    What the target did not take is read again from where the group stands: nothing is
    skipped, and a target that refuses is waited for like one that is away.
    """

    def __init__(
        self, settings: Settings, target: Target, *, stopped: asyncio.Event
    ) -> None:
        """Join the group of this bridge's name."""
        self._target = target
        self._events = MemberEvents(settings.app_id)
        self._batch_max = settings.bridge_messages_max
        self._begins_early = settings.bridge_history
        self._stopped = stopped
        self._patience = Patience("target", stopped)
        self._kafka_patience = Patience("kafka", stopped)
        self._consumer = Consumer(
            {
                **kafka_access(settings.kafka_bootstrap_servers),
                "group.id": f"{settings.app_id}-{settings.bridge_name}",
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "isolation.level": "read_committed",
                "auto.offset.reset": (
                    "earliest" if settings.bridge_history else "latest"
                ),
                "session.timeout.ms": settings.session_timeout_ms,
                "queued.max.messages.kbytes": 16_384,
                "log_level": 0,
            }
        )
        self._consumer.subscribe([MEMBER_UPDATES.name], on_assign=self._assigned)

    async def run(self) -> None:
        """Carry until we are stopped."""
        while not self._stopped.is_set():
            try:
                found = await asyncio.to_thread(
                    self._consumer.consume, self._batch_max, POLL_SECONDS
                )
            except KafkaException as error:
                away = StoreUnavailable("kafka", str(error))
                await self._kafka_patience.wait(away)
                continue
            records = [message for message in found if message.error() is None]
            if records:
                await self._carry(records)

    async def close(self) -> None:
        """Leave the group."""
        await asyncio.to_thread(self._consumer.close)

    async def _carry(self, records: Sequence[Message]) -> None:
        """Carry a batch: send, wait for the target's word on all, commit."""
        started = time.perf_counter()
        events = [event for one in records if (event := self._event(one)) is not None]
        try:
            step = self._target.batch_max
            for begin in range(0, len(events), step):
                await self._target.send(events[begin : begin + step])
        except StoreUnavailable as away:
            await self._patience.wait(away)
            await asyncio.to_thread(self._read_again, records)
            return
        self._patience.answered()
        BRIDGE_MESSAGES.labels("out", "sent").inc(len(events))
        BRIDGE_SECONDS.labels("out").observe(time.perf_counter() - started)
        await asyncio.to_thread(self._commit, _ends(records))

    def _event(self, record: Message) -> MemberEvent | None:
        try:
            return self._events.event_of(record.value())
        except MalformedRecord as fault:
            # Only the engine writes there; what is foreign is nobody's event.
            logger.warning(
                "update not readable",
                extra={
                    "partition": record.partition(),
                    "offset": record.offset(),
                    "reason": fault.reason,
                },
            )
            BRIDGE_MESSAGES.labels("out", "unreadable").inc()
            return None

    def _commit(self, ends: list[TopicPartition]) -> None:
        try:
            self._consumer.commit(offsets=ends, asynchronous=False)
        except KafkaException as error:
            # Not committed is only sent again, under the same ids.
            logger.warning("position not committed", extra={"error": str(error)[:300]})

    def _read_again(self, records: Sequence[Message]) -> None:
        """Go back to the first record of each partition, so that none is passed by."""
        firsts: dict[int, int] = {}
        for record in records:
            firsts.setdefault(record.partition() or 0, record.offset() or 0)
        for partition, offset in firsts.items():
            try:
                self._consumer.seek(
                    TopicPartition(MEMBER_UPDATES.name, partition, offset)
                )
            except KafkaException as error:
                # No longer ours: whoever has it begins where the group stands.
                logger.info("not sought", extra={"error": str(error)[:300]})

    def _assigned(self, consumer: Any, partitions: list[TopicPartition]) -> None:
        """
        Hold on to where a group that is new begins, before anything is sent.

        Else one that is stopped before its first event would begin later next time.
        """
        try:
            known = consumer.committed(partitions, timeout=COMMIT_SECONDS_MAX)
            new = [one for one in known if one.offset < 0]
            for one in new:
                low, high = consumer.get_watermark_offsets(
                    one, timeout=COMMIT_SECONDS_MAX
                )
                one.offset = low if self._begins_early else high
            if new:
                consumer.commit(offsets=new, asynchronous=False)
        except KafkaException as error:
            # The next assignment does it, or the first event that is sent.
            logger.warning("beginning not noted", extra={"error": str(error)[:300]})


def _ends(records: Sequence[Message]) -> list[TopicPartition]:
    ends = {one.partition() or 0: (one.offset() or 0) + 1 for one in records}
    return [
        TopicPartition(MEMBER_UPDATES.name, partition, offset)
        for partition, offset in ends.items()
    ]
