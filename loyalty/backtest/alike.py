"""
What two programs judge alike: all that meets no rule in which they differ.

Most candidates differ from the program that runs in a rule or two. Until a member
does something that one of those may look at, both sides are the same, and are folded
once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Final

from loyalty.events import (
    ADJUSTED,
    PLACED,
    ActivityEvent,
    Command,
    MemberEvent,
    OrderEvent,
)
from loyalty.matching import Basket
from loyalty.member import Member
from loyalty.moments import Moment, holds
from loyalty.program import Program
from loyalty.rule_index import RuleIndex
from loyalty.rules import OrderRule

# In which programs may differ and still be alike for most events.
RULE_GROUPS: Final = ("earn_rules", "bonus_rules", "streaks", "challenges")
_DIFFERENT: Final = frozenset({"version", "effective_from", *RULE_GROUPS})
# What they remember of purchases must be the same: where room is short, one displaces
# another.
_DERIVED: Final = ("has_trials", "release_types", "transaction_keys", "histories")


class Alike:
    """Two programs that differ in some rules for orders and acts, and in no more."""

    def __init__(self, current: Program, candidate: Program) -> None:
        """Note the rules that either has otherwise; see `alike_of`."""
        self._program = current
        self._rule_ids = _differing(current.rules, candidate.rules)
        rules: list[OrderRule] = []
        for program in (current, candidate):
            rules += [one for one in rules_of(program) if one.rule_id in self._rule_ids]
        self._index = RuleIndex(rules)

    def may_differ(self, event: MemberEvent, member: Member) -> bool:
        """Whether a rule in which they differ may look at an event."""
        if isinstance(event, OrderEvent):
            return event.kind in (PLACED, ADJUSTED) and self._meets(event, member)
        if isinstance(event, ActivityEvent):
            return event.type in self._index.by_activity
        if isinstance(event, Command):
            if self._index.by_segment and "segments" in event.attributes:
                return True
            # Some take part in a challenge, or undo what a rule gave.
            return not self._rule_ids.isdisjoint(map(str, event.attributes.values()))
        return False

    def has_met(self, member: Member) -> bool:
        """Whether a member still has something of a rule in which they differ."""
        state = member.state
        names = {lot.rule_id for lot in (*state.lots, *state.expired)}
        names |= {waiting.lot.rule_id for waiting in state.pending}
        names |= {streak.rule_id for streak in state.streaks}
        names |= {challenge.rule_id for challenge in state.challenges}
        for order in member.orders:
            names |= {gain.rule_id for gain in order.gains}
        for act in member.acts:
            names |= {act.rule_id, *(gain.rule_id for gain in act.gains)}
        return not self._rule_ids.isdisjoint(names)

    def _meets(self, order: OrderEvent, member: Member) -> bool:
        found = self._index.candidates(order)
        if not found:
            return False
        program, basket = self._program, Basket(order, self._program)
        moment = Moment(
            order.occurred_at, order.store_id, order.channel, member.profile
        )
        for _, when, match, minimum_minor in found:
            matched = basket.of(match)
            # An adjusted order is judged as of its own time, which is another one.
            is_then = order.kind == ADJUSTED or holds(when, moment, program)
            is_enough = matched.amount_minor >= minimum_minor
            if is_then and is_enough and matched.places:
                return True
        return False


def alike_of(current: Program, candidate: Program) -> Alike | None:
    """
    What two programs judge alike; None where they differ in more than rules.

    Journeys follow a program's version, so with them nothing is the same.
    """
    same = [one.name for one in fields(Program) if one.compare]
    same = [*_DERIVED, *(name for name in same if name not in _DIFFERENT)]
    if any(getattr(current, name) != getattr(candidate, name) for name in same):
        return None
    if current.journeys:
        return None
    found = _differing(current.rules, candidate.rules)
    if any(trigger.streak_id in found for trigger in current.triggers):
        return None
    for name in RULE_GROUPS:
        groups = (getattr(current, name), getattr(candidate, name))
        kept = [[one for one in group if one.rule_id not in found] for group in groups]
        if kept[0] != kept[1]:
            # In another order they settle their conflicts otherwise.
            return None
    return Alike(current, candidate)


def numbered_as(current: Program, candidate: Program) -> Program:
    """Rules of one program in the version of another, so that lots name the same."""
    return replace(
        current,
        version=candidate.version,
        effective_from=candidate.effective_from,
    )


def rules_of(program: Program) -> Iterable[OrderRule]:
    """Rules that orders and acts meet, in the program's order."""
    return (
        *program.earn_rules,
        *program.bonus_rules,
        *program.streaks,
        *program.challenges,
    )


def _differing(
    rules: Mapping[str, OrderRule], others: Mapping[str, OrderRule]
) -> frozenset[str]:
    """Ids of rules that only one of them has, or has otherwise; arms have their own."""
    ids = {*rules, *others}
    return frozenset(name for name in ids if rules.get(name) != others.get(name))
