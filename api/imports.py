"""Bulk imports: a file is taken whole, and its rows go to the log in time."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from itertools import islice
from typing import IO, Final, NamedTuple

from pydantic import BaseModel

from api.flow_problems import TooManyImports
from api.import_rows import BadRow, Row, checked_row, rows_of
from api.ingesting import publish
from schemas.intake import Checked
from stores.imports_contract import (
    FAULTS_KEPT_MAX,
    FINISHED,
    INTERRUPTED,
    RUNNING,
    ImportJob,
    Imports,
    RowFault,
)
from stores.publisher import Publisher
from stores.unavailable import StoreUnavailable

logger = logging.getLogger(__name__)

RUNNING_MAX: Final = 2
# Rows that are on their way to the broker at once, and noted when they are there.
ROWS_AT_ONCE: Final = 200
TRIES_MAX: Final = 5
PAUSE_SECONDS: Final = 1.0
# Whoever says nothing for so long is taken for gone.
SILENT_MS_MAX: Final = 60_000
AGAIN: Final = "send the same file again with the same key: rows count once"


class Plan(NamedTuple):
    """How the rows of an import are read, and what becomes of each."""

    content_type: str
    shape: type[BaseModel]
    check: Callable[[BaseModel], Checked]


class ImportDesk:
    """Does imports, a few at a time in each process, and notes how far they are."""

    def __init__(
        self, imports: Imports, log: Publisher, clock: Callable[[], float]
    ) -> None:
        """`clock` gives seconds since 1970."""
        self.imports = imports
        self._log = log
        self._clock = clock
        self._running: set[asyncio.Task[None]] = set()

    def check_room(self) -> None:
        """Refuse one import too many; raises TooManyImports."""
        if len(self._running) >= RUNNING_MAX:
            raise TooManyImports(f"{RUNNING_MAX} imports run in this process")

    async def start(self, job: ImportJob, plan: Plan, file: IO[bytes]) -> None:
        """Begin an import, which then owns the file."""
        await self.imports.begin(job)
        task = asyncio.create_task(self._run(job, plan, file), name=job.import_id)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def seen(self, job: ImportJob) -> ImportJob:
        """Import as it stands: one whose process is gone does not run."""
        silent_ms = self._clock() * 1000 - job.updated_at
        if job.status == RUNNING and silent_ms > SILENT_MS_MAX:
            detail = f"its process is gone; {AGAIN}"
            return job._replace(status=INTERRUPTED, detail=detail)
        return job

    async def close(self) -> None:
        """Stop what runs, and note it."""
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)
        await self.imports.close()

    async def _run(self, job: ImportJob, plan: Plan, file: IO[bytes]) -> None:
        with file:
            try:
                rows = rows_of(file, plan.content_type)
                while some := list(islice(rows, ROWS_AT_ONCE)):
                    job, faults = await self._take(job, plan, some)
                    job = job._replace(bytes_done=file.tell(), updated_at=self._now())
                    await self.imports.keep(job, faults)
                job = job._replace(status=FINISHED, bytes_done=job.bytes_total)
            except asyncio.CancelledError:
                detail = f"the service was stopped; {AGAIN}"
                await self._end(job._replace(status=INTERRUPTED, detail=detail))
                raise
            except StoreUnavailable as error:
                detail = f"{error.store} does not answer; {AGAIN}"
                job = job._replace(status=INTERRUPTED, detail=detail)
            except Exception:
                logger.exception("import failed", extra={"import": job.import_id})
                detail = f"a fault of ours; the log has it; {AGAIN}"
                job = job._replace(status=INTERRUPTED, detail=detail)
        await self._end(job)

    async def _end(self, job: ImportJob) -> None:
        try:
            await self.imports.keep(job._replace(updated_at=self._now()))
        except StoreUnavailable:
            # It will be taken for gone, which says the same.
            logger.warning("import's end not noted", extra={"import": job.import_id})

    async def _take(
        self, job: ImportJob, plan: Plan, rows: list[Row]
    ) -> tuple[ImportJob, list[RowFault]]:
        sound: list[Checked] = []
        faults: list[RowFault] = []
        for row in rows:
            try:
                sound.append(checked_row(row, plan.shape, plan.check))
            except BadRow as bad:
                faults.append(bad.fault)
        await self._publish(sound)
        room = max(FAULTS_KEPT_MAX - job.rows_refused, 0)
        job = job._replace(
            rows_taken=job.rows_taken + len(sound),
            rows_refused=job.rows_refused + len(faults),
        )
        return job, faults[:room]

    async def _publish(self, events: list[Checked]) -> None:
        """All of them, in their order; after a failure again, since ids count once."""
        for left in _countdown(TRIES_MAX):
            sending = [publish(self._log, event) for event in events]
            ends = await asyncio.gather(*sending, return_exceptions=True)
            lost = next((end for end in ends if isinstance(end, BaseException)), None)
            if lost is None:
                return
            if not left or not isinstance(lost, StoreUnavailable):
                raise lost
            await asyncio.sleep(PAUSE_SECONDS)

    def _now(self) -> int:
        return int(self._clock() * 1000)


def _countdown(count: int) -> Iterator[int]:
    yield from range(count - 1, -1, -1)
