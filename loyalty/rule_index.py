"""An index of rules: an order meets only those that its lines can match."""

from collections.abc import Iterable

from loyalty.events import OrderEvent
from loyalty.rules import ACTIVITY, EarnRule, OrderRule


class RuleIndex:
    """Rules by what a line needs: a sku, else a category, a label, or nothing."""

    __slots__ = ("_anywhere", "_by_name", "_rules", "by_activity")

    def __init__(self, rules: Iterable[OrderRule]) -> None:
        """File each rule once for each name that its match lists."""
        self._rules: tuple[OrderRule, ...] = tuple(rules)
        self._anywhere: list[int] = []
        self._by_name: tuple[dict[str, list[int]], ...] = ({}, {}, {})
        self.by_activity: dict[str, list[EarnRule]] = {}
        for number, rule in enumerate(self._rules):
            if isinstance(rule, EarnRule) and rule.kind == ACTIVITY:
                self.by_activity.setdefault(rule.activity, []).append(rule)
            else:
                self._file(number, rule)

    def candidates(self, order: OrderEvent) -> list[OrderRule]:
        """Rules that may look at some line of an order, in the program's order."""
        by_sku, by_category, by_label = self._by_name
        if not (by_sku or by_category or by_label):
            return [self._rules[number] for number in self._anywhere]
        found = set(self._anywhere)
        for line in order.lines:
            found.update(by_sku.get(line.sku, ()))
            found.update(by_category.get(line.category, ()))
            if by_label:
                for label in line.labels:
                    found.update(by_label.get(label, ()))
        return [self._rules[number] for number in sorted(found)]

    def _file(self, number: int, rule: OrderRule) -> None:
        match = rule.match
        needs = (match.skus, match.categories, match.labels)
        for names, by_name in zip(needs, self._by_name, strict=True):
            if names:
                for name in names:
                    by_name.setdefault(name, []).append(number)
                return
        self._anywhere.append(number)
