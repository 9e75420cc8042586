"""Takes what is due and sends it: each target by itself, nobody waits for another."""

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from runtime import metrics
from stores.breaker import CLOSED
from stores.delivery_controls_contract import FREE, Controls, DeliveryControls
from stores.endpoints_contract import ACTIVE, DISABLED, Endpoint, Endpoints
from stores.outbox_contract import DISABLED as OVER
from stores.outbox_contract import (
    EXPIRED,
    FIXED_TARGETS,
    TAKE_MAX,
    Delivery,
    Lane,
    Outbox,
    Settled,
)
from stores.unavailable import StoreUnavailable
from streams.dispatching.attempts import Attempt, settled
from streams.dispatching.pacing import Pacing
from streams.dispatching.runs import RUN_SECONDS_MAX, Runs
from streams.dispatching.senders import Sender

logger = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.1
AWAY_SECONDS: Final = 0.5
# A stop holds within a second, however many lanes there are.
CONTROLS_SECONDS_MAX: Final = 0.5

FindSender = Callable[[str, Mapping[str, Endpoint]], Sender | None]


class Dispatcher:
    """
    The loop that sends.

    At least once: an attempt that nobody recorded is due again when its lease is
    over, under the same id. Controls are read at each look, so a stop holds within
    a second for whatever is not on its way yet.
    """

    def __init__(
        self,
        outbox: Outbox,
        controls: DeliveryControls,
        *,
        endpoints: Endpoints,
        find_sender: FindSender,
        pacing: Pacing = Pacing(),  # noqa: B008 - it never changes
        clock: Callable[[], float] = time.time,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` gives seconds since 1970, `timer` seconds that only grow."""
        self._outbox = outbox
        self._controls = controls
        self._endpoints = endpoints
        self._find_sender = find_sender
        self._pacing = pacing
        self._clock = clock
        self._timer = timer
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: Counter[str] = Counter()
        self._runs = Runs()
        # As of the latest look.
        self._held = FREE
        self._freed = asyncio.Event()
        self._is_stopping = False

    async def run(self) -> None:
        """Send what is due, until stopped."""
        while not self._is_stopping:
            self._freed.clear()
            try:
                await self.look()
            except StoreUnavailable as error:
                logger.warning("nothing is sent now", extra={"error": str(error)[:300]})
                await asyncio.sleep(AWAY_SECONDS)
            try:
                await asyncio.wait_for(self._freed.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue

    async def look(self) -> int:
        """Start what is due and may go; return how many deliveries that is."""
        now = self._now()
        controls, endpoints = await asyncio.gather(
            self._controls.read(), self._endpoints.all()
        )
        self._held = controls
        known = {one.endpoint_id: one for one in endpoints}
        found = await self._outbox.due_lanes(now)
        lanes = [lane for lane in found if not controls.is_stopped(lane)]
        # In no order: one with a million has its turn as often as one with few.
        random.shuffle(lanes)
        left = Counter(lane.target for lane in lanes)
        started, ends_at = 0, time.monotonic() + CONTROLS_SECONDS_MAX
        for lane in lanes:
            # What the controls said is not believed for longer.
            if self._is_stopping or time.monotonic() > ends_at:
                break
            share = left[lane.target]
            started += await self._start(lane, controls, known, share=share)
            left[lane.target] -= 1
        self._runs.keep({*known, *(lane.target for lane in found), *FIXED_TARGETS})
        metrics.DISPATCH_LOOKED_AT.set(now / 1_000)
        return started

    async def stop(self, timeout_seconds: float) -> bool:
        """Take nothing new; whether what is on its way ended in time."""
        self._is_stopping = True
        self._freed.set()
        if not self._tasks:
            return True
        _, late = await asyncio.wait(self._tasks, timeout=timeout_seconds)
        return not late

    async def settle_down(self) -> None:
        """Wait for all that was started (for tests and for who stops)."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _start(
        self,
        lane: Lane,
        controls: Controls,
        known: Mapping[str, Endpoint],
        *,
        share: int,
    ) -> int:
        """Start some of a lane; `share` is how many lanes its target still has."""
        now = self._now()
        sender = self._find_sender(lane.target, known)
        if sender is None:
            return await self._drain(lane, known)
        breaker = controls.breaker_of(lane.target)
        if breaker.is_open(now):
            return 0
        most = 1 if breaker.is_trying else self._pacing.concurrency
        # Up: whatever is free is used.
        free = -((self._busy[lane.target] - most) // share)
        if free <= 0:
            return 0
        length = sender.batch_max * (
            1 if breaker.is_trying else self._runs.length(lane.target)
        )
        found = await self._outbox.take(
            lane,
            now,
            limit=min(free * length, TAKE_MAX),
            lease_ms=self._pacing.lease_of(lane.target),
            paces=controls.paces_of(lane),
        )
        late = [one for one in found if one.expires_at and one.expires_at <= now]
        if late:
            await self._finish(late, EXPIRED, "too late to be sent")
            found = [one for one in found if one not in late]
        # Up: what is there is shared out among all that are free.
        size = max(-(-len(found) // free), sender.batch_max)
        for start in range(0, len(found), size):
            self._begin(lane, sender, found[start : start + size])
        return len(found)

    def _begin(self, lane: Lane, sender: Sender, some: Sequence[Delivery]) -> None:
        self._busy[lane.target] += 1
        task = asyncio.create_task(self._send(lane, sender, some))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, lane: Lane, sender: Sender, some: Sequence[Delivery]) -> None:
        started = self._timer()
        attempts: list[Attempt] = []
        try:
            while len(attempts) < len(some) and self._goes_on(lane, attempts, started):
                step = some[len(attempts) : len(attempts) + sender.batch_max]
                attempts += await self._attempts(sender, step)
        except StoreUnavailable as error:
            # The lease of what is left ends, and it is due again.
            logger.warning("not sent", extra={"error": str(error)[:300]})
            some = some[: len(attempts)]
        seconds = self._timer() - started
        made = len(attempts)
        self._runs.note(lane.target, made=made, of=len(some), seconds=seconds)
        # Up: one that is not full was sent, too.
        steps = -(-made // sender.batch_max) or 1
        metrics.DELIVERY_SECONDS.labels(lane.channel).observe(seconds / steps)
        try:
            if attempts:
                await self._record(lane, some[:made], attempts)
            if made < len(some):
                await self._outbox.give_back(some[made:], self._now())
        except StoreUnavailable as error:
            logger.warning("not recorded", extra={"error": str(error)[:300]})
        finally:
            self._busy[lane.target] -= 1
            self._freed.set()

    def _goes_on(self, lane: Lane, made: Sequence[Attempt], started: float) -> bool:
        """Whether a run goes on: it ends soon, at a stop and at the first failure."""
        if not made:
            return True
        return (
            made[-1].succeeded
            and not self._is_stopping
            and not self._held.is_stopped(lane)
            and self._timer() - started < RUN_SECONDS_MAX
        )

    @staticmethod
    async def _attempts(sender: Sender, some: Sequence[Delivery]) -> list[Attempt]:
        try:
            return await sender.send(some)
        except StoreUnavailable:
            raise
        # One that fails each time climbs the ladder, as any other.
        except Exception:
            logger.exception("sending failed", extra={"first": some[0].delivery_id})
            fault = Attempt(False, detail="a fault on our side", counts=False)
            return [fault] * len(some)

    async def _record(
        self, lane: Lane, some: Sequence[Delivery], attempts: Sequence[Attempt]
    ) -> None:
        now = self._now()
        records = [
            settled(one, attempt, now, ladder_ms=self._pacing.ladder_ms)
            for one, attempt in zip(some, attempts, strict=True)
        ]
        await self._outbox.settle(records, now)
        for record in records:
            metrics.DELIVERIES.labels(lane.channel, record.delivery.status).inc()
        last = attempts[-1]
        # Of one that does well there is nothing to note.
        is_news = not last.succeeded or self._held.breaker_of(lane.target) != CLOSED
        if last.counts and is_news:
            await self._controls.note(
                lane.target,
                succeeded=last.succeeded,
                now=now,
                wait_until=now + last.retry_after_ms if last.retry_after_ms else 0,
            )
        if any(attempt.is_gone for attempt in attempts):
            await self._disable(lane.target, "it answered 410 Gone")

    async def _disable(self, target: str, why: str) -> None:
        endpoint = await self._endpoints.find(target)
        if endpoint is not None and endpoint.status == ACTIVE:
            # Whoever changes it meanwhile has seen it active: the next 410 tells.
            await self._endpoints.change(
                endpoint._replace(
                    status=DISABLED,
                    disabled_why=why,
                    revision=endpoint.revision + 1,
                )
            )
            logger.warning("endpoint disabled", extra={"endpoint": target, "why": why})

    async def _drain(self, lane: Lane, known: Mapping[str, Endpoint]) -> int:
        """Let go of what waits for a target that takes nothing any more."""
        endpoint = known.get(lane.target)
        why = "there is no such endpoint" if endpoint is None else "it is disabled"
        found = await self._outbox.take(
            lane,
            self._now(),
            limit=TAKE_MAX,
            lease_ms=self._pacing.lease_of(lane.target),
            paces=(),
        )
        await self._finish(found, OVER, why)
        return len(found)

    async def _finish(self, some: Sequence[Delivery], status: str, why: str) -> None:
        now = self._now()
        over = [
            Settled(one._replace(status=status, detail=why, attempted_at=now))
            for one in some
        ]
        await self._outbox.settle(over, now)
        for one in over:
            metrics.DELIVERIES.labels(one.delivery.channel, status).inc()

    def _now(self) -> int:
        return int(self._clock() * 1_000)
