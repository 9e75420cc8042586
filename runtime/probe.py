"""`python -m runtime.probe`: whether the process of this container is ready."""

import os
import sys
import urllib.error
import urllib.request
from typing import Final

# As runtime/settings.py has them; loading it would cost more than the question.
PORTS: Final = ("REGULARS_METRICS_PORT", "REGULARS_API_PORT")
ANSWER_SECONDS_MAX: Final = 3
NOT_READY: Final = 1


def main() -> int:
    """Ask the process itself; 0 is ready."""
    port = next((os.environ[name] for name in PORTS if os.environ.get(name)), "8000")
    try:
        urllib.request.urlopen(
            f"http://127.0.0.1:{port}/health/ready", timeout=ANSWER_SECONDS_MAX
        ).close()
    except (urllib.error.URLError, OSError) as error:
        sys.stderr.write(f"not ready: {error}\n")
        return NOT_READY
    return 0


if __name__ == "__main__":
    sys.exit(main())
