"""The program as a job sees it: the log read whole, and changes written to it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from loyalty.publishing.changes import ProgramChange, Verdict
from runtime.settings import Settings
from stores.program_log import KafkaProgramLog
from stores.program_log_contract import Snapshot
from stores.programs import load_document
from stores.publisher import KafkaPublisher

READ_SECONDS_MAX: Final = 30.0


@contextmanager
def followed_program(
    settings: Settings, *, publisher: KafkaPublisher | None = None
) -> Iterator[KafkaProgramLog]:
    """
    Follow the log of the program, read to its end, over the program's file.

    Raises: InvalidProgram, StoreUnavailable, FileNotFoundError.
    """
    log = KafkaProgramLog(
        settings.kafka_bootstrap_servers,
        load_document(Path(settings.program_file)),
        group_id=f"{settings.app_id}-jobs",
        publisher=publisher,
    )
    log.start()
    try:
        log.wait_until_read(READ_SECONDS_MAX)
        yield log
    finally:
        log.stop()


def read_program(settings: Settings) -> Snapshot:
    """Everything that `program` says now; raises as `followed_program`."""
    with followed_program(settings) as log:
        return log.snapshot


def write_changes(settings: Settings, changes: list[ProgramChange]) -> list[Verdict]:
    """Write changes one after the other, as far as each is taken; their verdicts."""
    publisher = KafkaPublisher(settings.kafka_bootstrap_servers)

    async def write(log: KafkaProgramLog) -> list[Verdict]:
        try:
            return [await log.append(change) for change in changes]
        finally:
            await publisher.close()

    with followed_program(settings, publisher=publisher) as log:
        return asyncio.run(write(log))
