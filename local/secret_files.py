"""Secrets of the stack: made once, in files that only their owner reads."""

import os
import secrets
from pathlib import Path
from typing import Final

SECRET_BYTES: Final = 32


def key_settings(root: Path) -> dict[str, str]:
    """Keys of an API that keeps contacts and webhooks; `root` is the stack's."""
    return {
        "REGULARS_IDENTITY_KEY": _key(root / "identity" / "key"),
        "REGULARS_DELIVERY_KEY": _key(root / "delivery" / "key"),
    }


def _key(file: Path) -> str:
    if not file.exists():
        write_once(file, secrets.token_hex(SECRET_BYTES), mode=0o600)
    return file.read_text().strip()


def write_once(file: Path, text: str, *, mode: int) -> None:
    """Write a file whole; of two who do so at once the first one's stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w") as out:
        out.write(text + "\n")
    try:
        os.link(draft, file)
    except FileExistsError:
        return
    finally:
        draft.unlink()
