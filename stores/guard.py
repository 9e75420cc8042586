"""A guard round what may be away: breaker, bound on calls, one more try of reads."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, Final, TypeVar, cast

from runtime.metrics import (
    BREAKER_OPENED,
    BREAKER_STATE,
    CALLS_REFUSED,
    READS_RETRIED,
)
from stores.breaker import CLOSED, Breaker, BreakerRules, noted
from stores.unavailable import StoreUnavailable

Store = TypeVar("Store")
Answer = TypeVar("Answer")

STORE_RULES: Final = BreakerRules(failures_max=5, open_ms_min=1_000, open_ms_max=10_000)
STATES: Final = ("closed", "half-open", "open")
# A connection that was broken is found out at once; who waited does not wait twice.
QUICK_SECONDS_MAX: Final = 0.5
RETRY_SECONDS_MIN: Final = 0.01
RETRY_SECONDS_MAX: Final = 0.06
# Whoever is refused because it is full finds room soon.
FULL_SECONDS: Final = 1
# They say how a store stands, and are asked while it is away.
UNGUARDED: Final = frozenset({"ping", "close"})


class Guard:
    """
    Lets at most `calls_max` calls be on their way to a dependency, none while open.

    Beyond that a call fails at once with StoreUnavailable, so that a dependency that
    hangs holds neither all requests nor those that do not need it.
    """

    def __init__(
        self,
        name: str,
        calls_max: int,
        *,
        rules: BreakerRules = STORE_RULES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` gives seconds."""
        self.name = name
        self.calls_max = calls_max
        self.calls = 0
        self._rules = rules
        self._clock = clock
        self._breaker: Breaker = CLOSED
        self._is_tried = False
        BREAKER_STATE.labels(name).set(0)

    @property
    def state(self) -> str:
        """State of the breaker: closed, half-open, open."""
        return self._breaker.state(self._now())

    async def call(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """
        Answer of a call.

        Raises: StoreUnavailable, its own or the store's.
        """
        is_trial = self._admit()
        self.calls += 1
        self._is_tried |= is_trial
        try:
            answer = await call()
        except StoreUnavailable as error:
            self._note(succeeded=not error.is_away)
            raise
        finally:
            self.calls -= 1
            self._is_tried &= not is_trial
        if self._breaker is not CLOSED:
            self._note(succeeded=True)
        return answer

    async def read(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """Answer of a call that changes nothing, tried again if it failed quickly."""
        started = self._clock()
        try:
            return await self.call(call)
        except StoreUnavailable as error:
            is_quick = self._clock() - started < QUICK_SECONDS_MAX
            if not error.is_away or error.retry_after_seconds or not is_quick:
                raise
        READS_RETRIED.labels(self.name).inc()
        # Jitter, so that many readers do not come back at one moment.
        span = random.uniform(RETRY_SECONDS_MIN, RETRY_SECONDS_MAX)  # noqa: S311 - no secret
        await asyncio.sleep(span)
        return await self.call(call)

    def _admit(self) -> bool:
        """Whether a call is the one that tries; raises if it may not be made."""
        breaker = self._breaker
        if self.calls >= self.calls_max:
            self._refuse("full", f"{self.calls_max} calls wait", FULL_SECONDS)
        if breaker is CLOSED:
            return False
        wait_ms = max(breaker.open_until - self._now(), 0)
        # The others would all wait for what the one that tries finds out.
        if wait_ms or (breaker.is_trying and self._is_tried):
            self._refuse("open", "is away", max(-(-wait_ms // 1_000), 1))
        self._tell(breaker)
        return breaker.is_trying

    def _refuse(self, reason: str, detail: str, seconds: int) -> None:
        CALLS_REFUSED.labels(self.name, reason).inc()
        raise StoreUnavailable(self.name, detail, retry_after_seconds=seconds)

    def _note(self, *, succeeded: bool) -> None:
        before = self._breaker
        after = noted(before, self._rules, succeeded=succeeded, now=self._now())
        if after.opened > before.opened:
            BREAKER_OPENED.labels(self.name).inc()
        self._breaker = after
        self._tell(after)

    def _tell(self, breaker: Breaker) -> None:
        BREAKER_STATE.labels(self.name).set(STATES.index(breaker.state(self._now())))

    def _now(self) -> int:
        return int(self._clock() * 1_000)


class _Guarded:
    """A store of which every call goes through a guard; all else is the store's."""

    def __init__(self, store: object, guard: Guard, reads: frozenset[str]) -> None:
        self._store = store
        self._guard = guard
        self._reads = reads

    def __getattr__(self, name: str) -> Any:
        """Find what the store has of that name, once."""
        found = getattr(self._store, name)
        if name in UNGUARDED or not iscoroutinefunction(found):
            return found
        through = self._guard.read if name in self._reads else self._guard.call

        @wraps(found)
        async def call(*arguments: Any, **named: Any) -> Any:
            return await through(lambda: found(*arguments, **named))

        setattr(self, name, call)
        return call


def guarded(store: Store, guard: Guard, *, reads: frozenset[str]) -> Store:
    """Store behind a guard; `reads` are its calls that may be done twice."""
    return cast("Store", _Guarded(store, guard, reads))
