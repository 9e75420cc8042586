"""The catalogue of texts: every word that a page says, by key."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

# The same reader in C, where the package has it: a tenth of the time.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Texts:
    """Texts of one language; a key that is missing is our mistake."""

    def __init__(self, path: Path) -> None:
        """Read a catalogue: a tree of keys in YAML."""
        with path.open("rb") as file:
            self._texts = dict(_flat(yaml.load(file, _Loader), ""))  # noqa: S506 - it is a safe one

    def __call__(self, key: str, **values: object) -> str:
        """Text of a key, with its values put in."""
        return self._texts[key].format(**values)

    def of(self, group: str, name: str) -> str:
        """Text of a name in a group; the name itself where the group has none."""
        return self._texts.get(f"{group}.{name}", name)

    def keys(self) -> frozenset[str]:
        """Every key of the catalogue."""
        return frozenset(self._texts)


def _flat(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
