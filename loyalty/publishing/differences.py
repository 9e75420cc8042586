"""What differs between two documents, with a JSON pointer to each place."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Difference(NamedTuple):
    """A place where two documents differ; None is nothing there."""

    pointer: str
    before: Any
    after: Any


def differences(before: Any, after: Any, pointer: str = "") -> Iterator[Difference]:
    """
    Every place that differs, in the order of the documents.

    Elements of lists that have ids are compared by id, and `[id]` stands in the
    pointer where their number would; their order alone is a difference, too.
    """
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in (*before, *(one for one in after if one not in before)):
            where = f"{pointer}/{escaped(str(name))}"
            yield from differences(before.get(name), after.get(name), where)
        return
    if _have_ids(before) and _have_ids(after):
        yield from _by_id(before, after, pointer)
        return
    if before != after:
        yield Difference(pointer, before, after)


def escaped(name: str) -> str:
    """Part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _have_ids(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, Mapping) and isinstance(one.get("id"), str) for one in value
    )


def _by_id(before: list[Any], after: list[Any], pointer: str) -> Iterator[Difference]:
    old = {one["id"]: one for one in before}
    new = {one["id"]: one for one in after}
    for name in (*old, *(one for one in new if one not in old)):
        where = f"{pointer}/[{escaped(name)}]"
        yield from differences(old.get(name), new.get(name), where)
    kept = [name for name in old if name in new]
    if kept != [name for name in new if name in old]:
        yield Difference(pointer, list(old), list(new))
