"""Contacts, each written in one way only, and the keyed digests that stand for them."""

import hmac
import re
import unicodedata
from hashlib import sha256
from typing import Final

from runtime.edge_settings import IDENTITY_KEY_LENGTH_MIN
from stores.identities_contract import EMAIL, PHONE

CONTACT_LENGTH_MAX: Final = 254

_PHONE: Final = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_EMAIL: Final = re.compile(r"[!-?A-~]{1,64}@[!-?A-~]+\.[!-?A-~]+")
_CARD: Final = re.compile(r"[A-Za-z0-9]{4,64}", re.ASCII)
_BETWEEN: Final = re.compile(r"[\s().\-/]")


class ContactInvalid(ValueError):
    """A text that is no contact of its kind."""


def written(kind: str, text: str, *, country_code: str = "") -> str:
    """
    Contact as it is written whoever says it.

    A phone number is E.164; one without `+` gets `country_code`, less its leading
    zero. An e-mail address is ASCII (a domain in its `xn--` form) in small letters:
    two that differ in nothing else are one person's. A card has its letters and
    digits only.

    Raises: ContactInvalid.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if kind == PHONE:
        return _phone(_BETWEEN.sub("", text), country_code)
    # Folding would make two addresses one: ß is not ss.
    found = text.lower() if kind == EMAIL else _BETWEEN.sub("", text)
    form = _EMAIL if kind == EMAIL else _CARD
    if len(found) > CONTACT_LENGTH_MAX or form.fullmatch(found) is None:
        raise ContactInvalid(f"not a {kind}")
    return found if kind == EMAIL else found.upper()


def _phone(text: str, country_code: str) -> str:
    if text.startswith("00"):
        text = "+" + text[2:]
    if not text.startswith("+") and country_code:
        text = f"+{country_code}{text.removeprefix('0')}"
    if _PHONE.fullmatch(text) is None:
        raise ContactInvalid("not a phone number with its country, like +15550100199")
    return text


class ContactKey:
    """
    Makes digests that nobody without the key can make, or guess a contact by.

    Phone numbers are few: a plain hash of one is found by trying them all.
    """

    def __init__(self, secret: str, *, country_code: str = "") -> None:
        """Take a secret apart, so that each use has a key of its own."""
        assert len(secret) >= IDENTITY_KEY_LENGTH_MIN, "settings say so"
        self._contacts = _derived(secret, "contacts")
        self._bodies = _derived(secret, "bodies")
        self.codes = _derived(secret, "codes")
        self.offer_codes = _derived(secret, "offer-codes")
        self._country_code = country_code

    def digest(self, kind: str, text: str) -> str:
        """
        Digest of a contact.

        Raises: ContactInvalid.
        """
        said = written(kind, text, country_code=self._country_code)
        return _mac(self._contacts, f"{kind}:{said}")

    def likeness(self, text: str) -> str:
        """Digest of a body that may hold contacts."""
        return _mac(self._bodies, text)


def _derived(secret: str, use: str) -> bytes:
    return hmac.digest(secret.encode(), f"regulars/{use}".encode(), sha256)


def _mac(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), sha256).hex()
