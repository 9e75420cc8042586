"""Children that end with their parent, whatever ends it."""

import ctypes
import os
import signal
import sys
from typing import Final

PR_SET_PDEATHSIG: Final = 1


def end_with_parent(number: signal.Signals, parent_pid: int) -> None:
    """Let the kernel send us a signal when our parent ends; Linux only."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent_pid:
        # It ended before it could be watched.
        os.kill(os.getpid(), number)
