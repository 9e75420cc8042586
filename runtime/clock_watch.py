"""Tells when the wall clock was set back: clients would wait as much longer."""

import logging
import time
from collections.abc import Callable
from threading import Thread
from typing import Final

logger = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.5
# A client that waits so much longer is late, and nothing else.
BACK_SECONDS_MAX: Final = 5.0
EXIT_CLOCK_SET_BACK: Final = 76


class ClockWatch:
    """
    Looks at the wall clock from a thread of its own.

    librdkafka waits until times of the wall clock. Set back by an hour, it may sleep
    for an hour, whatever happens meanwhile; a process that begins anew does not. A
    clock that is set forward ends waits early, which hurts nobody.
    """

    def __init__(
        self,
        on_set_back: Callable[[], object],
        *,
        wall: Callable[[], float] = time.time,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """`on_set_back` is called once, from the thread."""
        self._on_set_back = on_set_back
        self._wall = wall
        self._timer = timer
        self._ahead = wall() - timer()
        self.was_set_back = False

    def start(self) -> None:
        """Look in a daemon thread, until it was set back."""
        Thread(target=self._watch, name="clock-watch", daemon=True).start()

    def _watch(self) -> None:
        while not self.look():
            time.sleep(LOOK_SECONDS)
        self._on_set_back()

    def look(self) -> bool:
        """Whether the wall clock was set back since the last look."""
        ahead = self._wall() - self._timer()
        back, self._ahead = self._ahead - ahead, ahead
        if back > BACK_SECONDS_MAX:
            self.was_set_back = True
            logger.critical(
                "the wall clock was set back: the process ends itself",
                extra={"seconds": round(back, 1)},
            )
        return self.was_set_back
