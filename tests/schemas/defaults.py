"""
Keeps the defaults of all that a member holds: `python -m tests.schemas.defaults`.

A record is written without the defaults that it ends in, so whoever changes one changes
what was written. What is kept stays as it is; what is new is added.
"""

import json
from pathlib import Path
from typing import Any

from loyalty.member import Member
from schemas.trimming import Trimmer
from tests.schemas.keep import said

FILE = Path(__file__).parent / "defaults.json"


def defaults_now() -> dict[str, Any]:
    """Default of each field that has one, by class and field."""
    return {
        f"{shape.__name__}.{name}": said(default)
        for shape, _ in Trimmer(Member).shapes
        for name, default in shape._field_defaults.items()
    }


def defaults_kept() -> dict[str, Any]:
    """What the file says."""
    kept: dict[str, Any] = json.loads(FILE.read_text())
    return kept


if __name__ == "__main__":
    known = defaults_kept() if FILE.exists() else {}
    FILE.write_text(json.dumps(defaults_now() | known, indent=1, sort_keys=True) + "\n")
