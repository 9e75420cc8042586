"""
What an experiment did: differences between arms, and how sure they are.

From sums alone, so that ClickHouse does the work: Welch's interval for one look on a
day that was fixed before, and one that holds at all looks together, for who peeks
(asymptotic confidence sequence: Waudby-Smith et al., "Time-uniform central limit
theory and asymptotic confidence sequences", 2021, theorem 2.2, which is the mixture
sequential ratio test of Robbins and of Johari et al., 2017).
"""

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

CONFIDENCE: Final = 0.95
# Members of both arms at which the interval for all looks is the tightest.
PLANNED_MEMBERS: Final = 5_000
# The central limit theorem needs some members before any look counts.
ALWAYS_MEMBERS_MIN: Final = 100


class Sums(NamedTuple):
    """What a measure comes to over the members of an arm."""

    total: float
    squares: float


class ArmSums(NamedTuple):
    """One arm: its members, and what they did; `products` is value times before."""

    arm_id: str
    members: int
    orders: Sums
    value: Sums
    points: Sums
    before: Sums
    products: float

    @classmethod
    def nobody(cls, arm_id: str) -> "ArmSums":
        """Arm that nobody was exposed to."""
        none = Sums(0.0, 0.0)
        return cls(arm_id, 0, none, none, none, none, 0.0)


class Interval(NamedTuple):
    """Between what a true difference probably lies."""

    low: float
    high: float


class Difference(NamedTuple):
    """
    Mean of an arm less that of the control, for each member.

    `once` holds for one look, `always` for all looks together; None where there are
    too few members to say. `variance_kept_bp` is what the past leaves to explain.
    """

    mean: float
    once: Interval | None
    always: Interval | None
    variance_kept_bp: int = 10_000


def means_differ(
    arm: Sums, control: Sums, *, members: int, control_members: int
) -> Difference:
    """Difference of the means of a measure."""
    mean = _mean(arm, members) - _mean(control, control_members)
    return _difference(
        mean,
        (_variance(arm, members), _variance(control, control_members)),
        (members, control_members),
    )


def values_differ(arm: ArmSums, control: ArmSums) -> Difference:
    """
    Difference of what members spent, less what their past explains (CUPED).

    Deng et al., "Improving the sensitivity of online controlled experiments by
    utilizing pre-experiment data", 2013: the coefficient is that of both arms.
    """
    plain = means_differ(
        arm.value,
        control.value,
        members=arm.members,
        control_members=control.members,
    )
    sides = (arm, control)
    spread = sum(_centred(one.before, one.members) for one in sides)
    if spread <= 0:
        return plain
    theta = sum(_product(one) for one in sides) / spread
    past = _mean(arm.before, arm.members) - _mean(control.before, control.members)
    variances = [_adjusted_variance(one, theta) for one in sides]
    adjusted = _difference(
        plain.mean - theta * past,
        (variances[0], variances[1]),
        (arm.members, control.members),
    )
    plain_variance = sum(_variance(one.value, one.members) for one in sides)
    kept = sum(variances) / plain_variance if plain_variance else 1.0
    return adjusted._replace(variance_kept_bp=round(min(kept, 1.0) * 10_000))


def arm_sums(record: Mapping[str, float | str]) -> ArmSums:
    """Arm of a row of the question `experiment_arms`."""

    def sums(name: str) -> Sums:
        return Sums(float(record[name]), float(record[f"{name}_squares"]))

    return ArmSums(
        str(record["arm_id"]),
        int(record["members"]),
        sums("orders"),
        sums("value"),
        sums("points"),
        sums("before"),
        float(record["products"]),
    )


def always_margin(variance: float, members: int) -> float:
    """
    Half of an interval that holds at all looks together, of an estimate's variance.

    sqrt(V (1 + r) / r (2 ln(1 / alpha) + ln(1 + r))), r being the members so far
    over those planned: formula 3 of Waudby-Smith et al. with rho^2 = 1 / planned.
    """
    ratio = members / PLANNED_MEMBERS
    level = 2 * math.log(1 / (1 - CONFIDENCE)) + math.log1p(ratio)
    return math.sqrt(variance * (1 + ratio) / ratio * level)


def _difference(
    mean: float, variances: tuple[float, float], members: tuple[int, int]
) -> Difference:
    if min(members) < 2:  # noqa: PLR2004 - one member has no variance
        return Difference(mean, None, None)
    parts = [variance / n for variance, n in zip(variances, members, strict=True)]
    whole = sum(parts)
    if whole <= 0:
        return Difference(mean, Interval(mean, mean), None)
    freedom = whole**2 / sum(
        part**2 / (n - 1) for part, n in zip(parts, members, strict=True)
    )
    half = _student(freedom) * math.sqrt(whole)
    always = None
    if min(members) >= ALWAYS_MEMBERS_MIN:
        margin = always_margin(whole, sum(members))
        always = Interval(mean - margin, mean + margin)
    return Difference(mean, Interval(mean - half, mean + half), always)


def _student(freedom: float) -> float:
    """Quantile of Student's distribution, both sides of the confidence."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2))


def _mean(sums: Sums, members: int) -> float:
    return sums.total / members if members else 0.0


def _centred(sums: Sums, members: int) -> float:
    """Sum of squares about the mean; never below 0, whatever rounding does."""
    if not members:
        return 0.0
    return max(sums.squares - sums.total**2 / members, 0.0)


def _product(arm: ArmSums) -> float:
    """Sum of products of value and before about their means."""
    if not arm.members:
        return 0.0
    return arm.products - arm.before.total * arm.value.total / arm.members


def _variance(sums: Sums, members: int) -> float:
    return _centred(sums, members) / (members - 1) if members > 1 else 0.0


def _adjusted_variance(arm: ArmSums, theta: float) -> float:
    """Variance of what members spent less theta times what they spent before."""
    if arm.members < 2:  # noqa: PLR2004 - one member has no variance
        return 0.0
    spread = _centred(arm.value, arm.members) - 2 * theta * _product(arm)
    spread += theta**2 * _centred(arm.before, arm.members)
    return max(spread, 0.0) / (arm.members - 1)
