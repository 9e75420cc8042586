"""
An index of rules: an order meets only those that its parts can match.

Each rule is filed once, under the condition that fewest orders fulfil: the names
that it lists of the lines, of stores or of segments, or the hours of the week in
which it holds. What else it asks is looked at afterwards, so that the index leaves
out only what could not hold.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from loyalty.conditions import LineMatch, When
from loyalty.events import OrderEvent
from loyalty.rule_filing import ANYWHERE, HOUR, LABEL, SEGMENT, Drawer, clock_of
from loyalty.rules import ACTIVITY, EarnRule, OrderRule
from loyalty.rules import SEGMENT as JOINING

# Sets of rules that were met before, kept as they were listed then.
LISTS_MAX: Final = 4_096


class Circumstances(NamedTuple):
    """What an order's lines and store do not say: segments, and hours of the week."""

    segments: tuple[str, ...]
    store_hour: int
    member_hour: int
    program_hour: int


class Candidate(NamedTuple):
    """A rule that may hold for an order, and what it asks first."""

    # Rules of all kinds have these, each in a place of its own: here it is one place.
    rule: OrderRule
    when: When
    match: LineMatch
    minimum_minor: int


class RuleIndex:
    """
    Rules by what fewest orders have: a sku, a store, a segment, an hour.

    A set of rules is a number whose bits say which: orders meet few different sets,
    so what one lists is found by it.
    """

    __slots__ = (
        "_anywhere",
        "_by_hour",
        "_by_name",
        "_has_lines",
        "_lines",
        "_lists",
        "_rules",
        "asks_circumstances",
        "by_activity",
        "by_segment",
    )

    def __init__(self, rules: Iterable[OrderRule]) -> None:
        """File each rule once for each name or hour of its rarest condition."""
        self._rules: tuple[OrderRule, ...] = tuple(rules)
        self._anywhere = 0
        self._lists: dict[int, list[Candidate]] = {}
        # Names of which a line must have one, of rules filed by something else.
        self._lines: dict[int, frozenset[str]] = {}
        self._by_name: tuple[dict[str, int], ...] = ({}, {}, {}, {}, {})
        # By hour of the week, of the store's, the member's and the program's clock.
        self._by_hour: tuple[dict[int, int], ...] = ({}, {}, {})
        self.by_activity: dict[str, list[EarnRule]] = {}
        # Of those who join it, not of those who are in it.
        self.by_segment: dict[str, list[EarnRule]] = {}
        drawer = Drawer(self._rules)
        for number, rule in enumerate(self._rules):
            if isinstance(rule, EarnRule) and rule.kind == ACTIVITY:
                self.by_activity.setdefault(rule.activity, []).append(rule)
            elif isinstance(rule, EarnRule) and rule.kind == JOINING:
                self.by_segment.setdefault(rule.segment, []).append(rule)
            else:
                self._file(number, rule, drawer)
        self._has_lines = bool(self._lines)
        # Whether any rule is filed by a segment or an hour.
        self.asks_circumstances = bool(self._by_name[SEGMENT]) or any(self._by_hour)

    def candidates(
        self, order: OrderEvent, circumstances: Circumstances | None = None
    ) -> Sequence[Candidate]:
        """
        Rules that may hold for an order, in the program's order.

        Without circumstances none is left out for its segments or hours.
        """
        by_sku, by_category, by_label, by_store, _ = self._by_name
        found = self._anywhere
        if by_store:
            found |= by_store.get(order.store_id, 0)
        if by_sku or by_category or by_label:
            for line in order.lines:
                if by_sku:
                    found |= by_sku.get(line.sku, 0)
                if by_category:
                    found |= by_category.get(line.category, 0)
                if by_label:
                    for label in line.labels:
                        found |= by_label.get(label, 0)
        if self.asks_circumstances:
            found |= self._by_circumstances(circumstances)
        listed = self._lists.get(found)
        if listed is None:
            listed = self._listed(found)
        return self._with_lines(listed, order) if self._has_lines else listed

    def _listed(self, found: int) -> list[Candidate]:
        """Rules of a set; it is remembered, within a bound."""
        if len(self._lists) >= LISTS_MAX:
            self._lists.clear()
        listed: list[Candidate] = []
        self._lists[found] = listed
        while found:
            first = found & -found
            rule = self._rules[first.bit_length() - 1]
            listed.append(Candidate(rule, rule.when, rule.match, rule.minimum_minor))
            found ^= first
        return listed

    def _with_lines(
        self, listed: list[Candidate], order: OrderEvent
    ) -> Sequence[Candidate]:
        """Rules of which the order has a line, as far as names tell."""
        names = {line.sku for line in order.lines}
        for line in order.lines:
            names.add(line.category)
            names.update(line.labels)
        return [
            one
            for one in listed
            if (wanted := self._lines.get(id(one.rule))) is None
            or not wanted.isdisjoint(names)
        ]

    def _by_circumstances(self, circumstances: Circumstances | None) -> int:
        by_segment = self._by_name[SEGMENT]
        found = 0
        if circumstances is None:
            for numbers in by_segment.values():
                found |= numbers
            for by_hour in self._by_hour:
                for numbers in by_hour.values():
                    found |= numbers
            return found
        for segment in circumstances.segments:
            found |= by_segment.get(segment, 0)
        hours = (
            circumstances.store_hour,
            circumstances.member_hour,
            circumstances.program_hour,
        )
        for by_hour, hour in zip(self._by_hour, hours, strict=True):
            found |= by_hour.get(hour, 0)
        return found

    def _file(self, number: int, rule: OrderRule, drawer: Drawer) -> None:
        kind, names = drawer.of(rule)
        bit = 1 << number
        if kind > LABEL:
            match = rule.match
            wanted = match.skus or match.categories or match.labels
            if wanted:
                # Rules are known by identity: the index keeps them.
                self._lines[id(rule)] = wanted
        if kind == HOUR:
            by_hour = self._by_hour[clock_of(rule.when)]
            for hour in drawer.hours_of(rule.when.window):
                by_hour[hour] = by_hour.get(hour, 0) | bit
        elif kind == ANYWHERE:
            self._anywhere |= bit
        else:
            by_name = self._by_name[kind]
            for name in names:
                by_name[name] = by_name.get(name, 0) | bit
