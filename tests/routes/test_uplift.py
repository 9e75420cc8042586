"""Statistics of experiments, on data whose truth is known."""

from collections.abc import Sequence

import numpy as np
import pytest

from api.arm_sizes import MISMATCH_BELOW, mismatch
from api.uplift import (
    ALWAYS_MEMBERS_MIN,
    ArmSums,
    Interval,
    Sums,
    means_differ,
    values_differ,
)

RUNS = 2_000


def sums_of(values: np.ndarray) -> Sums:
    """Sums of a measure."""
    return Sums(float(values.sum()), float((values**2).sum()))


def an_arm(value: Sequence[float], before: Sequence[float]) -> ArmSums:
    """An arm of which only money matters."""
    after, past = np.asarray(value, float), np.asarray(before, float)
    return ArmSums(
        "arm",
        len(after),
        Sums(0, 0),
        sums_of(after),
        Sums(0, 0),
        sums_of(past),
        float((after * past).sum()),
    )


def holds(interval: Interval | None, truth: float) -> bool:
    """Whether an interval has the truth in it."""
    assert interval is not None
    return interval.low <= truth <= interval.high


def spent(
    random: np.random.Generator, effect: float, size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Money before and after, skewed as money is, and alike for one person."""
    habit = random.lognormal(3, 0.7, size)
    before = habit * random.lognormal(0, 0.3, size)
    return before, habit * random.lognormal(0, 0.3, size) + effect


def test_the_truth_is_in_the_interval_as_often_as_it_says() -> None:
    random = np.random.default_rng(5)
    plain = adjusted = 0
    for _ in range(RUNS):
        before, after = spent(random, 2.0, 400)
        old_before, old_after = spent(random, 0.0, 600)
        found = means_differ(
            sums_of(after), sums_of(old_after), members=400, control_members=600
        )
        plain += holds(found.once, 2.0)
        less = values_differ(an_arm(after, before), an_arm(old_after, old_before))
        adjusted += holds(less.once, 2.0)
    # Three standard errors of 95 % in 2,000 runs.
    assert abs(plain / RUNS - 0.95) < 0.015
    assert abs(adjusted / RUNS - 0.95) < 0.015


def test_the_past_makes_the_interval_narrower_and_not_wrong() -> None:
    random = np.random.default_rng(6)
    before, after = spent(random, 2.0, 5_000)
    old_before, old_after = spent(random, 0.0, 5_000)
    arm, control = an_arm(after, before), an_arm(old_after, old_before)
    plain = means_differ(arm.value, control.value, members=5_000, control_members=5_000)
    less = values_differ(arm, control)
    assert plain.once is not None
    assert less.once is not None
    width, before_width = (one.high - one.low for one in (less.once, plain.once))
    assert width < 0.7 * before_width
    assert less.variance_kept_bp < 5_000
    assert abs(less.mean - 2.0) < 1.5


def test_without_a_past_the_difference_is_the_plain_one() -> None:
    random = np.random.default_rng(7)
    _, after = spent(random, 2.0, 500)
    _, old_after = spent(random, 0.0, 500)
    nothing = np.zeros(500)
    arm, control = an_arm(after, nothing), an_arm(old_after, nothing)
    plain = means_differ(arm.value, control.value, members=500, control_members=500)
    assert values_differ(arm, control) == plain


def test_arms_alike_are_not_told_apart_however_often_one_looks() -> None:
    random = np.random.default_rng(8)
    runs, members = 400, 10_000
    looks = np.arange(ALWAYS_MEMBERS_MIN, members, 200)
    once = always = 0
    for _ in range(runs):
        values = random.lognormal(3, 0.7, (2, members))
        totals, squares = values.cumsum(axis=1), (values**2).cumsum(axis=1)
        fooled_once = fooled_always = False
        for look in looks:
            found = means_differ(
                Sums(totals[0, look - 1], squares[0, look - 1]),
                Sums(totals[1, look - 1], squares[1, look - 1]),
                members=int(look),
                control_members=int(look),
            )
            fooled_once |= not holds(found.once, 0.0)
            fooled_always |= not holds(found.always, 0.0)
        once += fooled_once
        always += fooled_always
    assert always / runs <= 0.05
    # Who peeks at the interval for one look is fooled often: that is what it is for.
    assert once / runs > 0.2


def test_a_true_difference_is_seen_at_all_looks_in_the_end() -> None:
    random = np.random.default_rng(9)
    _, after = spent(random, 2.0, 20_000)
    _, old_after = spent(random, 0.0, 20_000)
    found = means_differ(
        sums_of(after), sums_of(old_after), members=20_000, control_members=20_000
    )
    assert found.always is not None
    assert found.once is not None
    assert found.always.low > 0
    assert found.always.low < found.once.low


@pytest.mark.parametrize(
    ("members", "percents", "is_wrong"),
    [
        ([5_000, 5_000], [50, 50], False),
        ([5_100, 4_900], [50, 50], False),
        ([5_300, 4_700], [50, 50], True),
        ([1_000, 9_000], [10, 90], False),
        ([800, 9_200], [10, 90], True),
        ([0, 0], [50, 50], False),
    ],
)
def test_arms_that_are_not_as_big_as_they_should_be_are_caught(
    members: list[int], percents: list[int], is_wrong: bool
) -> None:
    assert (mismatch(members, percents) < MISMATCH_BELOW) is is_wrong


def test_arms_as_big_as_they_should_be_are_hardly_ever_doubted() -> None:
    random = np.random.default_rng(10)
    doubted = sum(
        mismatch(random.multinomial(3_000, [0.2, 0.3, 0.5]).tolist(), [20, 30, 50])
        < MISMATCH_BELOW
        for _ in range(RUNS)
    )
    assert doubted <= 8


def test_one_member_says_nothing() -> None:
    found = means_differ(Sums(5, 25), Sums(3, 9), members=1, control_members=1)
    assert found == (2.0, None, None, 10_000)
