"""Numbers of units that go from hand to hand as ranges: each is in one place only."""

from collections.abc import Iterable
from typing import Final, NamedTuple

# Ranges in one message; more stay where they are, and go with the next.
RANGES_SENT_MAX: Final = 32


class Range(NamedTuple):
    """Numbers from `first` on, so many of them."""

    first: int
    size: int


Ranges = tuple[Range, ...]


def size_of(ranges: Ranges) -> int:
    """How many numbers there are."""
    return sum(one.size for one in ranges)


def merged(ranges: Iterable[Range]) -> Ranges:
    """The same numbers in as few ranges as hold them, in their order."""
    found: list[Range] = []
    for one in sorted(ranges):
        if found and found[-1].first + found[-1].size == one.first:
            found[-1] = Range(found[-1].first, found[-1].size + one.size)
        else:
            found.append(one)
    return tuple(found)


def taken(ranges: Ranges, units: int) -> tuple[Ranges, Ranges]:
    """
    The first so many numbers, and the rest.

    Of no more than RANGES_SENT_MAX ranges, so perhaps fewer than asked.
    """
    got: list[Range] = []
    rest = list(ranges)
    while rest and units > 0 and len(got) < RANGES_SENT_MAX:
        one = rest.pop(0)
        size = min(one.size, units)
        got.append(Range(one.first, size))
        units -= size
        if size < one.size:
            rest.insert(0, Range(one.first + size, one.size - size))
    return tuple(got), tuple(rest)


def text_of(ranges: Ranges) -> str:
    """Ranges as one attribute of a message."""
    return ",".join(f"{one.first}+{one.size}" for one in ranges)


def ranges_in(text: str) -> Ranges:
    """
    Ranges that an attribute holds.

    Raises: ValueError for what `text_of` did not make.
    """
    parts = (part.partition("+") for part in text.split(",") if part)
    return tuple(Range(int(first), int(size)) for first, _, size in parts)
