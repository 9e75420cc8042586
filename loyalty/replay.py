"""Facts in the order of their times, from a state before them to what they come to."""

from collections.abc import Iterator
from heapq import merge
from typing import NamedTuple

from loyalty.applying import Fact, apply, fact_id
from loyalty.book import Book
from loyalty.facts import ActFact, OrderFact
from loyalty.member import State
from loyalty.passing import pass_time
from loyalty.program import Programs


class Journal(NamedTuple):
    """Facts that can still change: orders, and all else; each sorted by time and id."""

    orders: tuple[OrderFact, ...]
    acts: tuple[ActFact, ...]


def sort_key(fact: Fact) -> tuple[int, str]:
    """By time, then by id: there are no ties."""
    return (fact.at, fact_id(fact))


def replay(
    base: State, journal: Journal, until: int, *, programs: Programs, member_id: str
) -> Book:
    """Go through a journal from a state, and on to a time."""
    book = Book(base, member_id)
    return _go(book, in_order(journal), until, programs=programs)


def in_order(journal: Journal) -> list[Fact]:
    """Facts of a journal by time, then id."""
    if not journal.acts:
        return list(journal.orders)
    facts: Iterator[Fact] = merge(journal.orders, journal.acts, key=sort_key)
    return list(facts)


def replay_both(
    base: State,
    journals: tuple[Journal, Journal],
    until: int,
    *,
    programs: Programs,
    member_id: str,
) -> tuple[Book, Book]:
    """
    Go through a journal as it was and as it is now.

    What both have in common at the start is gone through once: what comes a
    little late costs little more than one way through.
    """
    was, now = in_order(journals[0]), in_order(journals[1])
    common = 0
    for one, other in zip(was, now, strict=False):
        if one is not other:
            break
        common += 1
    before = Book(base, member_id)
    for fact in was[:common]:
        apply(before, fact, programs=programs)
    state = before.close()
    return (
        _go(Book(state, member_id), was[common:], until, programs=programs),
        _go(Book(state, member_id), now[common:], until, programs=programs),
    )


def _go(book: Book, facts: list[Fact], until: int, *, programs: Programs) -> Book:
    for fact in facts:
        apply(book, fact, programs=programs)
    if 0 < book.next_due_at <= until:
        pass_time(book, until, programs=programs)
    return book
