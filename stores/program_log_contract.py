"""The log of the program: who may change it, and what all changes came to."""

from typing import NamedTuple, Protocol

from loyalty.program import Program, Programs
from loyalty.publishing.changes import DOCUMENT, Document, ProgramChange, Verdict
from loyalty.publishing.publishing import EMPTY, Publishing, fold
from loyalty.publishing.timeline import TimedPrograms
from stores.programs import ProgramBuilder


class Snapshot(NamedTuple):
    """
    What is known at a moment: rules and their lives, and programs over time.

    Before the first change it is what the file says, and not `is_recorded`.
    """

    publishing: Publishing
    programs: Programs
    is_recorded: bool


class ProgramLog(Protocol):
    """Changes of the program, in one order for all who read them."""

    @property
    def snapshot(self) -> Snapshot:
        """What is known now; it never changes, the next one is another."""

    @property
    def silent_seconds(self) -> float:
        """How long ago the log was last known to its end; small while it answers."""

    async def catch_up(self) -> None:
        """
        Know all that the broker had when this was called, whoever wrote it.

        While it does not answer what is known stays what it is; never fails.
        """

    async def append(self, change: ProgramChange) -> Verdict:
        """
        Write a change, and wait until it has been read back and judged.

        A program that stands in a file only is written before its first change.
        Raises StoreUnavailable; the change may be in the log all the same.
        """

    async def ping(self) -> None:
        """Answer if the log has been read, or raise StoreUnavailable."""

    async def close(self) -> None:
        """Read no more."""


class ProgramFold:
    """Folds changes over the document of a file; `snapshot` is swapped whole."""

    def __init__(self, document: Document) -> None:
        """
        Begin with the file alone.

        Raises: InvalidProgram.
        """
        self.document = document
        self._build = ProgramBuilder()
        self._publishing = EMPTY
        program = self._build(document)
        first = ProgramChange("file", DOCUMENT, "", 0, 0, document=document)
        of_file, _ = fold(EMPTY, first, self._build)
        self.snapshot = Snapshot(of_file, program, is_recorded=False)

    def take(self, change: ProgramChange) -> Verdict:
        """Fold one change."""
        before, programs = self._publishing, self.snapshot.programs
        after, verdict = fold(before, change, self._build)
        self._publishing = after
        if after.timeline is not before.timeline:
            programs = TimedPrograms(after.timeline, self._build)
        if after.timeline:
            self.snapshot = Snapshot(after, programs, is_recorded=True)
        return verdict


class LivePrograms:
    """Programs as they are known now: for whoever asks about one moment only."""

    def __init__(self, log: ProgramLog) -> None:
        """Follow a log."""
        self._log = log

    def at(self, time: int) -> Program:
        """Version in force at a time."""
        return self._log.snapshot.programs.at(time)

    @property
    def latest(self) -> Program:
        """Version with the latest start."""
        return self._log.snapshot.programs.latest
