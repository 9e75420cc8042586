"""The schema registry of a process, if one is configured."""

from schemas.framing import Registry


def registry_at(url: str) -> Registry | None:
    """Client of the registry at an address; None, single-object encoding, for none."""
    if not url:
        return None
    # Its client is a third of what a process loads, and few have a registry.
    from schemas.confluent import ConfluentRegistry

    return ConfluentRegistry(url)
