"""The twin of imports' notes in memory: same contract, for tests."""

from collections.abc import Sequence

from stores.imports_contract import FAULTS_KEPT_MAX, ImportJob, RowFault


class MemoryImports:
    """The twin in memory: same contract, for tests and for trying out."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._jobs: dict[str, ImportJob] = {}
        self._faults: dict[str, list[RowFault]] = {}

    async def claim(self, job: ImportJob) -> ImportJob:
        """Note an import unless its id is known; return what is noted."""
        return self._jobs.setdefault(job.import_id, job)

    async def keep(self, job: ImportJob, faults: Sequence[RowFault] = ()) -> None:
        """Note how far it is, and faults of more rows; FAULTS_KEPT_MAX are kept."""
        self._jobs[job.import_id] = job
        known = self._faults.setdefault(job.import_id, [])
        known.extend(faults)
        del known[FAULTS_KEPT_MAX:]

    async def begin(self, job: ImportJob) -> None:
        """Note an import that begins anew: its faults so far are forgotten."""
        self._jobs[job.import_id] = job
        self._faults.pop(job.import_id, None)

    async def find(self, import_id: str) -> ImportJob | None:
        """An import, None if there is none."""
        return self._jobs.get(import_id)

    async def faults(self, import_id: str) -> Sequence[RowFault]:
        """The first FAULTS_KEPT_MAX rows that were not taken, in their order."""
        return list(self._faults.get(import_id, ()))

    async def close(self) -> None:
        """Nothing to let go of."""
