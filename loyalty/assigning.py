"""Which rules a member gets of those that hold, and what that exposes them to."""

from typing import NamedTuple

from loyalty.conditions import ANY_TIME, When
from loyalty.experiments import (
    GLOBAL,
    HELD_OUT,
    TREATED,
    Arm,
    Trial,
    arm_of,
    variant_id,
)
from loyalty.holdout import bucket_of, is_held_out
from loyalty.personal_rules import PersonalRule
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
        is_for_all = isinstance(rule, EarnRule) or rule.ignores_holdout
        if not is_for_all and self._is_held_out_of(rule.rule_id, rule.when):
            return None
        if rule.trial is None:
            return rule
        arm = self._arm_of(rule.rule_id, rule.trial, rule.when)
        if arm.is_off:
            return None
        if arm.is_other:
            return self._program.rules[variant_id(rule.rule_id, arm.arm_id)]
        return rule

    def may_have(self, rule: PersonalRule) -> bool:
        """Whether a member gets an offer of which every condition holds."""
        offer_id, trial = rule.offer_id, rule.trial
        if not rule.ignores_holdout and self._is_held_out_of(offer_id, ANY_TIME):
            return False
        return trial is None or not self._arm_of(offer_id, trial, ANY_TIME).is_off

    def _is_held_out_of(self, rule_id: str, when: When) -> bool:
        """Whether the program's holdout keeps a member from a rule, which is noted."""
        if not self._program.holdout_percent:
            return False
        arm_id = HELD_OUT if self._held_out else TREATED
        self.exposures.append(Exposure(GLOBAL, arm_id, rule_id, when))
        return self._held_out

    def _arm_of(self, rule_id: str, trial: Trial, when: When) -> Arm:
        arm = arm_of(self._member_id, trial)
        exposure = Exposure(trial.experiment_id, arm.arm_id, rule_id, when)
        self.exposures.append(exposure)
        return arm
