"""Which days a page is about: as asked, or the last ones that have data."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from loyalty.limits import DAY_MS
from loyalty.zones import Zone, day_start, local_day

EPOCH_DAY: Final = date(1970, 1, 1)
DAYS_DEFAULT: Final = 30
CHOICES: Final = (7, 30, 90, 365)
DAYS_MAX: Final = 1_100
# Data that ends this long ago is old: pages then end where it does.
FRESH_MS: Final = 3 * DAY_MS


class Span(NamedTuple):
    """Local days from `first` to `last`, both included; `is_old` if data ends there."""

    first: date
    last: date
    from_at: int
    until_at: int
    is_old: bool = False
    is_chosen: bool = False

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def each(self) -> list[date]:
        """Its days, the first one first."""
        return [self.first + timedelta(days=number) for number in range(self.days)]

    @property
    def query(self) -> str:
        """As an address says it."""
        return f"from={self.first.isoformat()}&until={self.last.isoformat()}"


def span_of(
    query: Mapping[str, str], zone: Zone, *, now_ms: int, last_order_at: int
) -> Span:
    """
    Span that an address asks for; what it says wrongly is as if it said nothing.

    `from` and `until` name local days; `days` so many up to the last one.
    """
    is_old = 0 < last_order_at < now_ms - FRESH_MS
    newest = _day(zone, last_order_at if is_old else now_ms)
    last = _named(query.get("until")) or newest
    first = _named(query.get("from"))
    is_chosen = first is not None
    if first is None:
        wanted = query.get("days", "")
        count = int(wanted) if wanted.isdigit() and len(wanted) < 5 else DAYS_DEFAULT  # noqa: PLR2004 - four digits are years
        first = last - timedelta(days=max(min(count, DAYS_MAX), 1) - 1)
    first = max(min(first, last), last - timedelta(days=DAYS_MAX))
    return Span(
        first,
        last,
        start_of(zone, first),
        start_of(zone, last + timedelta(days=1)),
        is_old,
        is_chosen,
    )


def start_of(zone: Zone, day: date) -> int:
    """First moment of a local day, ms."""
    return day_start(zone, (day - EPOCH_DAY).days)


def _day(zone: Zone, at: int) -> date:
    return EPOCH_DAY + timedelta(days=local_day(zone, at))


def _named(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    # Beyond these a day has no milliseconds that everybody takes.
    return found if date(1980, 1, 1) <= found <= date(2199, 1, 1) else None
