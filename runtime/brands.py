"""What one brand has for itself in an installation that several share."""

import hashlib
import hmac
from typing import Any, Final, TypeVar

from pydantic import SecretStr
from pydantic_settings import BaseSettings

# No dot, hyphen or underscore: what joins it to a name cannot be taken for part of it.
PATTERN: Final = r"^([a-z][a-z0-9]{0,15})?$"
KEYS: Final = ("identity_key", "delivery_key", "console_secret")
S = TypeVar("S", bound=BaseSettings)


def branded(settings: S, brand: str) -> S:
    """
    Give everything that servers share the brand's own name; none for no brand.

    Keys become keys of the brand, so that two brands that were given one secret by
    mistake still neither read nor sign for each other.
    """
    if not brand:
        return settings
    told = settings.model_dump()
    changed: dict[str, Any] = {
        "app_id": name_of(brand, told["app_id"]),
        "clickhouse_database": f"{brand}_{told['clickhouse_database']}",
        "access_audience": f"{told['access_audience']}/{brand}",
    }
    for name in KEYS:
        changed[name] = _key_of(brand, name, told[name])
    return settings.model_copy(update=changed)


def name_of(brand: str, name: str) -> str:
    """Name of an engine, which groups, transactions and keys of Redis begin with."""
    return f"{brand}.{name}" if brand else name


def _key_of(brand: str, name: str, secret: str | SecretStr) -> str | SecretStr:
    """Key of a brand out of a secret, of the same type; none out of none."""
    is_hidden = isinstance(secret, SecretStr)
    text = secret.get_secret_value() if isinstance(secret, SecretStr) else secret
    if not text:
        return secret
    said = f"regulars brand key\0{brand}\0{name}".encode()
    key = hmac.new(text.encode(), said, hashlib.sha256).hexdigest()
    return SecretStr(key) if is_hidden else key
