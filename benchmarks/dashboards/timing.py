"""How long each question of each dashboard takes, the first time and after it."""

import asyncio
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.dashboards.years import UNTIL_AT
from loyalty.limits import DAY_MS
from stores.clickhouse_questions import ClickHouseQuestions
from stores.questions import QUESTIONS, UNUSUAL

ZONE: Final = "America/New_York"
# On the last day, which is not over: pages end with it.
LAST_NOON: Final = UNTIL_AT - DAY_MS // 2
SPANS: Final = (30, 90, 365)


class Timed(NamedTuple):
    """A question, its days, its times in ms: the first, the others sorted; CPU ms."""

    name: str
    days: int
    first_ms: float
    warm_ms: tuple[float, ...]
    cpu_ms: float
    failed: str = ""

    @property
    def line(self) -> str:
        """Row of a table."""
        times = (self.first_ms, self.quantile(0.5), self.quantile(0.95), self.cpu_ms)
        shown = " | ".join(f"{one:,.0f}" for one in times)
        return f"| {self.name} | {self.days or ''} | {shown} | {self.failed}"

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


FRANCHISE: Final = tuple(f"store-{number:03}" for number in range(100, 140))
TOLD: Final[dict[str, object]] = {
    **UNUSUAL,
    "zone": ZONE,
    "wallet": "points",
    "tiers": ["guest", "regular", "family"],
    "store": "",
    "channel": "",
    "stores": ["store-010", "store-011", *FRANCHISE],
    "places": ["store-010", "store-011", *("franchise" for _ in FRANCHISE)],
    "segment": "champions",
    "offer": "offer-3",
    "offers": ["offer-3"],
    "lives_ms": [30 * DAY_MS],
    "since": UNTIL_AT - 30 * DAY_MS,
    "rules": ["spend"],
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


class Runs(NamedTuple):
    """How often to ask, of which questions (all if none is named), and whom."""

    times: int
    only: frozenset[str]
    server_pid: int

    def cpu_seconds(self) -> float:
        """CPU time of the server so far: what a crowded machine does not stretch."""
        words = Path(f"/proc/{self.server_pid}/stat").read_text().rsplit(")", 1)[1]
        user, system = words.split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def timed(questions: ClickHouseQuestions, runs: Runs) -> Iterator[Timed]:
    """Ask everything so many times, one question after the other."""
    with asyncio.Runner() as runner:
        for name, days, told in asked():
            if runs.only and name not in runs.only:
                continue
            yield runner.run(_times(questions, name, days, told=told, runs=runs))


async def _times(
    questions: ClickHouseQuestions,
    name: str,
    days: int,
    *,
    told: Mapping[str, Any],
    runs: Runs,
) -> Timed:
    found: list[float] = []
    cpu = runs.cpu_seconds()
    for _ in range(runs.times + 1):
        started = time.perf_counter()
        try:
            await questions.ask(QUESTIONS[name], told)
        except Exception as error:  # noqa: BLE001 - told in the table
            ms = (time.perf_counter() - started) * 1_000
            return Timed(name, days, ms, (ms,), 0.0, str(error)[:160])
        found.append((time.perf_counter() - started) * 1_000)
    cpu_ms = (runs.cpu_seconds() - cpu) * 1_000 / len(found)
    return Timed(name, days, found[0], tuple(sorted(found[1:])), cpu_ms)
