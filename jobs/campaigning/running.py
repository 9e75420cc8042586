"""
One campaign on its way: its audience is frozen once, then sent to stride by stride.

A stride is noted, sent, and confirmed, in this order. Whoever goes on after a crash
finds what was noted and sends the very same records again, which the engine drops:
so each member has one effect, however many runners died.
"""

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from loyalty.campaign_pace import stride_at
from loyalty.campaigns import WAKE, campaign_act
from runtime.metrics import CAMPAIGN_MEMBERS, CAMPAIGNS
from schemas.events import EventCodec
from schemas.intake import checked_campaign_act
from stores import campaign_steps as steps
from stores.audiences_contract import PAGE_MAX, Audiences, Frozen
from stores.campaigns_contract import (
    LEASE_MS,
    Campaign,
    Campaigns,
    Going,
    Progress,
)
from stores.publisher import Publisher
from stores.unavailable import StoreUnavailable

RENEW_SECONDS: Final = LEASE_MS / 1_000 / 4
# The broker does not take it: the same stride once more.
AGAIN_SECONDS: Final = 1.0
NOT_REACHED: Final = "it ended before all were reached"

logger = logging.getLogger(__name__)


class Reach(NamedTuple):
    """What a runner reaches; `clock` is ms since 1970, `program` the one in force."""

    campaigns: Campaigns
    audiences: Audiences
    publisher: Publisher
    codec: EventCodec
    clock: Callable[[], int]
    program: Callable[[], Awaitable[Mapping[str, Any]]]


class NotOurs(Exception):
    """Somebody else has the campaign, or somebody paused or stopped it."""


class CampaignRun:
    """A campaign from where it is to its end, as long as it is ours."""

    def __init__(self, held: Campaign, reach: Reach, stopping: asyncio.Event) -> None:
        """Say which one, held by us; on `stopping` it is left to the next runner."""
        self._held = held
        self._reach = reach
        self._stopping = stopping
        # Members after the last confirmed one, read ahead.
        self._ahead: Sequence[str] = ()

    async def run(self) -> None:
        """
        Send what is left; ends by itself when it is not ours any more.

        Raises: StoreUnavailable; it is taken up again after its lease.
        """
        told = {"campaign": self._held.campaign_id}
        logger.info("campaign goes on", extra=told)
        try:
            if self._held.progress.snapshot or await self._freeze():
                await self._send_all()
        except NotOurs:
            logger.info("campaign was taken from us", extra=told)

    async def _freeze(self) -> bool:
        """Settle who is meant; False when it ended there."""
        plan, reach = self._held.plan, self._reach
        if plan.trigger_id and not _is_heard(await reach.program(), self._held):
            detail = f"trigger {plan.trigger_id} does not listen for {plan.activity}"
            await self._end(steps.given_up(self._held, reach.clock(), detail))
            return False
        # A name of its own: what a runner before us froze in part is nobody's.
        snapshot = f"{self._held.campaign_id}/{uuid.uuid4().hex[:12]}"
        freezing = asyncio.ensure_future(
            reach.audiences.freeze(snapshot, plan.audience, reach.clock())
        )
        found = await self._renewing(freezing)
        progress = Progress(snapshot, found.members, found.refused)
        self._held = await self._changed(
            lambda known: steps.frozen(
                known, self._held.lease, progress, now=reach.clock()
            )
        )
        return True

    async def _renewing(self, freezing: asyncio.Future[Frozen]) -> Frozen:
        """What becomes of a long call, while the campaign stays ours."""
        while True:
            done, _ = await asyncio.wait((freezing,), timeout=RENEW_SECONDS)
            if done:
                return freezing.result()
            await self._renew()

    async def _send_all(self) -> None:
        loop, plan = asyncio.get_running_loop(), self._held.plan
        began = loop.time()
        while not self._stopping.is_set():
            now = self._reach.clock()
            if plan.ends_at and now >= plan.ends_at:
                late = NOT_REACHED if self._held.progress.left else ""
                await self._end(steps.done(self._held, now, late))
                return
            started = loop.time()
            stride = stride_at(plan.pace, int((started - began) * 1_000))
            members = await self._next_members(stride.members)
            if not members:
                await self._end(steps.done(self._held, now))
                return
            await self._send(members, now)
            await self._rest(started + stride.lasts_ms / 1_000 - loop.time())
        await self._reach.campaigns.change(
            self._held.campaign_id, lambda known: steps.left(known, self._held.lease)
        )

    async def _next_members(self, count: int) -> Sequence[str]:
        """The next ones; exactly those whom another runner had noted, if it had."""
        progress = self._held.progress
        if progress.going is not None:
            count = progress.going.members
        if len(self._ahead) < count:
            self._ahead = await self._reach.audiences.members(
                progress.snapshot, after=progress.after, limit=max(count, PAGE_MAX)
            )
        return self._ahead[:count]

    async def _send(self, members: Sequence[str], now: int) -> None:
        """Note a stride, send it, confirm it."""
        going = Going(members[-1], len(members), now)
        lease, clock = self._held.lease, self._reach.clock
        self._held = await self._changed(
            lambda known: steps.going(known, lease, going, now=clock())
        )
        noted = self._held.progress.going
        assert noted is not None, "it was noted just now"
        assert noted._replace(at=now) == going, "an audience does not change"
        while not await self._has_sent(members, noted):
            await self._rest(AGAIN_SECONDS)
            await self._renew()
        self._held = await self._changed(
            lambda known: steps.confirmed(known, lease, noted)
        )
        self._ahead = self._ahead[len(members) :]
        CAMPAIGN_MEMBERS.inc(len(members))

    async def _has_sent(self, members: Sequence[str], going: Going) -> bool:
        """Whether the broker has the acts of all of them."""
        campaign_id = self._held.campaign_id
        activity = self._held.plan.activity or WAKE
        sending = []
        for member_id in members:
            act = campaign_act(campaign_id, activity, member_id, at=going.at)
            checked = checked_campaign_act(act, self._reach.codec, going.at)
            sending.append(
                self._reach.publisher.publish(
                    checked.topic, key=checked.key, value=checked.value
                )
            )
        ends = await asyncio.gather(*sending, return_exceptions=True)
        lost = next((end for end in ends if isinstance(end, BaseException)), None)
        if lost is not None and not isinstance(lost, StoreUnavailable):
            raise lost
        return lost is None

    async def _renew(self) -> None:
        lease, clock = self._held.lease, self._reach.clock
        await self._changed(lambda known: steps.renewed(known, lease, clock()))

    async def _changed(self, change: Callable[[Campaign], Campaign | None]) -> Campaign:
        """The campaign after a change; raises NotOurs where there is none to make."""
        changed = await self._reach.campaigns.change(self._held.campaign_id, change)
        if changed is None:
            raise NotOurs(self._held.campaign_id)
        return changed

    async def _end(self, ended: Campaign) -> None:
        lease = self._held.lease
        await self._changed(lambda known: steps.finished(known, lease, ended))
        CAMPAIGNS.labels(ended.state).inc()
        logger.info(
            "campaign ended",
            extra={"campaign": ended.campaign_id, "state": ended.state},
        )

    async def _rest(self, seconds: float) -> None:
        """Wait for the next stride, or for the end of this process."""
        try:
            async with asyncio.timeout(max(seconds, 0)):
                await self._stopping.wait()
        except TimeoutError:
            return


def _is_heard(document: Mapping[str, Any], campaign: Campaign) -> bool:
    """Whether the trigger of a campaign still waits for its act."""
    plan = campaign.plan
    return any(
        one.get("id") == plan.trigger_id and one.get("activity") == plan.activity
        for one in document.get("triggers") or ()
    )
