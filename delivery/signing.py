"""Signatures of webhooks, by Standard Webhooks 1.0."""

import base64
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32
SECRET_BYTES_MIN: Final = 24
SECRET_BYTES_MAX: Final = 64
# How long a replaced secret still signs beside the new one.
OVERLAP_MS: Final = 86_400_000
SECRETS_MAX: Final = 2


class SecretInvalid(ValueError):
    """A text that is no secret of the kind `whsec_…`."""


def new_secret() -> str:
    """Secret that nobody can guess."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """
    Bytes that a secret stands for.

    Raises: SecretInvalid.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError as error:
        raise SecretInvalid("expected whsec_ and base64") from error
    if (
        not secret.startswith(PREFIX)
        or not SECRET_BYTES_MIN <= len(key) <= SECRET_BYTES_MAX
    ):
        raise SecretInvalid(
            f"expected whsec_ and {SECRET_BYTES_MIN} to {SECRET_BYTES_MAX} bytes"
        )
    return key


def signed_headers(
    message_id: str, body: bytes, *, keys: Sequence[bytes], at_seconds: int
) -> dict[str, str]:
    """Headers of a request: its id, its time, a signature by each key in use."""
    assert "." not in message_id, "a dot parts what is signed"
    text = f"{message_id}.{at_seconds}.".encode() + body
    signatures = [
        "v1," + base64.b64encode(hmac.digest(key, text, "sha256")).decode()
        for key in keys
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at_seconds),
        "webhook-signature": " ".join(signatures),
    }
