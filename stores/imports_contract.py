"""What the notes of bulk imports promise, whichever store keeps them."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

RUNNING: Final = "running"
FINISHED: Final = "finished"
# Whoever did it is gone, or could go no further: it must be sent again.
INTERRUPTED: Final = "interrupted"
KEPT_SECONDS: Final = 7 * 86_400
FAULTS_KEPT_MAX: Final = 1_000


class ImportJob(NamedTuple):
    """
    One file of rows; times in ms since 1970.

    `likeness` is what a repeat must have alike; `updated_at` shows that it is alive.
    """

    import_id: str
    kind: str
    client_id: str
    likeness: str
    created_at: int
    updated_at: int
    status: str = RUNNING
    bytes_total: int = 0
    bytes_done: int = 0
    rows_taken: int = 0
    rows_refused: int = 0
    detail: str = ""


class RowFault(NamedTuple):
    """Why a row was not taken: its line, a JSON pointer into it, and what is wrong."""

    row: int
    pointer: str
    detail: str


class Imports(Protocol):
    """Imports by id; a call that cannot be done now raises StoreUnavailable."""

    async def claim(self, job: ImportJob) -> ImportJob:
        """Note an import unless its id is known; return what is noted."""

    async def keep(self, job: ImportJob, faults: Sequence[RowFault] = ()) -> None:
        """Note how far it is, and faults of more rows; FAULTS_KEPT_MAX are kept."""

    async def begin(self, job: ImportJob) -> None:
        """Note an import that begins anew: its faults so far are forgotten."""

    async def find(self, import_id: str) -> ImportJob | None:
        """An import, None if there is none or it is too long ago."""

    async def faults(self, import_id: str) -> Sequence[RowFault]:
        """The first FAULTS_KEPT_MAX rows that were not taken, in their order."""

    async def close(self) -> None:
        """Let go of all connections."""
