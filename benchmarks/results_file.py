"""Where figures are kept: a file a run, with the machine that made them."""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

RESULTS: Final = Path(__file__).parent / "results"


def write_results(name: str, figures: dict[str, Any]) -> Path:
    """Write `results/<name>-<date>.json`."""
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    machine = {
        "processors": os.cpu_count(),
        "load_1_min": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "measured_at": f"{now:%Y-%m-%dT%H:%MZ}",
    }
    file = RESULTS / f"{name}-{now:%Y-%m-%d-%H%M}.json"
    file.write_text(json.dumps({**figures, "machine": machine}, indent=2) + "\n")
    return file
