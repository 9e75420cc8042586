"""Words that a programme uses already: what a form proposes while one types."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from loyalty.publishing.changes import SECTIONS, Document

KNOWN_MAX: Final = 200
OF_LINES: Final = ("categories", "skus", "labels")
OF_PEOPLE: Final = ("stores", "segments", "tiers")
LISTED: Final = (
    "wallets",
    "tiers",
    "stores",
    "budgets",
    "offers",
    "code_pools",
    "templates",
    "streaks",
    "triggers",
    "personal_offers",
)


def known_of(document: Document) -> dict[str, list[str]]:
    """Words by kind, each sorted, at most KNOWN_MAX of a kind."""
    found: dict[str, set[str]] = {
        name: set()
        for name in (*OF_LINES, *OF_PEOPLE, *LISTED, "activities", "all_offers")
    }
    for name in LISTED:
        found[name] |= {str(one["id"]) for one in document.get(name) or ()}
    for rule in _rules(document):
        match, when = rule.get("match") or {}, rule.get("when") or {}
        for name in OF_LINES:
            found[name] |= set(match.get(name) or ())
            found[name] |= set((match.get("exclude") or {}).get(name) or ())
            for bought in when.get("bought") or ():
                found[name] |= set(bought.get(name) or ())
        for name in OF_PEOPLE:
            found[name] |= set(when.get(name) or ())
        found["activities"] |= {rule["activity"]} if rule.get("activity") else set()
        found["segments"] |= {rule["segment"]} if rule.get("segment") else set()
    found["all_offers"] = found["offers"] | found["personal_offers"]
    return {name: sorted(map(str, words))[:KNOWN_MAX] for name, words in found.items()}


def _rules(document: Document) -> Iterator[Mapping[str, Any]]:
    for section in SECTIONS:
        yield from document.get(section) or ()
