"""What a soak comes to: whether memory grows, orders wait longer, or a queue stands."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from benchmarks.steady import Wait, percentile

GROWTH_MIB_A_MINUTE_MAX: Final = 2.0
SLOWER_TIMES_MAX: Final = 2.0
# Below that a p99 is noise of the machine.
P99_SECONDS_FREE: Final = 0.25
# Whoever waits for longer stands in a queue.
P50_SECONDS_MAX: Final = 1.0
# Ticks may wait while sinks follow, but not for ever.
DAYS_BEHIND_MAX: Final = 3.0


class Sample(NamedTuple):
    """Resident memory of a process at a time."""

    minutes: float
    mib: float


class Soaked(NamedTuple):
    """
    What was seen between two times, in seconds since 1970; memory by process.

    `days_behind` is how far time was behind its last tick, at each look.
    """

    begun: float
    ended: float
    memory: dict[str, list[Sample]]
    waits: list[Wait]
    sent: int = 0
    days_behind: Sequence[float] = ()


class Verdict(NamedTuple):
    """Whether it may go on for ever, and if not, why."""

    is_sound: bool
    faults: tuple[str, ...]


def judge(soaked: Soaked) -> Verdict:
    """Judge the second half: by then caches are full and states have their size."""
    faults = []
    for name, samples in soaked.memory.items():
        grows = slope(samples[len(samples) // 2 :])
        if grows > GROWTH_MIB_A_MINUTE_MAX:
            faults.append(f"{name} grows by {grows:.1f} MiB a minute")
    first, second = halves(soaked)
    before, after = percentile(first, 99), percentile(second, 99)
    if after > max(before * SLOWER_TIMES_MAX, P99_SECONDS_FREE):
        faults.append(f"p99 went from {before:.3f} s to {after:.3f} s")
    half = percentile(second, 50)
    if half > P50_SECONDS_MAX:
        faults.append(f"half of the orders waited for {half:.3f} s: a queue stands")
    if (behind := days_behind(soaked)) > DAYS_BEHIND_MAX:
        faults.append(f"time is {behind:.0f} days behind its ticks")
    if not second:
        faults.append("no order was seen in the second half")
    return Verdict(not faults, tuple(faults))


def days_behind(soaked: Soaked) -> float:
    """The least that time was behind in the second half; a month's end takes longer."""
    return min(soaked.days_behind[len(soaked.days_behind) // 2 :], default=0.0)


def halves(soaked: Soaked) -> tuple[list[Wait], list[Wait]]:
    """Waits of what was sent in the first half of the time, and in the second."""
    middle = (soaked.begun + soaked.ended) / 2
    return (
        [wait for wait in soaked.waits if wait.sent_at <= middle],
        [wait for wait in soaked.waits if wait.sent_at > middle],
    )


def slope(samples: list[Sample]) -> float:
    """MiB a minute by least squares; 0.0 for fewer than two samples."""
    if len(samples) < 2:  # noqa: PLR2004 - a line needs two points
        return 0.0
    mean_x = sum(sample.minutes for sample in samples) / len(samples)
    mean_y = sum(sample.mib for sample in samples) / len(samples)
    spread = sum((sample.minutes - mean_x) ** 2 for sample in samples)
    along = sum((one.minutes - mean_x) * (one.mib - mean_y) for one in samples)
    return along / spread if spread else 0.0


def told(soaked: Soaked) -> dict[str, Any]:
    """The figures of a run."""
    first, second = halves(soaked)
    return {
        "memory_mib": {
            name: {
                "first": round(samples[0].mib, 1),
                "last": round(samples[-1].mib, 1),
                "a_minute": round(slope(samples[len(samples) // 2 :]), 2),
            }
            for name, samples in soaked.memory.items()
        },
        "p50_seconds": [round(percentile(half, 50), 4) for half in (first, second)],
        "p99_seconds": [round(percentile(half, 99), 4) for half in (first, second)],
        "sampled": len(soaked.waits),
        "days_behind": round(days_behind(soaked), 1),
    }
