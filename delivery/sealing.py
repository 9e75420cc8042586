"""What only this installation may read: secrets and addresses, encrypted at rest."""

import base64
import hmac
from hashlib import sha256
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32


class NotSealed(ValueError):
    """A text that was not sealed under this key, or was changed since."""


class DeliveryKey:
    """Seals texts and signs links, each under a key of its own that comes of one."""

    def __init__(self, secret: str) -> None:
        """`secret` is the setting's; the same for every process."""
        self._box = Fernet(base64.urlsafe_b64encode(_derived(secret, b"sealing")))
        self._links = _derived(secret, b"links")

    def seal(self, text: str) -> str:
        """Encrypt and authenticate a text."""
        return self._box.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """
        Read a sealed text.

        Raises: NotSealed.
        """
        try:
            return self._box.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise NotSealed("sealed under another key") from error

    def sign_link(self, text: str) -> str:
        """Signature of what a link says, in URL-safe characters."""
        digest = hmac.digest(self._links, text.encode(), sha256)
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def is_signed(self, text: str, signature: str) -> bool:
        """Whether a signature is the one of a text; in constant time."""
        return hmac.compare_digest(self.sign_link(text).encode(), signature.encode())


def _derived(secret: str, purpose: bytes) -> bytes:
    kdf = HKDF(
        hashes.SHA256(), KEY_BYTES, salt=None, info=b"regulars delivery " + purpose
    )
    return kdf.derive(secret.encode())
