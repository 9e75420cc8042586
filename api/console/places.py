"""Where the console's files are, and the names under which browsers ask for them."""

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[2] / "console"
STATIC: Final = FOLDER / "static"
TEMPLATES: Final = FOLDER / "templates"
TEXTS: Final = FOLDER / "texts"
PREFIX: Final = "/console"
DIGEST_BYTES: Final = 6


@cache
def asset(name: str) -> str:
    """Address of a static file; it changes with the content, so that it may be kept."""
    digest = blake2b((STATIC / name).read_bytes(), digest_size=DIGEST_BYTES)
    return f"{PREFIX}/static/{name}?v={digest.hexdigest()}"
