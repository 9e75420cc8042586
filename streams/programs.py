"""The programs by which a worker judges: taken over between batches, never late."""

import asyncio
import time
from typing import Final, Protocol

from loyalty.limits import LEAD_MS_MIN
from loyalty.program import Program, Programs
from stores.program_log_contract import Snapshot

# Half of the time by which a publication comes before its effect; the other half is
# for brokers whose clocks differ.
KNOWN_SECONDS_MAX: Final = LEAD_MS_MIN / 2_000
LOOK_SECONDS: Final = 0.01


class FollowedLog(Protocol):
    """A log of the program that says how far it is known."""

    confirmed_at: float

    @property
    def snapshot(self) -> Snapshot:
        """What is known now."""


class FollowedPrograms:
    """
    Programs as they were known at the last batch edge.

    An event that the broker took at a time T is judged by a version from before
    T only if that version came to `program` a lead before T. A batch is not
    begun while what is known of `program` is older than half the lead: so it
    holds every version that could be in force for any of its events.
    """

    def __init__(self, log: FollowedLog) -> None:
        """Begin with what is known."""
        self._log = log
        self._programs: Programs = log.snapshot.programs

    def at(self, time: int) -> Program:
        """Version in force at a time; before the first one, the first."""
        return self._programs.at(time)

    @property
    def latest(self) -> Program:
        """Version with the latest start."""
        return self._programs.latest

    async def take_over(self) -> None:
        """Take over what is known, as soon as it is known to be all there is."""
        while time.monotonic() - self._log.confirmed_at > KNOWN_SECONDS_MAX:  # noqa: ASYNC110 - a thread that follows the log moves it
            await asyncio.sleep(LOOK_SECONDS)
        self._programs = self._log.snapshot.programs
