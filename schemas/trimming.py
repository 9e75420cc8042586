"""
Records without what they end in: values that are the defaults of the last fields.

A decoder puts the defaults there again, as it does for a record from before its
newest fields. So a default never changes: `tests/schemas/defaults.json` keeps them.
Twin of `native/message_pack.c`, which writes the same in one go.
"""

import types
import typing
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple, get_args, get_origin

Convert = Callable[[Any], Any]
Values = tuple[Any, ...]

_LEAVES: Final = frozenset({int, str, bool, bytes, float, types.NoneType})


class _Plan(NamedTuple):
    """Defaults of a record's last fields, the last first, and what it may hold."""

    defaults: Values
    inner: tuple[tuple[int, Convert], ...]


class Trimmer:
    """Trims values of one record class, and of all that it may hold."""

    def __init__(self, shape: type[Any]) -> None:
        """Find the classes that a value may hold by the types of the fields."""
        self._plans: dict[type[Any], _Plan] = {}
        self._learn(shape)

    @property
    def shapes(self) -> Iterator[tuple[type[Any], Values]]:
        """Each class with the defaults of its last fields, in their order."""
        for shape, plan in self._plans.items():
            yield shape, plan.defaults[::-1]

    def trimmed(self, value: Any) -> Any:
        """Value as it is written: lists and tuples are written alike."""
        if isinstance(value, tuple):
            plan = self._plans.get(type(value))
            if plan is None:
                return [self.trimmed(one) for one in value]
            return _cut(value, plan)
        if isinstance(value, dict):
            return {key: self.trimmed(one) for key, one in value.items()}
        return value

    def _learn(self, shape: type[Any]) -> Convert | None:
        """How values of a record class are trimmed; None if they never are."""
        if shape not in self._plans:
            hints = typing.get_type_hints(shape)
            defaults = tuple(shape._field_defaults.values())[::-1]
            # Known first: a class may hold itself.
            self._plans[shape] = _Plan(defaults, ())
            ways = [self._way(hints[name]) for name in shape._fields]
            inner = [(place, way) for place, way in enumerate(ways) if way is not None]
            self._plans[shape] = _Plan(defaults, tuple(inner))
        plans = self._plans
        if plans[shape] == ((), ()):
            return None
        return lambda value: _cut(value, plans[shape])

    def _way(self, hint: Any) -> Convert | None:
        """How a value of a type is trimmed; None where nothing can be."""
        if hint in _LEAVES:
            return None
        if hasattr(hint, "_fields"):
            return self._learn(hint)
        parts = [one for one in get_args(hint) if one is not Ellipsis]
        ways = [self._way(one) for one in parts]
        if parts and not any(ways):
            return None
        if get_origin(hint) is tuple and len(parts) == 1 and ways[0] is not None:
            way = ways[0]
            return lambda values: values and [way(one) for one in values]
        return self.trimmed


def _cut(value: Values, plan: _Plan) -> Any:
    """Record without the defaults that it ends in; what it holds is trimmed, too."""
    defaults, inner = plan
    end = len(value)
    for default in defaults:
        last = value[end - 1]
        if last is not default and (type(last) is not type(default) or last != default):
            break
        end -= 1
    kept = value[:end]
    if not inner or inner[0][0] >= end:
        return kept
    parts = list(kept)
    for place, way in inner:
        if place >= end:
            break
        parts[place] = way(parts[place])
    return parts
