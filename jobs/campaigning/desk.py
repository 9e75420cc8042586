"""Takes campaigns that are due, a few at a time, and holds each as long as it goes."""

import asyncio
import logging
import uuid
from typing import Final

from jobs.campaigning.running import CampaignRun, Reach
from runtime.metrics import CAMPAIGNS_RUNNING
from stores import campaign_steps as steps
from stores.campaigns_contract import Campaign
from stores.unavailable import StoreUnavailable

# A slow campaign of a million must not keep the others waiting.
AT_ONCE_MAX: Final = 8
LOOK_SECONDS: Final = 0.5
# Redis, Kafka or ClickHouse is away: it is taken up again after its lease.
AWAY_SECONDS: Final = 2.0

logger = logging.getLogger(__name__)


class CampaignDesk:
    """Runs campaigns of this process until it is told to stop."""

    def __init__(self, reach: Reach, stopping: asyncio.Event) -> None:
        """Say what runs reach, and what ends them."""
        self._reach = reach
        self._stopping = stopping
        self._running: set[asyncio.Task[None]] = set()

    async def work(self, *, until_empty: bool = False) -> None:
        """Take what is due until told to stop, or until all that was due has ended."""
        while not self._stopping.is_set():
            try:
                await self._take_due()
            except StoreUnavailable as away:
                logger.warning("waiting for a store", extra={"store": away.store})
                await self._wait(AWAY_SECONDS)
                continue
            if until_empty and not self._running:
                return
            await self._wait(LOOK_SECONDS)
        # Each leaves its campaign to the next runner.
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _take_due(self) -> None:
        for one in await self._reach.campaigns.due(self._reach.clock()):
            if len(self._running) >= AT_ONCE_MAX:
                return
            # A lease for each time that it is taken: what is left of a run that lost
            # it must not pass for the new one.
            lease = uuid.uuid4().hex
            held = await self._reach.campaigns.change(
                one.campaign_id,
                lambda known, mine=lease: steps.taken(  # type: ignore[misc] # a default binds it
                    known, mine, self._reach.clock()
                ),
            )
            if held is not None:
                self._begin(held)

    def _begin(self, held: Campaign) -> None:
        task = asyncio.create_task(self._run(held), name=held.campaign_id)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(self, held: Campaign) -> None:
        with CAMPAIGNS_RUNNING.track_inprogress():
            try:
                await CampaignRun(held, self._reach, self._stopping).run()
            except StoreUnavailable as away:
                told = {"campaign": held.campaign_id, "store": away.store}
                logger.warning("campaign waits for a store", extra=told)
            # The others go on; this one is taken up again after its lease.
            except Exception:
                logger.exception(
                    "campaign failed", extra={"campaign": held.campaign_id}
                )

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
