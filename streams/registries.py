"""The schema registry of a process, if one is configured."""

from runtime.settings import Settings
from schemas.framing import Registry


def registry_of(settings: Settings) -> Registry | None:
    """Client of the configured registry; None means single-object encoding."""
    if not settings.schema_registry_url:
        return None
    # Its client is a third of what a process loads, and few have a registry.
    from schemas.confluent import ConfluentRegistry

    return ConfluentRegistry(settings.schema_registry_url)
