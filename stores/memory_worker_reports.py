"""The twin of workers' reports in memory: same contract, for tests and trying out."""

from stores.unavailable import StoreUnavailable
from stores.worker_reports_contract import REPORTERS_MAX, WorkerReport, in_order


class MemoryWorkerReports:
    """Latest report of each process."""

    def __init__(self) -> None:
        """Know of nobody."""
        self._by_name: dict[str, WorkerReport] = {}
        self.is_available = True

    async def tell(self, report: WorkerReport) -> None:
        """Put a report in the place of the process's last one."""
        self._check()
        self._by_name[report.name] = report
        kept = in_order(self._by_name.values(), report.reported_at)
        latest = sorted(kept, key=lambda one: (one.reported_at, one.name))
        self._by_name = {one.name: one for one in latest[-REPORTERS_MAX:]}

    async def reports(self, now: int) -> list[WorkerReport]:
        """Reports of the last KEPT_SECONDS, by role and worker."""
        self._check()
        return in_order(self._by_name.values(), now)

    async def close(self) -> None:
        """Nothing to let go of."""

    def _check(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("redis", "switched off by a test")
