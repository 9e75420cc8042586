"""Member updates into the outbox: the only thing that the consumer waits for."""

import time
from collections.abc import Callable
from itertools import islice
from typing import Final

from runtime.metrics import DELIVERIES_PLANNED
from schemas.update_reader import UpdateReader, is_forgetting
from stores.email_addresses_contract import EmailAddresses
from stores.endpoints_contract import Endpoints
from stores.inbox_contract import Inbox
from stores.outbox_contract import Delivery, Outbox
from streams.batches import RecordBatch
from streams.dispatching.planning import Planner, Surroundings
from streams.own_records import read_own

PUT_MAX: Final = 1_000


class Intake:
    """
    Queues what updates lead to, under ids that a repeat finds there already.

    A target that is dead, slow or held back is the outbox's business: reading
    goes on.
    """

    def __init__(
        self,
        outbox: Outbox,
        endpoints: Endpoints,
        *,
        inbox: Inbox,
        addresses: EmailAddresses,
        planner: Planner,
        reader: UpdateReader,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Say where deliveries go; `clock` gives seconds since 1970."""
        self._outbox = outbox
        self._endpoints = endpoints
        self._inbox = inbox
        self._addresses = addresses
        self._planner = planner
        self._reader = reader
        self._clock = clock

    async def write(self, batches: list[RecordBatch]) -> None:
        """
        Queue what some batches lead to.

        Raises: StoreUnavailable when the same call should be tried again.
        """
        now = int(self._clock() * 1_000)
        around = Surroundings(await self._endpoints.all(), now)
        planned: list[Delivery] = []
        for batch in batches:
            for record in batch.records:
                update = read_own(self._reader.read, record.value)
                if update is None:
                    continue
                planned += self._planner.deliveries(update, around)
                if any(map(is_forgetting, update.changes)):
                    # Also where points stay: they are a pseudonym's.
                    await self._put(planned, now)
                    planned = []
                    await self._forget(update.member_id)
        await self._put(planned, now)

    async def _put(self, planned: list[Delivery], now: int) -> None:
        waiting = iter(planned)
        while some := list(islice(waiting, PUT_MAX)):
            DELIVERIES_PLANNED.inc(await self._outbox.put(some, now))

    async def _forget(self, member_id: str) -> None:
        await self._outbox.forget(member_id)
        await self._inbox.forget(member_id)
        await self._addresses.forget(member_id)
