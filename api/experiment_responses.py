"""What we answer about experiments."""

from pydantic import BaseModel, ConfigDict

from api import experiment_examples as examples
from api.experiment_results import ArmResult, Results
from api.uplift import CONFIDENCE, Difference, Interval


class ArmOut(BaseModel):
    """An arm: its share of all members (0: not in the program), and who met it."""

    arm_id: str
    percent: int
    members: int


class ExperimentOut(BaseModel):
    """An experiment of the program, or one that members once met."""

    experiment_id: str
    arms: list[ArmOut]
    is_in_program: bool


class ExperimentsOut(BaseModel):
    """All experiments."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.EXPERIMENTS]})

    items: list[ExperimentOut]


class IntervalOut(BaseModel):
    """Between what a true difference probably lies."""

    low: float
    high: float


class EffectOut(BaseModel):
    """
    Mean of an arm less that of the control, for each member.

    `once` holds for one look on a day fixed before, `always` for all looks together.
    `variance_kept_bp` is how much of the variance the past does not explain.
    """

    mean: float
    once: IntervalOut | None
    always: IntervalOut | None
    variance_kept_bp: int


class ArmResultOut(BaseModel):
    """An arm: means for each member exposed, and how they differ from the control."""

    arm_id: str
    percent: int
    members: int
    orders_each: float
    value_minor_each: float
    points_each: float
    verdict: str
    orders: EffectOut | None
    value_minor: EffectOut | None
    points: EffectOut | None


class ResultsOut(BaseModel):
    """
    Results of an experiment, the control first.

    `standing` is empty, or why its verdicts are not to be trusted.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RESULTS]})

    experiment_id: str
    days: int
    confidence: float
    standing: str
    mismatch_probability: float
    arms: list[ArmResultOut]


def results_out(results: Results, days: int) -> ResultsOut:
    """Results as the API shows them, rounded to hundredths."""
    return ResultsOut(
        experiment_id=results.experiment_id,
        days=days,
        confidence=CONFIDENCE,
        standing=results.standing,
        mismatch_probability=round(results.mismatch_probability, 6),
        arms=[_arm(one) for one in results.arms],
    )


def _arm(arm: ArmResult) -> ArmResultOut:
    sums = arm.sums
    return ArmResultOut(
        arm_id=sums.arm_id,
        percent=arm.percent,
        members=sums.members,
        orders_each=_each(sums.orders.total, sums.members),
        value_minor_each=_each(sums.value.total, sums.members),
        points_each=_each(sums.points.total, sums.members),
        verdict=arm.verdict,
        orders=_difference(arm.orders),
        value_minor=_difference(arm.value),
        points=_difference(arm.points),
    )


def _each(total: float, members: int) -> float:
    return round(total / members, 2) if members else 0.0


def _difference(one: Difference | None) -> EffectOut | None:
    if one is None:
        return None
    return EffectOut(
        mean=round(one.mean, 2),
        once=_interval(one.once),
        always=_interval(one.always),
        variance_kept_bp=one.variance_kept_bp,
    )


def _interval(one: Interval | None) -> IntervalOut | None:
    if one is None:
        return None
    return IntervalOut(low=round(one.low, 2), high=round(one.high, 2))
