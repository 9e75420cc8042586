"""How what a rule gives reaches its wallet: limits, a time to wait, an end."""

from typing import NamedTuple

from loyalty.conditions import Cap, Pending
from loyalty.expiry import Expiry
from loyalty.rules import BonusRule, EarnRule, OrderRule


class Terms(NamedTuple):
    """How what a rule gives reaches its wallet: an earn rule's as a bonus's."""

    # Whether caps, a cooldown or a budget look at it.
    is_limited: bool
    caps: tuple[Cap, ...]
    cooldown_ms: int
    budget_id: str
    pending: Pending | None
    expiry: Expiry | None


def terms_of(rules: dict[str, OrderRule]) -> dict[str, Terms]:
    """Terms of those of some rules that earn, and of the bonuses, by id."""
    return {
        rule_id: Terms(
            rule.is_limited,
            rule.caps,
            rule.cooldown_ms,
            rule.budget_id,
            rule.pending,
            rule.expiry,
        )
        for rule_id, rule in rules.items()
        if isinstance(rule, EarnRule | BonusRule)
    }
