"""The twin of the dead letters in memory: same contract, for tests and trying out."""

from collections.abc import Mapping, Sequence

from schemas.dead_letter_marks import DISCARDED, REDRIVEN, Mark
from schemas.state import DeadLetter
from stores.dead_letters_contract import (
    ALREADY,
    PAGE_MAX,
    SCAN_MAX,
    UNKNOWN,
    Deed,
    Kept,
    Outcomes,
    Page,
    Place,
    Selection,
    can_be_redriven,
    mark_of,
    place_of,
)
from stores.unavailable import StoreUnavailable

Sent = tuple[str, bytes | None, bytes | None]


class MemoryDeadLetters:
    """Holds what it was given; `sent` is what went to the source topics."""

    def __init__(self, *, scan_max: int = SCAN_MAX) -> None:
        """Hold nothing."""
        self.sent: list[Sent] = []
        self.is_available = True
        self._letters: dict[Place, DeadLetter] = {}
        self._marks: dict[str, Mark] = {}
        self._scan_max = scan_max

    def hold(self, partition: int, letter: DeadLetter) -> str:
        """Take in a letter; returns its name."""
        offset = sum(place.partition == partition for place in self._letters)
        place = Place(partition, offset)
        self._letters[place] = letter
        return Kept(place, letter).letter_id

    async def page(
        self, selection: Selection, *, after: Place | None = None, limit: int = PAGE_MAX
    ) -> Page:
        """Letters of a selection behind a place."""
        self._check()
        found: list[Kept] = []
        behind = sorted(
            place for place in self._letters if after is None or place > after
        )
        for looked_at, place in enumerate(behind, start=1):
            one = self._kept(place)
            if selection.takes(one):
                found.append(one)
            if place != behind[-1] and (
                len(found) == limit or looked_at == self._scan_max
            ):
                return Page(tuple(found), place)
        return Page(tuple(found), None)

    async def find(self, letter_id: str) -> Kept | None:
        """One letter, None if it is not there."""
        self._check()
        place = place_of(letter_id)
        return self._kept(place) if place in self._letters else None

    async def redrive(
        self,
        letter_ids: Sequence[str],
        deed: Deed,
        *,
        edited: Mapping[str, bytes] | None = None,
    ) -> Outcomes:
        """Write letters to their source topics again, each once."""
        changed = edited or {}
        outcomes = await self._mark(letter_ids, REDRIVEN, deed, edited=changed)
        for letter_id, outcome in outcomes.items():
            one = await self.find(letter_id)
            if outcome == REDRIVEN and one is not None:
                value = changed.get(letter_id, one.letter.value)
                self.sent.append((one.letter.source_topic, one.letter.key, value))
        return outcomes

    async def discard(self, letter_ids: Sequence[str], deed: Deed) -> Outcomes:
        """Mark letters as not to be sent."""
        return await self._mark(letter_ids, DISCARDED, deed, edited={})

    async def close(self) -> None:
        """Nothing to let go of."""

    async def _mark(
        self,
        letter_ids: Sequence[str],
        action: str,
        deed: Deed,
        *,
        edited: Mapping[str, bytes],
    ) -> Outcomes:
        outcomes: Outcomes = {}
        for letter_id in dict.fromkeys(letter_ids):
            one = await self.find(letter_id)
            if one is None or (action == REDRIVEN and not can_be_redriven(one)):
                outcomes[letter_id] = UNKNOWN
            elif one.mark is not None:
                outcomes[letter_id] = ALREADY
            else:
                mark = mark_of(one, action, deed, is_edited=letter_id in edited)
                self._marks[letter_id] = mark
                outcomes[letter_id] = action
        return outcomes

    def _kept(self, place: Place) -> Kept:
        one = Kept(place, self._letters[place])
        return one._replace(mark=self._marks.get(one.letter_id))

    def _check(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("kafka", "switched off by a test")
