"""How many seeds the simulations go through, and which one is gone through again."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from native.loading import is_on

# On the compiled rules, and on Python: about as many as a minute of two cores allows.
COMPILED, PYTHON = 2_000, 300
SEEDS = int(os.environ.get("SIMULATION_SEEDS") or (COMPILED if is_on() else PYTHON))
FIRST = int(os.environ.get("SIMULATION_FIRST_SEED", "0"))
SEEDS_PER_TEST = 25
# Property of a test's report: how many seeds it went through.
SEEDS_DONE = "seeds"
# Every so-many-th world is a long one: most faults show in short ones, some do not.
LONG_EVERY, LONG, SHORT = 8, 60, 20


def parts(seeds: int) -> list[range]:
    """Seeds in parts, a test each, so that processes can share them."""
    return [
        range(first, min(first + SEEDS_PER_TEST, FIRST + seeds))
        for first in range(FIRST, FIRST + seeds, SEEDS_PER_TEST)
    ]


def orders_of(seed: int) -> int:
    """Orders in the world of a seed."""
    return LONG if seed % LONG_EVERY == 0 else SHORT


@contextmanager
def told(seed: int) -> Iterator[None]:
    """Say how to go through a seed again when it fails."""
    try:
        yield
    except BaseException:
        print(f"seed {seed}: SIMULATION_FIRST_SEED={seed} SIMULATION_SEEDS=1")
        raise


def ids(seeds: range) -> str:
    """Name of a part, from the first seed to the last."""
    return f"seeds {seeds.start} to {seeds.stop - 1}"
