"""Rules that may have to do with one another, found without looking at all pairs."""

from collections.abc import Sequence
from typing import Final

from loyalty.rules import OrderRule

NO_NAME: Final = (-1, "")


class Neighbours:
    """Rules by what they name: which could cover a rule."""

    def __init__(self, rules: Sequence[OrderRule]) -> None:
        """File each rule under each of the names of its first condition."""
        self._by_name: dict[tuple[int, str], list[tuple[int, OrderRule]]] = {}
        for place, rule in enumerate(rules):
            for key in _keys(rule):
                self._by_name.setdefault(key, []).append((place, rule))

    def of(self, rule: OrderRule) -> list[tuple[int, OrderRule]]:
        """
        Places and rules that may cover a rule, in order; itself is among them.

        A rule that covers another names all that it names, or nothing: so it is
        filed under any one of its names, or under none.
        """
        found = list(self._by_name.get(NO_NAME, ()))
        for kind, names in enumerate(_names(rule)):
            if names:
                found += self._by_name.get((kind, min(names)), ())
        return sorted(found, key=lambda one: one[0])


def _names(rule: OrderRule) -> tuple[frozenset[str], ...]:
    match, when = rule.match, rule.when
    return (match.skus, match.categories, match.labels, when.stores, when.segments)


def _keys(rule: OrderRule) -> list[tuple[int, str]]:
    for kind, names in enumerate(_names(rule)):
        if names:
            return [(kind, name) for name in names]
    return [NO_NAME]
