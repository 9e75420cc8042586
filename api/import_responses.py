"""What we tell of a bulk import."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from api.responses import shown
from stores.imports_contract import FAULTS_KEPT_MAX, ImportJob

_EXAMPLE: Final[dict[str, Any]] = {
    "import_id": "i-0f8fad5bd9cb469fa16570867728950e",
    "kind": "orders",
    "status": "running",
    "created_at": "2026-11-24T12:30:00.000Z",
    "updated_at": "2026-11-24T12:30:01.200Z",
    "bytes_total": 1048576,
    "bytes_done": 262144,
    "rows_taken": 812,
    "rows_refused": 3,
    "faults_kept": 3,
    "faults": "/v1/imports/i-0f8fad5bd9cb469fa16570867728950e/faults",
    "detail": None,
}


class ImportOut(BaseModel):
    """
    How far an import is: `running`, `finished`, or `interrupted` (send it again).

    `faults` is where the first `faults_kept` of the refused rows are told of.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    import_id: str
    kind: str
    status: str
    created_at: str
    updated_at: str
    bytes_total: int
    bytes_done: int
    rows_taken: int
    rows_refused: int
    faults_kept: int
    faults: str
    detail: str | None


def import_out(job: ImportJob) -> ImportOut:
    """Import as the API shows it."""
    return ImportOut(
        import_id=job.import_id,
        kind=job.kind,
        status=job.status,
        created_at=shown(job.created_at),
        updated_at=shown(job.updated_at),
        bytes_total=job.bytes_total,
        bytes_done=job.bytes_done,
        rows_taken=job.rows_taken,
        rows_refused=job.rows_refused,
        faults_kept=min(job.rows_refused, FAULTS_KEPT_MAX),
        faults=f"/v1/imports/{job.import_id}/faults",
        detail=job.detail or None,
    )
