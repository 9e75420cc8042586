"""Words of sentences: lists, numbers, money."""

from collections.abc import Iterable
from typing import Final

NAMES_MAX: Final = 5


def listed(names: Iterable[str], word: str = "or") -> str:
    """Names as a list; of many, the first few and how many more."""
    found = [str(name) for name in names]
    if len(found) > NAMES_MAX:
        found = [*found[:NAMES_MAX], f"{len(found) - NAMES_MAX} more"]
    if len(found) < 2:  # noqa: PLR2004 - one name needs no word
        return "".join(found)
    return f"{', '.join(found[:-1])} {word} {found[-1]}"


def counted(number: int, noun: str) -> str:
    """Number and noun, in the plural but for one."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def money(minor: int, currency: str) -> str:
    """Amount of hundredths; no sum is done with it."""
    return f"{minor // 100:,}.{minor % 100:02} {currency}".strip()


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    endings = {1: "st", 2: "nd", 3: "rd"}
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else endings.get(number % 10, 'th')}"


def points_of(number: int, wallet: str = "") -> str:
    """Points, or units of a wallet that is not the usual one."""
    if wallet in ("", "points"):
        return counted(number, "point")
    return f"{number:,} of {wallet}"
