"""Which rules a member gets of those that hold, and what that exposes them to."""

from typing import NamedTuple

from loyalty.conditions import When
from loyalty.experiments import (
    GLOBAL,
    HELD_OUT,
    TREATED,
    arm_of,
    variant_id,
)
from loyalty.holdout import bucket_of, is_held_out
from loyalty.program import Program
from loyalty.rules import EarnRule, OrderRule


class Exposure(NamedTuple):
    """An experiment that a rule brought up, if what it asks of the member holds."""

    experiment_id: str
    arm_id: str
    rule_id: str
    when: When


class Assignment:
    """What experiments make of rules for one member, during one event."""

    __slots__ = ("_held_out", "_member_id", "_program", "exposures")

    def __init__(self, member_id: str, program: Program) -> None:
        """Look a member's buckets up as rules ask for them."""
        self._member_id = member_id
        self._program = program
        percent = program.holdout_percent
        self._held_out = percent > 0 and is_held_out(bucket_of(member_id), percent)
        self.exposures: list[Exposure] = []

    def rule_for(self, rule: OrderRule) -> OrderRule | None:
        """
        Rule as the member's arm gets it, None where it does not.

        Base points are for everyone: only bonuses, streaks and challenges know the
        program's holdout.
        """
        if self._program.holdout_percent and not (
            isinstance(rule, EarnRule) or rule.ignores_holdout
        ):
            arm_id = HELD_OUT if self._held_out else TREATED
            self._expose(GLOBAL, arm_id, rule)
            if self._held_out:
                return None
        if rule.trial is None:
            return rule
        arm = arm_of(self._member_id, rule.trial)
        self._expose(rule.trial.experiment_id, arm.arm_id, rule)
        if arm.is_off:
            return None
        if arm.is_other:
            return self._program.rules[variant_id(rule.rule_id, arm.arm_id)]
        return rule

    def _expose(self, experiment_id: str, arm_id: str, rule: OrderRule) -> None:
        exposure = Exposure(experiment_id, arm_id, rule.rule_id, rule.when)
        self.exposures.append(exposure)
