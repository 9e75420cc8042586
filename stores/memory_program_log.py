"""The twin of the program's log in memory: a change is judged at once."""

from collections.abc import Callable

from loyalty.publishing.changes import DOCUMENT, Document, ProgramChange, Verdict
from schemas.program_changes import ProgramChangeCodec, plain
from stores.program_log_contract import ProgramFold, Snapshot
from stores.unavailable import StoreUnavailable


class MemoryProgramLog:
    """Keeps the bytes as the broker would, stamped by a clock (ms since 1970)."""

    def __init__(self, document: Document, clock: Callable[[], int]) -> None:
        """Begin with a file alone."""
        self.records: list[tuple[bytes, int]] = []
        self.is_available = True
        self.silent_seconds = 0.0
        self._clock = clock
        self._codec = ProgramChangeCodec()
        self._fold = ProgramFold(plain(document))

    @property
    def snapshot(self) -> Snapshot:
        """What is known now."""
        return self._fold.snapshot

    async def catch_up(self) -> None:
        """All is known already."""

    async def append(self, change: ProgramChange) -> Verdict:
        """Write a change, and judge it."""
        await self.ping()
        if change.kind != DOCUMENT and not self.snapshot.is_recorded:
            self._take(first_document(self._fold.document, change))
        return self._take(change)

    async def ping(self) -> None:
        """Answer, or raise."""
        if not self.is_available:
            raise StoreUnavailable("kafka", "switched off by a test")

    async def close(self) -> None:
        """Nothing to end."""

    def _take(self, change: ProgramChange) -> Verdict:
        now = self._clock()
        value = self._codec.encode(change, program_id_of(self._fold.document))
        self.records.append((value, now))
        return self._fold.take(self._codec.decode(value, now))


def first_document(document: Document, change: ProgramChange) -> ProgramChange:
    """Change that makes the document of a file the first version."""
    return ProgramChange(
        f"{change.change_id}-first",
        DOCUMENT,
        change.author,
        change.recorded_at,
        0,
        document=document,
        version=document.get("version") or 1,
        why="the program's file, before its first change",
    )


def program_id_of(document: Document) -> str:
    """Id of a program."""
    return str(document.get("program", ""))
