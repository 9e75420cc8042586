"""What stores of dead letters promise, whichever keeps them."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from schemas.dead_letter_marks import Mark
from schemas.state import DeadLetter
from schemas.topics import SOURCES

OPEN: Final = "open"
ALL: Final = "all"
# What may be asked of: letters that nobody has dealt with, those marked, or all.
STATUSES: Final = (OPEN, "redriven", "discarded", ALL)
# What a call came to, for each letter.
ALREADY: Final = "already"
UNKNOWN: Final = "unknown"
PAGE_MAX: Final = 100
DEEDS_MAX: Final = 500
# A page looks at so many letters at most; it may be short, and lead on.
SCAN_MAX: Final = 20_000
END_OF_TIME_MS: Final = 2**53
_SOURCES: Final = frozenset(spec.name for spec in SOURCES)


class Place(NamedTuple):
    """Where a letter stands in `dead-letters`."""

    partition: int
    offset: int


class Kept(NamedTuple):
    """A dead letter, where it stands, and what was done with it."""

    place: Place
    letter: DeadLetter
    mark: Mark | None = None

    @property
    def letter_id(self) -> str:
        """Name of the letter: its place."""
        return id_of(self.place)

    @property
    def status(self) -> str:
        """`open`, or what was done with it."""
        return OPEN if self.mark is None else self.mark.action


class Selection(NamedTuple):
    """Which letters; an empty text is any. Times (ms) are the source record's."""

    reason: str = ""
    topic: str = ""
    from_at: int = 0
    until_at: int = END_OF_TIME_MS
    status: str = OPEN

    def takes(self, one: Kept) -> bool:
        """Whether a letter is among them."""
        letter = one.letter
        return (
            self.reason in ("", letter.reason)
            and self.topic in ("", letter.source_topic)
            and self.from_at <= letter.recorded_at < self.until_at
            and self.status in (ALL, one.status)
        )


class Page(NamedTuple):
    """Some letters, oldest first within a partition; `after` leads to the others."""

    letters: tuple[Kept, ...]
    after: Place | None


class Deed(NamedTuple):
    """Who does it, why, and when (ms since 1970)."""

    actor: str
    why: str
    at: int


Outcomes = dict[str, str]


class DeadLetters(Protocol):
    """Letters by place; a call that cannot be done now raises StoreUnavailable."""

    async def page(
        self, selection: Selection, *, after: Place | None = None, limit: int = PAGE_MAX
    ) -> Page:
        """Letters of a selection behind a place, from at most SCAN_MAX looked at."""

    async def find(self, letter_id: str) -> Kept | None:
        """One letter, None if it is not there (or no longer)."""

    async def redrive(
        self,
        letter_ids: Sequence[str],
        deed: Deed,
        *,
        edited: Mapping[str, bytes] | None = None,
    ) -> Outcomes:
        """
        Write letters to their source topics again, each once whoever asks how often.

        Key and bytes are the original's, but for what is `edited`. Says of each id
        `redriven`, `already` or `unknown`: not there, or of no source topic of ours,
        as what a bridge buried, which is sent again from where it came. After
        StoreUnavailable it may be done all the same: ask again, for it is never done
        twice.
        """

    async def discard(self, letter_ids: Sequence[str], deed: Deed) -> Outcomes:
        """Mark letters as not to be sent; says `discarded`, `already`, `unknown`."""

    async def close(self) -> None:
        """Let go of all connections."""


def id_of(place: Place) -> str:
    """Name of the letter at a place."""
    return f"{place.partition}-{place.offset}"


def place_of(letter_id: str) -> Place | None:
    """Place that a name tells; None for what is no name of ours."""
    partition, _, offset = letter_id.partition("-")
    for number in (partition, offset):
        if not (number.isascii() and number.isdigit() and len(number) <= 18):  # noqa: PLR2004 - digits that fit 64 bits
            return None
    place = Place(int(partition), int(offset))
    return place if id_of(place) == letter_id else None


def can_be_redriven(one: Kept) -> bool:
    """Whether a letter came from a topic that the engine reads."""
    return one.letter.source_topic in _SOURCES


def mark_of(one: Kept, action: str, deed: Deed, *, is_edited: bool = False) -> Mark:
    """Mark that a deed leaves on a letter."""
    letter = one.letter
    return Mark(
        one.letter_id,
        action,
        deed.why,
        deed.actor,
        deed.at,
        letter.reason,
        letter.source_topic,
        letter.source_partition,
        letter.source_offset,
        is_edited,
    )
