"""Time as an input: tells every partition of the engine what time it is."""

import argparse
import logging
import signal
import threading
import time
from datetime import UTC, datetime
from typing import Final

from jobs.broker import Outbox
from jobs.errors import JobRefused
from loyalty.limits import OCCURRED_AT_MIN_MS
from runtime.logs import set_up_logs
from runtime.settings import Settings
from schemas.topics import CLOCK

SUMMARY: Final = "tell the engine the time, once a second until stopped"
# A tick that could not be delivered for so long says nothing that the next does not.
TICK_TIMEOUT_MS: Final = 10_000
# The last second that ISO 8601 can show.
AT_MAX_MS: Final = 253_402_300_799_000

logger = logging.getLogger(__name__)


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Send ticks until SIGTERM or Ctrl-C; with `--at`, one of that time.

    Raises: JobRefused when there is no broker or no clock.
    """
    parser = argparse.ArgumentParser("send-ticks", description=SUMMARY)
    parser.add_argument(
        "--at",
        metavar="TIME",
        help="send one tick of this time and exit: ms since 1970, or ISO 8601 "
        "(UTC unless it says otherwise)",
    )
    asked = parser.parse_args(arguments).at
    at = None if asked is None else time_from(asked)
    outbox = Outbox(settings, delivery_timeout_ms=TICK_TIMEOUT_MS)
    if at is not None:
        outbox.tick(at)
        outbox.flush()
        print(f"it is {shown(at)}")
        return
    set_up_logs(settings.log_level)
    send_until(_stopped_by_signal(), outbox)


def send_until(stopped: threading.Event, outbox: Outbox) -> None:
    """
    Send the wall clock's time at the start of each of its seconds.

    Raises: JobRefused when there is no clock topic.
    """
    outbox.partition_count(CLOCK.name)
    logger.info("ticking")
    while not stopped.wait(1 - time.time() % 1):
        now = round(time.time()) * 1000
        try:
            outbox.tick(now)
        except JobRefused as refusal:
            # The broker may come back: time goes on meanwhile.
            logger.warning("a tick was not taken", extra={"reason": str(refusal)})
    outbox.flush()
    logger.info("stopped ticking")


def time_from(text: str) -> int:
    """
    Read a time: ms since 1970, or ISO 8601 in UTC unless it says otherwise.

    Raises: JobRefused for anything else, and for times before 2000.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if text.isdecimal() and len(text) > len("20170101"):
        at = int(text)
    elif moment is not None:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        at = round(moment.timestamp() * 1000)
    else:
        raise JobRefused(
            f"expected ms since 1970 or a time such as 2018-01-02T00:00:00Z, "
            f"found {text!r}"
        )
    if not OCCURRED_AT_MIN_MS <= at <= AT_MAX_MS:
        raise JobRefused(f"expected a time from 2000 to 9999, found {text}")
    return at


def shown(at: int) -> str:
    """Show a time (ms since 1970) as ISO 8601 in UTC."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat()


def _stopped_by_signal() -> threading.Event:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    return stopped
