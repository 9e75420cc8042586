"""How values are told to people: numbers, money, shares, days."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from loyalty.limits import DAY_MS
from loyalty.zones import Zone, local_ms
from stores import questions as kinds

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SYMBOLS: Final = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
# Currencies whose minor unit is the whole one.
WHOLE: Final = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF"})
NEVER: Final = "never"
MINUS: Final = "\N{MINUS SIGN}"
NOTHING: Final = "\N{EN DASH}"
HOUR_MS: Final = 3_600_000
# A unit, and from where on the next one is used.
UNITS: Final = (
    ((1, 1_000), "ms"),
    ((1_000, 120_000), "s"),
    ((60_000, 2 * HOUR_MS), "min"),
    ((HOUR_MS, 2 * DAY_MS), "h"),
    ((DAY_MS, 0), "d"),
)
TWO_DIGITS: Final = 10


class Shown:
    """Tells values in a program's currency, and times on its clock."""

    def __init__(self, currency: str, zone: Zone) -> None:
        """`zone` is whose local time people read."""
        self.currency = currency
        self.zone = zone

    @property
    def symbol(self) -> str:
        """What stands before an amount of money."""
        return SYMBOLS.get(self.currency, f"{self.currency} ")

    @property
    def is_whole(self) -> bool:
        """Whether the currency's minor unit is the whole one."""
        return self.currency in WHOLE

    def number(self, value: int) -> str:
        """Number with thousands set apart."""
        return f"{value:,}".replace("-", MINUS)

    def signed(self, value: int) -> str:
        """Number that says whether it comes or goes."""
        return ("+" if value > 0 else "") + self.number(value)

    def signed_whole(self, value: float) -> str:
        """Difference, to the whole, a half to the even."""
        return self.signed(round(value))

    def signed_part(self, value: float) -> str:
        """Difference with two digits."""
        return f"{value:+.2f}".replace("-", MINUS)

    def signed_money(self, minor: float) -> str:
        """Difference in money of minor units, to the whole one, a half to the even."""
        return ("+" if round(minor) > 0 else "") + self.money(round(minor))

    def money(self, minor: int) -> str:
        """Amount of money of minor units."""
        sign = MINUS if minor < 0 else ""
        if self.is_whole:
            return f"{sign}{self.symbol}{abs(minor):,}"
        whole, cents = divmod(abs(minor), 100)
        return f"{sign}{self.symbol}{whole:,}.{cents:02}"

    def share(self, basis_points: int) -> str:
        """Share in per cent with one digit, rounded half up."""
        tenths = (abs(basis_points) + 5) // 10
        sign = MINUS if basis_points < 0 else ""
        return f"{sign}{tenths // 10}.{tenths % 10}%"

    def day(self, value: date) -> str:
        """Day, e.g. Tue 4 Jul 2017."""
        return f"{value:%a} {value.day} {value:%b %Y}"

    def month(self, value: date | None) -> str:
        """Month, e.g. Jul 2017; never for none."""
        return f"{value:%b %Y}" if value else NEVER

    def local(self, at: int) -> datetime:
        """Local time of a time in ms, without a zone."""
        return (EPOCH + timedelta(milliseconds=local_ms(self.zone, at))).replace(
            tzinfo=None
        )

    def time(self, at: int) -> str:
        """Local day and time of a time in ms; never for 0."""
        if not at:
            return NEVER
        local = self.local(at)
        return f"{local.day} {local:%b %Y, %H:%M}"

    def end(self, at: int) -> str:
        """Last local day before a time in ms, which is a midnight; 0 is never."""
        if not at:
            return NEVER
        local = self.local(at - 1)
        return f"{local.day} {local:%b %Y}"

    def machine_time(self, at: int) -> str:
        """Time in ms as RFC 3339, for machines."""
        moment = EPOCH + timedelta(milliseconds=at)
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")

    def took(self, milliseconds: float | None) -> str:
        """How long something took, to two or three digits; a dash if it never did."""
        if milliseconds is None:
            return NOTHING
        fitting = ((part, unit) for part, unit in UNITS if milliseconds < part[1])
        (unit_ms, _), unit = next(fitting, UNITS[-1])
        amount = milliseconds / unit_ms
        digits = 1 if amount < TWO_DIGITS and unit_ms < HOUR_MS else 0
        return f"{amount:,.{digits}f}\N{NO-BREAK SPACE}{unit}"

    def value(self, value: Any, kind: str) -> str:
        """Value of an answer's column, by its kind."""
        if value is None:
            return NEVER if kind == kinds.MONTH else NOTHING
        tellers: dict[str, Callable[[Any], str]] = {
            kinds.COUNT: self.number,
            kinds.POINTS: self.number,
            kinds.MINOR: self.money,
            kinds.SHARE: self.share,
            kinds.DAY: self.day,
            kinds.MONTH: self.month,
            kinds.TIME: self.time,
        }
        return tellers.get(kind, str)(value)


def plotted(value: Any) -> str:
    """Value as a chart takes it: a number; seconds since 1970 (UTC) for a day."""
    if isinstance(value, date):
        return str((value - EPOCH.date()).days * 86_400)
    return str(value)
