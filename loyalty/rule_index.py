"""
An index of rules: an order meets only those that its parts can match.

Each rule is filed once, under the condition that fewest orders fulfil: the names
that it lists of the lines, of stores or of segments, or the hours of the week in
which it holds. What else it asks is looked at afterwards, so that the index leaves
out only what could not hold.
"""

from collections.abc import Iterable
from typing import NamedTuple

from loyalty.events import OrderEvent
from loyalty.rule_filing import ANYWHERE, HOUR, LABEL, SEGMENT, Drawer, clock_of
from loyalty.rules import ACTIVITY, EarnRule, OrderRule
from loyalty.rules import SEGMENT as JOINING


class Circumstances(NamedTuple):
    """What an order's lines and store do not say: segments, and hours of the week."""

    segments: tuple[str, ...]
    store_hour: int
    member_hour: int
    program_hour: int


class RuleIndex:
    """Rules by what fewest orders have: a sku, a store, a segment, an hour."""

    __slots__ = (
        "_anywhere",
        "_by_hour",
        "_by_name",
        "_has_lines",
        "_is_filed",
        "_lines",
        "_rules",
        "asks_circumstances",
        "by_activity",
        "by_segment",
    )

    def __init__(self, rules: Iterable[OrderRule]) -> None:
        """File each rule once for each name or hour of its rarest condition."""
        self._rules: tuple[OrderRule, ...] = tuple(rules)
        self._anywhere: list[int] = []
        # Names of which a line must have one, of rules filed by something else.
        self._lines: list[frozenset[str] | None] = [None] * len(self._rules)
        self._by_name: tuple[dict[str, list[int]], ...] = ({}, {}, {}, {}, {})
        # By hour of the week, of the store's, the member's and the program's clock.
        self._by_hour: tuple[dict[int, list[int]], ...] = ({}, {}, {})
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
        self._has_lines = any(wanted is not None for wanted in self._lines)
        # Whether any rule is filed by a segment or an hour, and any by anything.
        self.asks_circumstances = bool(self._by_name[SEGMENT]) or any(self._by_hour)
        self._is_filed = self.asks_circumstances or any(self._by_name)

    def candidates(
        self, order: OrderEvent, circumstances: Circumstances | None = None
    ) -> list[OrderRule]:
        """
        Rules that may hold for an order, in the program's order.

        Without circumstances none is left out for its segments or hours.
        """
        by_sku, by_category, by_label, by_store, _ = self._by_name
        if not self._is_filed:
            return [self._rules[number] for number in self._anywhere]
        found = set(self._anywhere)
        if by_store:
            found.update(by_store.get(order.store_id, ()))
        if by_sku or by_category or by_label:
            for line in order.lines:
                found.update(by_sku.get(line.sku, ()))
                found.update(by_category.get(line.category, ()))
                if by_label:
                    for label in line.labels:
                        found.update(by_label.get(label, ()))
        if self.asks_circumstances:
            self._add_by_circumstances(found, circumstances)
        return self._with_lines(sorted(found), order)

    def _with_lines(self, numbers: list[int], order: OrderEvent) -> list[OrderRule]:
        """Rules of which the order has a line, as far as names tell."""
        if not self._has_lines:
            return [self._rules[number] for number in numbers]
        names = {line.sku for line in order.lines}
        for line in order.lines:
            names.add(line.category)
            names.update(line.labels)
        rules, lines = self._rules, self._lines
        return [
            rules[number]
            for number in numbers
            if (wanted := lines[number]) is None or not wanted.isdisjoint(names)
        ]

    def _add_by_circumstances(
        self, found: set[int], circumstances: Circumstances | None
    ) -> None:
        by_segment = self._by_name[SEGMENT]
        if circumstances is None:
            for numbers in by_segment.values():
                found.update(numbers)
            for by_hour in self._by_hour:
                for numbers in by_hour.values():
                    found.update(numbers)
            return
        for segment in circumstances.segments:
            found.update(by_segment.get(segment, ()))
        hours = (
            circumstances.store_hour,
            circumstances.member_hour,
            circumstances.program_hour,
        )
        for by_hour, hour in zip(self._by_hour, hours, strict=True):
            found.update(by_hour.get(hour, ()))

    def _file(self, number: int, rule: OrderRule, drawer: Drawer) -> None:
        kind, names = drawer.of(rule)
        if kind > LABEL:
            match = rule.match
            self._lines[number] = match.skus or match.categories or match.labels or None
        if kind == HOUR:
            by_hour = self._by_hour[clock_of(rule.when)]
            for hour in drawer.hours_of(rule.when.window):
                by_hour.setdefault(hour, []).append(number)
        elif kind == ANYWHERE:
            self._anywhere.append(number)
        else:
            by_name = self._by_name[kind]
            for name in names:
                by_name.setdefault(name, []).append(number)
