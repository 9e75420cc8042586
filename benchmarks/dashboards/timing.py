"""How long each question of each dashboard takes, the first time and after it."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from benchmarks.dashboards.years import UNTIL_AT
from loyalty.limits import DAY_MS
from stores.clickhouse_questions import ClickHouseQuestions
from stores.questions import QUESTIONS, UNUSUAL

ZONE: Final = "America/New_York"
# The noon of the last day: pages end with it.
NOW: Final = UNTIL_AT + DAY_MS // 2
SPANS: Final = (30, 90, 365)


class Timed(NamedTuple):
    """A question, its days, and its times in ms: the first, then sorted."""

    name: str
    days: int
    first_ms: float
    warm_ms: tuple[float, ...]
    failed: str = ""

    def quantile(self, share: float) -> float:
        """Nearest-rank quantile of all runs but the first."""
        place = max(-(-len(self.warm_ms) * share // 1), 1)
        return self.warm_ms[int(place) - 1]


def asked() -> Iterator[tuple[str, int, Mapping[str, object]]]:
    """Each question, for each span that pages offer."""
    until_at = UNTIL_AT
    for name, question in QUESTIONS.items():
        spans = SPANS if "from_at" in question.parameters else (0,)
        for days in spans:
            yield name, days, TOLD | {"from_at": until_at - days * DAY_MS}


TOLD: Final[dict[str, object]] = {
    **UNUSUAL,
    "zone": ZONE,
    "wallet": "points",
    "tiers": ["guest", "regular", "family"],
    "store": "store-010",
    "segment": "champions",
    "offer": "offer-3",
    "journey": "welcome",
    "step": "hello",
    "experiment": "trial-3",
    "days": 28,
    "tier_before": "guest",
    "tier_after": "regular",
    "day": "2026-07-01",
    "limit": 200,
    "until_at": UNTIL_AT,
}


def timed(
    questions: ClickHouseQuestions, runs: int, only: frozenset[str]
) -> Iterator[Timed]:
    """Ask everything so many times, one question after the other."""
    with asyncio.Runner() as runner:
        for name, days, told in asked():
            if only and name not in only:
                continue
            yield runner.run(_times(questions, name, days, told=told, runs=runs))


async def _times(
    questions: ClickHouseQuestions,
    name: str,
    days: int,
    *,
    told: Mapping[str, Any],
    runs: int,
) -> Timed:
    found: list[float] = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        try:
            await questions.ask(QUESTIONS[name], told)
        except Exception as error:  # noqa: BLE001 - told in the table
            ms = (time.perf_counter() - started) * 1_000
            return Timed(name, days, ms, (ms,), str(error)[:160])
        found.append((time.perf_counter() - started) * 1_000)
    return Timed(name, days, found[0], tuple(sorted(found[1:])))
