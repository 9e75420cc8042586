"""Dead letters in Kafka: read where they stand, marked in a topic of their own."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

from confluent_kafka import KafkaException, Message

from schemas.dead_letter_marks import DISCARDED, REDRIVEN, Mark, MarkCodec
from schemas.framing import MalformedRecord
from schemas.state import StateCodec
from schemas.topics import DEAD_LETTER_MARKS, DEAD_LETTERS
from stores.dead_letter_writing import (
    TRANSACTION_SECONDS,
    letter_producer,
    send_letter,
)
from stores.dead_letters_contract import (
    ALREADY,
    DEEDS_MAX,
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
from stores.log_pieces import LogPieces, log_pieces
from stores.unavailable import StoreUnavailable

T = TypeVar("T")


class KafkaDeadLetters:
    """
    Letters of one engine.

    Whoever marks letters first becomes the only writer of marks (a transactional
    id that all share), then reads all marks there are, and writes its own in one
    transaction with the records that are sent again: so a letter is sent once,
    whoever asks, at the same time or after a crash.
    """

    def __init__(
        self,
        bootstrap_servers: str,
        app_id: str,
        partitions: int,
        *,
        scan_max: int = SCAN_MAX,
        transaction_seconds: float = TRANSACTION_SECONDS,
    ) -> None:
        """Connect at each call."""
        self._servers = bootstrap_servers
        self._app_id = app_id
        self._partitions = partitions
        self._scan_max = scan_max
        self._transaction_seconds = transaction_seconds
        self._codec, self._mark_codec = StateCodec(), MarkCodec()
        self._marks: dict[str, Mark] = {}
        self._marks_read_to = 0
        self._lock = Lock()

    async def page(
        self, selection: Selection, *, after: Place | None = None, limit: int = PAGE_MAX
    ) -> Page:
        """Letters of a selection behind a place."""
        return await self._run(lambda: self._page(selection, after, limit))

    async def find(self, letter_id: str) -> Kept | None:
        """One letter, None if it is not there (or no longer)."""
        return (await self._run(lambda: self._find_all([letter_id]))).get(letter_id)

    async def redrive(
        self,
        letter_ids: Sequence[str],
        deed: Deed,
        *,
        edited: Mapping[str, bytes] | None = None,
    ) -> Outcomes:
        """Write letters to their source topics again, each once."""
        changed = edited or {}
        return await self._run(
            lambda: self._do(letter_ids, deed, action=REDRIVEN, edited=changed)
        )

    async def discard(self, letter_ids: Sequence[str], deed: Deed) -> Outcomes:
        """Mark letters as not to be sent."""
        return await self._run(
            lambda: self._do(letter_ids, deed, action=DISCARDED, edited={})
        )

    async def close(self) -> None:
        """Nothing stays open between calls."""

    async def _run(self, call: Callable[[], T]) -> T:
        def locked() -> T:
            with self._lock:
                return call()

        try:
            return await asyncio.to_thread(locked)
        except KafkaException as error:
            raise StoreUnavailable("kafka", str(error)[:500]) from error

    @contextmanager
    def _pieces(self) -> Iterator[LogPieces]:
        with log_pieces(self._servers, f"{self._app_id}-dead-letters") as pieces:
            self._read_marks(pieces)
            yield pieces

    def _read_marks(self, pieces: LogPieces) -> None:
        _, end = pieces.bounds(DEAD_LETTER_MARKS.name, 0)
        for message in pieces.read(
            DEAD_LETTER_MARKS.name, 0, self._marks_read_to, end=end
        ):
            try:
                mark = self._mark_codec.decode(message.value())
            except MalformedRecord:
                # Not ours: what is no mark marks nothing.
                continue
            # The first one counts; there is no second by our hands.
            self._marks.setdefault(mark.letter_id, mark)
        self._marks_read_to = end

    def _page(self, selection: Selection, after: Place | None, limit: int) -> Page:
        found: list[Kept] = []
        looked_at = 0
        start = after or Place(0, -1)
        with self._pieces() as pieces:
            for partition in range(start.partition, self._partitions):
                begin = start.offset + 1 if partition == start.partition else 0
                _, end = pieces.bounds(DEAD_LETTERS.name, partition)
                for message in pieces.read(
                    DEAD_LETTERS.name, partition, begin, end=end
                ):
                    place = Place(partition, message.offset() or 0)
                    looked_at += 1
                    one = self._kept(message)
                    if one is not None and selection.takes(one):
                        found.append(one)
                    if len(found) == limit or looked_at == self._scan_max:
                        is_last = partition == self._partitions - 1
                        ends = is_last and place.offset + 1 >= end
                        return Page(tuple(found), None if ends else place)
        return Page(tuple(found), None)

    def _find_all(self, letter_ids: Sequence[str]) -> dict[str, Kept]:
        with self._pieces() as pieces:
            return self._picked(pieces, letter_ids)

    def _picked(self, pieces: LogPieces, letter_ids: Sequence[str]) -> dict[str, Kept]:
        wanted: dict[int, list[int]] = {}
        for place in map(place_of, letter_ids):
            if place is not None and place.partition < self._partitions:
                wanted.setdefault(place.partition, []).append(place.offset)
        return {
            one.letter_id: one
            for partition, offsets in wanted.items()
            for message in pieces.pick(DEAD_LETTERS.name, partition, offsets)
            if (one := self._kept(message)) is not None
        }

    def _kept(self, message: Message) -> Kept | None:
        try:
            letter = self._codec.decode_dead_letter(message.value())
        except MalformedRecord:
            # Only the engine writes here; what is foreign is no letter.
            return None
        one = Kept(Place(message.partition() or 0, message.offset() or 0), letter)
        return one._replace(mark=self._marks.get(one.letter_id))

    def _do(
        self,
        letter_ids: Sequence[str],
        deed: Deed,
        *,
        action: str,
        edited: Mapping[str, bytes],
    ) -> Outcomes:
        assert len(letter_ids) <= DEEDS_MAX, "callers bound what they ask"
        outcomes, todo = self._judged(letter_ids, action)
        if not todo:
            # A mark is for good: who comes late ends nobody's transaction to see it.
            return outcomes
        producer = letter_producer(self._servers, self._app_id)
        # From here on nobody else can commit marks, and all marks can be read.
        producer.init_transactions(self._transaction_seconds)
        outcomes, todo = self._judged(letter_ids, action)
        if todo:
            producer.begin_transaction()
            for one in todo:
                if action == REDRIVEN:
                    send_letter(
                        producer,
                        one.letter,
                        edited.get(one.letter_id),
                        partitions=self._partitions,
                    )
                mark = mark_of(one, action, deed, is_edited=one.letter_id in edited)
                producer.produce(
                    DEAD_LETTER_MARKS.name,
                    self._mark_codec.encode(mark),
                    one.letter_id,
                    0,
                )
            producer.commit_transaction(self._transaction_seconds)
        return outcomes

    def _judged(
        self, letter_ids: Sequence[str], action: str
    ) -> tuple[Outcomes, list[Kept]]:
        """What becomes of letters by the marks there are, and which are to be done."""
        with self._pieces() as pieces:
            known = self._picked(pieces, letter_ids)
        outcomes: Outcomes = {}
        todo: list[Kept] = []
        for letter_id in dict.fromkeys(letter_ids):
            one = known.get(letter_id)
            if one is None or (action == REDRIVEN and not can_be_redriven(one)):
                outcomes[letter_id] = UNKNOWN
            elif one.mark is not None:
                outcomes[letter_id] = ALREADY
            else:
                outcomes[letter_id] = action
                todo.append(one)
        return outcomes, todo
