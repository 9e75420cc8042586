"""Which field of a form a pointer into its rule means."""

from api.console.rulebook.fields import ID, Group


def field_at(groups: tuple[Group, ...], pointer: str) -> str:
    """Name of the field that a pointer into the rule means; empty for none."""
    place = pointer.removeprefix("/rule").strip("/")
    if not place:
        return ""
    parts = tuple(place.split("/"))
    paths = {
        field.name: tuple(map(str, field.path))
        for field in (ID, *(field for _, group in groups for field in group))
    }
    within = [name for name, path in paths.items() if parts[: len(path)] == path]
    if within:
        return max(within, key=lambda name: len(paths[name]))
    # What is said of a part is said at its first field.
    return next((n for n, path in paths.items() if path[: len(parts)] == parts), "")
