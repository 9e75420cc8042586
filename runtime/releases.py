"""Which release of Regulars this process runs."""

from importlib.metadata import PackageNotFoundError, version


def release() -> str:
    """Version as it was installed, `source` where it runs from a source tree."""
    try:
        return version("regulars")
    except PackageNotFoundError:
        return "source"
