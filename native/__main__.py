"""`python -m native`: compile if that is possible; without it all works, slower."""

import sys
import time

from native.build import NotCompiled, build
from native.loading import PROJECT


def main() -> int:
    """Say what became of it; 0 in any case, since nothing depends on it."""
    started = time.monotonic()
    try:
        folder = build()
    except NotCompiled as reason:
        print(f"not compiled, the Python twins are used: {reason}")
    else:
        seconds = time.monotonic() - started
        print(f"compiled: {folder.relative_to(PROJECT)} ({seconds:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
