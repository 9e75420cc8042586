"""Reading a plain document, as YAML or JSON gives it, with every fault named."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar, cast

from loyalty.limits import AMOUNT_MINOR_MAX, ID_LENGTH_MAX

_T = TypeVar("_T")
NAMES_MAX = 10_000
# What was built of objects that never change, by their identity.
Known = dict[int, tuple[object, object]]


class Fault(NamedTuple):
    """Something wrong in a document; `pointer` is a JSON pointer to it."""

    pointer: str
    message: str


class InvalidProgram(ValueError):
    """A document that is not a program; `faults` names all that is wrong."""

    def __init__(self, faults: list[Fault]) -> None:
        """Keep every fault, and say them all."""
        super().__init__(
            "; ".join(f"{fault.pointer}: {fault.message}" for fault in faults)
        )
        self.faults = faults


class Node:
    """One object of the document: typed reads that note what is wrong and go on."""

    def __init__(self, value: object, pointer: str, faults: list[Fault]) -> None:
        """Look at a value at a pointer; what is wrong with it goes to `faults`."""
        self.pointer = pointer
        self._faults = faults
        self._read: set[str] = set()
        if isinstance(value, Mapping):
            self._value: Mapping[str, Any] = value
        else:
            self._value = {}
            self.fault("", "expected an object")

    def fault(self, name: str, message: str) -> None:
        """Note what is wrong with a property, or (empty name) with the object."""
        pointer = f"{self.pointer}/{name}" if name else self.pointer
        self._faults.append(Fault(pointer, message))

    def has(self, name: str) -> bool:
        """Whether a property is there and not null."""
        return self._value.get(name) is not None

    def raw(self, name: str) -> Any:
        """Whatever a property holds, None if it is absent; the caller checks it."""
        return self._get(name)

    def keys(self) -> tuple[str, ...]:
        """Names of all properties, in the document's order."""
        return tuple(str(name) for name in self._value)

    def text(
        self, name: str, *, default: str | None = None, maximum: int = ID_LENGTH_MAX
    ) -> str:
        """Text of 1 to `maximum` characters; without a default it must be there."""
        value = self._get(name)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and 0 < len(value) <= maximum:
            return value
        self.fault(name, f"expected 1 to {maximum} characters")
        return ""

    def number(
        self,
        name: str,
        *,
        minimum: int = 0,
        maximum: int = AMOUNT_MINOR_MAX * 10,
        default: int | None = None,
    ) -> int:
        """Whole number within bounds; without a default it must be there."""
        value = self._get(name, default)
        if isinstance(value, int) and not isinstance(value, bool):
            if minimum <= value <= maximum:
                return value
            self.fault(name, f"is {value}, expected {minimum} to {maximum}")
        else:
            self.fault(name, "expected a whole number")
        return minimum

    def flag(self, name: str) -> bool:
        """True or false; false if it is absent."""
        value = self._get(name, default=False)
        if not isinstance(value, bool):
            self.fault(name, "expected true or false")
        return value is True

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """One of some words; the first if it is absent."""
        value = self._get(name, choices[0])
        if value in choices:
            return str(value)
        self.fault(name, f"expected one of {', '.join(choices)}")
        return choices[0]

    def names(self, name: str, *, among: tuple[str, ...] = ()) -> frozenset[str]:
        """Set of texts, if need be of certain ones only."""
        values = self._list(name, NAMES_MAX)
        for index, value in enumerate(values):
            if not isinstance(value, str) or (among and value not in among):
                expected = f"one of {', '.join(among)}" if among else "a text"
                self.fault(f"{name}/{index}", f"expected {expected}")
        return frozenset(value for value in values if isinstance(value, str))

    def each(
        self,
        name: str,
        build: "Callable[[Node], _T]",
        count_max: int,
        *,
        known: Known | None = None,
    ) -> tuple[_T, ...]:
        """
        Build each object of a list, at most `count_max`.

        What is in `known` is not built again; what has no fault goes there.
        """
        built = []
        for index, value in enumerate(self._list(name, count_max)):
            found = None if known is None else known.get(id(value))
            if found is not None and found[0] is value:
                built.append(cast("_T", found[1]))
                continue
            faults = len(self._faults)
            node = Node(value, f"{self.pointer}/{name}/{index}", self._faults)
            built.append(build(node))
            node.close()
            if known is not None and len(self._faults) == faults:
                known[id(value)] = (value, built[-1])
        return tuple(built)

    def part(self, name: str) -> "Node":
        """Object inside this one; an empty one if it is absent."""
        return Node(self._get(name, {}), f"{self.pointer}/{name}", self._faults)

    def close(self) -> None:
        """Note every property that nobody asked for."""
        for name in self._value:
            if name not in self._read:
                self.fault(str(name), "there is no such property")

    def _get(self, name: str, default: object = None) -> Any:
        self._read.add(name)
        value = self._value.get(name)
        return default if value is None else value

    def _list(self, name: str, count_max: int) -> Sequence[Any]:
        values = self._get(name, [])
        if not isinstance(values, list):
            self.fault(name, "expected a list")
            return []
        if len(values) > count_max:
            self.fault(name, f"has {len(values)} elements, at most {count_max}")
        return values[:count_max]
