"""Yearly gifts are given once a year, whatever becomes of the birthday."""

from loyalty import caps
from loyalty.book import Book
from loyalty.facts import ActFact
from loyalty.member import Counter


def given_in_year(book: Book, fact: ActFact) -> bool:
    """Whether a gift was given in the fact's year (`until`) already; else note it."""
    if known_gift_year(book.counters, fact.rule_id) >= fact.until:
        return True
    key = gift_key(fact.rule_id)
    counter = Counter(key, fact.until, fact.points, 1, fact.at)
    book.counters = caps.put(book.counters, counter)
    return False


def gift_key(rule_id: str) -> str:
    """Counter that remembers the year in which a gift was given last."""
    return f"{rule_id}/year"


def known_gift_year(counters: tuple[Counter, ...], rule_id: str) -> int:
    """Year in which a gift was given last; 0 is never."""
    known = caps.find(counters, gift_key(rule_id))
    return known.ordinal if known else 0
