"""What an experiment of the program did so far: its arms, side by side."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from api.arm_sizes import MISMATCH_BELOW, mismatch
from api.uplift import (
    ArmSums,
    Difference,
    means_differ,
    values_differ,
)
from loyalty.experiments import ALL_PERCENT, GLOBAL, HELD_OUT, TREATED, Arm, Trial
from loyalty.program import Program

# What is said of an experiment, the first that fits.
NO_ONE: Final = "nobody-exposed"
MISMATCH: Final = "sample-ratio-mismatch"
UNKNOWN_ARMS: Final = "arms-not-in-program"
HIGHER: Final = "higher"
LOWER: Final = "lower"
UNDECIDED: Final = "undecided"


class ArmResult(NamedTuple):
    """One arm and how it differs from the control; `verdict` of what was spent."""

    sums: ArmSums
    percent: int
    orders: Difference | None
    value: Difference | None
    points: Difference | None
    verdict: str


class Results(NamedTuple):
    """An experiment: arms in the program's order, the control first."""

    experiment_id: str
    arms: tuple[ArmResult, ...]
    mismatch_probability: float
    standing: str


def trials_of(program: Program) -> dict[str, Trial]:
    """Experiments of a program by id, its own holdout included."""
    found: dict[str, Trial] = {}
    if program.holdout_percent:
        percent = program.holdout_percent
        arms = (
            Arm(HELD_OUT, percent, is_off=True),
            Arm(TREATED, ALL_PERCENT - percent),
        )
        found[GLOBAL] = Trial(GLOBAL, arms)
    for rule in program.rules.values():
        if rule.trial is not None:
            found.setdefault(rule.trial.experiment_id, rule.trial)
    return found


def results_of(
    experiment_id: str, trial: Trial | None, found: Sequence[ArmSums]
) -> Results:
    """
    Results of an experiment from the sums of its arms.

    Of an experiment that is no longer in the program the arms are told in the order
    of their names, and nobody knows whether they are as big as they should be.
    """
    by_id = {one.arm_id: one for one in found}
    shares = list(trial.shares) if trial else []
    known = {name for name, _ in shares}
    strangers = sorted(name for name in by_id if name not in known)
    sides = [
        (by_id.get(name, ArmSums.nobody(name)), percent) for name, percent in shares
    ]
    probability = 1.0
    if shares:
        counts = [sums.members for sums, _ in sides]
        probability = mismatch(counts, [percent for _, percent in shares])
    sides += [(by_id[name], 0) for name in strangers]
    standing = ""
    if not any(sums.members for sums, _ in sides):
        standing = NO_ONE
    elif probability < MISMATCH_BELOW:
        standing = MISMATCH
    elif strangers:
        standing = UNKNOWN_ARMS
    control = sides[0][0] if sides else None
    arms = tuple(
        _result(sums, percent, control=control, standing=standing)
        for sums, percent in sides
    )
    return Results(experiment_id, arms, probability, standing)


def _result(
    sums: ArmSums, percent: int, *, control: ArmSums | None, standing: str
) -> ArmResult:
    if control is None or sums is control:
        return ArmResult(sums, percent, None, None, None, "control")
    members, others = sums.members, control.members
    value = values_differ(sums, control)
    return ArmResult(
        sums,
        percent,
        means_differ(
            sums.orders, control.orders, members=members, control_members=others
        ),
        value,
        means_differ(
            sums.points, control.points, members=members, control_members=others
        ),
        UNDECIDED if standing else _verdict(value),
    )


def _verdict(value: Difference) -> str:
    """What holds however often one has looked; nothing less is a verdict."""
    if value.always is not None and value.always.low > 0:
        return HIGHER
    if value.always is not None and value.always.high < 0:
        return LOWER
    return UNDECIDED
