"""Outcomes to Kafka: from the outbox, where each was put with its delivery."""

import asyncio
import logging
from typing import Final

from schemas.deliveries import DeliveryCodec
from schemas.topics import DELIVERIES
from stores.outbox_contract import Outbox
from stores.publisher import Publisher
from stores.unavailable import StoreUnavailable

logger = logging.getLogger(__name__)

TOLD_MAX: Final = 500
IDLE_SECONDS: Final = 0.5
AWAY_SECONDS: Final = 2.0


class Teller:
    """Publishes outcomes at least once; their ids tell a repeat from another."""

    def __init__(self, outbox: Outbox, publisher: Publisher) -> None:
        """Say from where to where."""
        self._outbox = outbox
        self._publisher = publisher
        self._codec = DeliveryCodec()

    async def run(self) -> None:
        """Tell what there is, for ever."""
        while True:
            try:
                if not await self.tell():
                    await asyncio.sleep(IDLE_SECONDS)
            except StoreUnavailable as error:
                logger.warning("outcomes wait", extra={"error": str(error)[:300]})
                await asyncio.sleep(AWAY_SECONDS)

    async def tell(self) -> int:
        """Tell some of the oldest outcomes; return how many."""
        found = await self._outbox.outcomes(limit=TOLD_MAX)
        await asyncio.gather(
            *(
                self._publisher.publish(
                    DELIVERIES.name,
                    key=event.member_id.encode(),
                    value=self._codec.encode(event),
                )
                for event in found.events
            )
        )
        await self._outbox.told(found.places)
        return len(found.events)
