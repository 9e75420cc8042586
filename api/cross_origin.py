"""Which pages of other origins may call: those that a setting names, and none else."""

from typing import Any, Final
from urllib.parse import urlsplit

from api.token_keys import is_safe_address
from runtime.settings import InvalidSettings, Settings

ORIGINS_MAX: Final = 64
PREFLIGHT_SECONDS: Final = 600
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
SENT: Final = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-None-Match",
    "Last-Event-ID",
)
READ: Final = (
    "Deprecation",
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Sunset",
    "WWW-Authenticate",
    "X-Request-Id",
)


def origins_of(settings: Settings) -> tuple[str, ...]:
    """
    Origins that the settings name.

    Raises: InvalidSettings for what is no origin, or could be anybody's.
    """
    origins = tuple(filter(None, settings.cors_origins.split(",")))
    wrong = [origin for origin in origins if not _is_origin(origin)]
    if wrong or len(origins) > ORIGINS_MAX:
        raise InvalidSettings(
            f"REGULARS_CORS_ORIGINS: expected at most {ORIGINS_MAX} origins like "
            "https://app.example.com (http on this machine), found "
            f"{wrong or len(origins)}"
        )
    return origins


def cross_origin(origins: tuple[str, ...]) -> dict[str, Any]:
    """What the framework's middleware is told: tokens, and so never cookies."""
    return {
        "allow_origins": origins,
        "allow_methods": METHODS,
        "allow_headers": SENT,
        "expose_headers": READ,
        "max_age": PREFLIGHT_SECONDS,
    }


def _is_origin(text: str) -> bool:
    if not is_safe_address(text):
        return False
    parts = urlsplit(text)
    # Browsers compare letter by letter: a path, or a slash, would never match.
    return text == f"{parts.scheme}://{parts.netloc}" and "@" not in parts.netloc
