"""Times for tests, told by the standard library: the oracle of ours."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - local times float
MILLISECOND = timedelta(milliseconds=1)


def info_of(name: str) -> ZoneInfo:
    """Zone of the standard library, from the same package as ours."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def floating(text: str) -> int:
    """Milliseconds of a local date and time."""
    return (datetime.fromisoformat(text) - EPOCH) // MILLISECOND


def at(text: str, zone: str = "UTC") -> int:
    """UTC milliseconds of a local time of a zone; of two, the first."""
    local = datetime.fromisoformat(text).replace(tzinfo=info_of(zone))
    return (local.astimezone(UTC).replace(tzinfo=None) - EPOCH) // MILLISECOND


def shown(time: int, zone: str = "UTC") -> str:
    """Local date and time of UTC milliseconds."""
    moment = datetime.fromtimestamp(time / 1_000, info_of(zone))
    return moment.strftime("%Y-%m-%d %H:%M")
