"""Entity tags: whether a client knows what it would get."""


def names(if_none_match: str, etag: str) -> bool:
    """Whether a list of entity tags holds ours; weak ones compare as equal."""
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in tags or tags == ["*"]
