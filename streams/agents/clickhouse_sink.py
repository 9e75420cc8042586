"""Member updates, orders and activity to ClickHouse: what analysts ask."""

from hashlib import blake2b

from schemas.deliveries import DeliveryCodec, DeliveryEvent
from schemas.events import EventCodec
from schemas.framing import MalformedRecord
from schemas.topics import ACTIVITY, DELIVERIES, MEMBER_UPDATES, ORDERS
from schemas.update_reader import Update, UpdateReader
from stores.analytics_contract import Analytics, Received, ReceivedActivity
from streams.batches import RecordBatch
from streams.latencies import observe_latency
from streams.own_records import read_own


class ClickHouseWriter:
    """Writes batches as columnar inserts; the same batches give the same token."""

    def __init__(
        self, analytics: Analytics, updates: UpdateReader, events: EventCodec
    ) -> None:
        """Say where rows go."""
        self._analytics = analytics
        self._updates = updates
        self._events = events
        self._deliveries = DeliveryCodec()

    async def write(self, batches: list[RecordBatch]) -> None:
        """
        Write the rows of some batches.

        Raises: StoreUnavailable when the same call should be tried again.
        """
        updates: list[Update] = []
        orders: list[Received] = []
        activity: list[ReceivedActivity] = []
        deliveries: list[DeliveryEvent] = []
        for batch in batches:
            for record in batch.records:
                # What cannot be read is a dead letter of the engine's, not ours.
                try:
                    if batch.topic == MEMBER_UPDATES.name:
                        update = read_own(self._updates.read, record.value)
                        updates += [update] if update else []
                    elif batch.topic == ORDERS.name:
                        order = self._events.decode_order(
                            record.key, record.value, record.timestamp
                        )
                        received = Received(order, record.timestamp, record.offset)
                        orders.append(received)
                    elif batch.topic == ACTIVITY.name:
                        act = self._events.decode_activity(
                            record.key, record.value, record.timestamp
                        )
                        activity.append(
                            ReceivedActivity(act, record.timestamp, record.offset)
                        )
                    elif batch.topic == DELIVERIES.name:
                        delivery = read_own(self._deliveries.decode, record.value)
                        deliveries += [delivery] if delivery else []
                except MalformedRecord:
                    continue
        token = token_of(batches)
        await self._analytics.insert_updates(updates, token=token)
        await self._analytics.insert_orders(orders, token=token)
        await self._analytics.insert_activity(activity, token=token)
        await self._analytics.insert_deliveries(deliveries, token=token)
        observe_latency("clickhouse", updates, batches)


def token_of(batches: list[RecordBatch]) -> str:
    """Deduplication token of some batches: which records they are, nothing else."""
    ranges = sorted(
        f"{batch.topic}:{batch.partition}:{batch.start}-{batch.end}"
        for batch in batches
    )
    return blake2b("|".join(ranges).encode(), digest_size=16).hexdigest()
