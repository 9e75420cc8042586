"""How members answered offers: asked of ClickHouse now and then, never awaited."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Final

from loyalty.ranking import Response
from stores.questions import QUESTIONS
from stores.questions_contract import Questions
from stores.unavailable import StoreUnavailable

logger = logging.getLogger(__name__)
REFRESH_SECONDS: Final = 300


class Learned:
    """
    Responses by tier and offer, at most REFRESH_SECONDS old while offers are asked for.

    Nobody waits for them: until they are there, and while ClickHouse is away, offers
    are ranked by what was known last.
    """

    def __init__(self, questions: Questions, clock: Callable[[], float]) -> None:
        """Know nothing yet; `clock` gives seconds since 1970."""
        self._questions = questions
        self._clock = clock
        self._asked_at = 0.0
        self._task: asyncio.Task[None] | None = None
        self._by_tier: dict[str, dict[str, Response]] = {}

    def of(self, tier: str) -> Mapping[str, Response]:
        """Responses of members of a tier, by offer; asks anew if they are old."""
        now = self._clock()
        if now >= self._asked_at + REFRESH_SECONDS:
            self._asked_at = now
            self._task = asyncio.create_task(self._ask(int(now * 1_000)))
        return self._by_tier.get(tier, {})

    async def settled(self) -> None:
        """Wait until what was asked is there."""
        if self._task is not None:
            await self._task

    async def _ask(self, until_at: int) -> None:
        question = QUESTIONS["offer_responses"]
        try:
            answer = await self._questions.ask(question, {"until_at": until_at})
        except StoreUnavailable as error:
            logger.warning("offers rank as before", extra={"why": str(error)})
            return
        found: dict[str, dict[str, Response]] = {}
        for row in answer.records():
            by_offer = found.setdefault(row["tier"], {})
            by_offer[row["offer_id"]] = Response(row["views"], row["redemptions"])
        self._by_tier = found
