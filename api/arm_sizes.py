"""Whether the arms of an experiment are as big as they should be: a chi-square test."""

from collections.abc import Sequence
from typing import Final

# Below this probability they are not.
MISMATCH_BELOW: Final = 0.001


def mismatch(members: Sequence[int], percents: Sequence[int]) -> float:
    """Probability of arms at least so far from their percents by chance alone."""
    total = sum(members)
    if total == 0:
        return 1.0
    # Slow to load, and few processes ever ask: not at the start.
    from scipy.special import chdtrc

    expected = [total * percent / 100 for percent in percents]
    squares = sum(
        (found - wanted) ** 2 / wanted
        for found, wanted in zip(members, expected, strict=True)
    )
    return float(chdtrc(len(members) - 1, squares))
