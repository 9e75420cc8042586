"""Experiments: which arm a member is in, and of which a member's orders told."""

from typing import Final, NamedTuple

from loyalty.holdout import bucket_of

# The program's own experiment: who is held out of all bonuses, and who is not.
GLOBAL: Final = "holdout"
HELD_OUT: Final = "held-out"
TREATED: Final = "treated"
EXPERIMENT: Final = "experiment"
ALL_PERCENT: Final = 100


class Arm(NamedTuple):
    """
    One arm: `percent` of all members, and what a rule does for them.

    An arm that is off does not get the rule; points and factor stand for those of
    the rule where they are not 0.
    """

    arm_id: str
    percent: int
    is_off: bool = False
    points: int = 0
    factor_bp: int = 0

    @property
    def is_other(self) -> bool:
        """Whether the rule gives something else than it says."""
        return bool(self.points or self.factor_bp)


class Trial(NamedTuple):
    """Experiment of a rule: arms that come to 100 percent, the first is the control."""

    experiment_id: str
    arms: tuple[Arm, ...]

    @property
    def shares(self) -> tuple[tuple[str, int], ...]:
        """Arms and their percent: what all rules of one experiment agree on."""
        return tuple((arm.arm_id, arm.percent) for arm in self.arms)


class Exposed(NamedTuple):
    """That a member's arm made a difference for the first time, or would have."""

    experiment_id: str
    arm_id: str
    at: int


def arm_of(member_id: str, trial: Trial) -> Arm:
    """
    Arm of a member, the same for ever: that which the member's bucket falls in.

    Arms take buckets in their order, so that who is in which changes with their
    percents: other percents are another experiment.
    """
    bucket = bucket_of(member_id, trial.experiment_id)
    reached = 0
    for arm in trial.arms:
        reached += arm.percent
        if bucket <= reached:
            return arm
    raise AssertionError("arms come to 100 percent")


def holdout_trial(experiment_id: str, percent: int) -> Trial:
    """Experiment of a rule that some members do not get."""
    arms = (Arm(HELD_OUT, percent, is_off=True), Arm(TREATED, ALL_PERCENT - percent))
    return Trial(experiment_id, arms)


def variant_id(rule_id: str, arm_id: str) -> str:
    """Id of a rule as one arm gets it; no document can have it."""
    return f"{rule_id}#{arm_id}"


def base_id(rule_id: str) -> str:
    """Id of the rule that an arm gets in its own way; any other is itself."""
    return rule_id.partition("#")[0] if "#" in rule_id else rule_id


def is_variant(rule_id: str) -> bool:
    """Whether a rule is one as an arm gets it."""
    return "#" in rule_id
