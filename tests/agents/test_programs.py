"""Between batches programs are taken over, and never while they may be old."""

import asyncio
import time

from loyalty.program_document import program_from
from loyalty.publishing.publishing import EMPTY
from stores.program_log_contract import Snapshot
from streams.programs import KNOWN_SECONDS_MAX, FollowedPrograms

OLD = program_from({"program": "p", "currency": "USD"})
NEW = program_from({"program": "p", "currency": "USD", "version": 2})


class Log:
    """A log of the program that is known as far as a test says."""

    def __init__(self) -> None:
        self.snapshot = Snapshot(EMPTY, OLD, is_recorded=False)
        self.confirmed_at = time.monotonic()

    def learn(self) -> None:
        """Another program comes."""
        self.snapshot = self.snapshot._replace(programs=NEW)


def test_what_is_known_is_taken_over_between_batches_only() -> None:
    log = Log()
    programs = FollowedPrograms(log)
    log.learn()
    within = programs.at(0).version
    asyncio.run(programs.take_over())

    assert within == 1
    assert (programs.at(0).version, programs.latest.version) == (2, 2)


def test_no_batch_begins_while_what_is_known_may_be_old() -> None:
    log = Log()
    programs = FollowedPrograms(log)
    log.confirmed_at -= 2 * KNOWN_SECONDS_MAX
    log.learn()

    async def begin() -> tuple[bool, int, int]:
        waiting = asyncio.create_task(programs.take_over())
        await asyncio.sleep(0.1)
        waits, before = not waiting.done(), programs.at(0).version
        log.confirmed_at = time.monotonic()
        await asyncio.wait_for(waiting, 1)
        return waits, before, programs.at(0).version

    assert asyncio.run(begin()) == (True, 1, 2)
