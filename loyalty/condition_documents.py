"""Parts that many rules share in a program's document: lines, times, caps, waiting."""

from typing import Final, NamedTuple, Protocol

from loyalty.civil import day_of, last_day_of_month
from loyalty.conditions import (
    ANY_LINE,
    ANY_TIME,
    MEMBER,
    PROGRAM,
    REJECT,
    STORE,
    TRANSACTION,
    TRIM,
    Cap,
    LineMatch,
    Pending,
    When,
)
from loyalty.document import Node
from loyalty.events import ITEM
from loyalty.expiry import (
    CALENDAR,
    EXPIRY_UNITS,
    FIXED,
    NEVER,
    PERIOD_END,
    ROLLING,
    SLIDING,
    Duration,
    Expiry,
)
from loyalty.limits import CAPS_MAX, DAY_MS, WINDOW_DAYS_MAX
from loyalty.periods import DAY, HALF, MONTH, PERIODS, QUARTER, WEEK, YEAR
from loyalty.windows import ALWAYS, DayPart, Window
from loyalty.zones import Zone, utc_ms

LINE_KINDS: Final = (ITEM, "DELIVERY", "TIP", "GIFT_CARD", "FEE")
CHANNELS: Final = (
    "APP",
    "WEB",
    "KIOSK",
    "COUNTER",
    "DRIVE_THRU",
    "DELIVERY",
    "UNKNOWN",
)
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_PARTS_MAX: Final = 64
MINUTE_MS: Final = 60_000
ROUNDINGS: Final = (DAY, MONTH, QUARTER, HALF, YEAR)


class Calendars(Protocol):
    """What only the edge can know: time zones, and how recurrences unfold."""

    def zone(self, name: str) -> Zone:
        """Zone by its IANA name; raises ValueError when there is none."""

    def recurrence(self, start: str, minutes: int, rule: str) -> Window:
        """Windows of an RFC 5545 rule; raises ValueError when it is not one."""


class Context(NamedTuple):
    """What the parts of a document are read against."""

    calendars: Calendars
    zone: Zone


def line_match(node: Node) -> LineMatch:
    """Read which lines a rule looks at."""
    excluded = node.part("exclude")
    match = LineMatch(
        skus=node.names("skus"),
        categories=node.names("categories"),
        labels=node.names("labels"),
        kinds=node.names("kinds", among=LINE_KINDS) or frozenset({ITEM}),
        excluded_skus=excluded.names("skus"),
        excluded_categories=excluded.names("categories"),
        excluded_labels=excluded.names("labels"),
    )
    excluded.close()
    node.close()
    # What looks at every line is known by identity, see matching.matches.
    return ANY_LINE if match == ANY_LINE else match


def condition(node: Node, context: Context) -> When:
    """Read when and for whom a rule holds."""
    schedule = node.part("schedule")
    when = When(
        stores=node.names("stores"),
        channels=node.names("channels", among=CHANNELS),
        window=_window(schedule, context),
        clock=schedule.choice("clock", (STORE, MEMBER, PROGRAM)),
        from_at=moment(node, "from", context.zone),
        until_at=moment(node, "until", context.zone),
        tiers=node.names("tiers"),
        segments=node.names("segments"),
        order_number=node.number("order_number", default=0, maximum=1_000_000),
        every_order=node.number("every_order", default=0, maximum=1_000_000),
    )
    schedule.close()
    node.close()
    if when.until_at and when.until_at <= when.from_at:
        node.fault("until", "is not after from: the rule would never hold")
    return ANY_TIME if when == ANY_TIME else when


def moment(node: Node, name: str, zone: Zone) -> int:
    """Read a time: ms since 1970, or a local date or date and time; 0 if absent."""
    value = node.raw(name)
    if value is None:
        return 0
    if isinstance(value, int) and not isinstance(value, bool):
        return node.number(name, maximum=1 << 53)
    local = _local(str(value))
    if local is None:
        node.fault(name, "expected YYYY-MM-DD, YYYY-MM-DDTHH:MM, or ms since 1970")
        return 0
    return utc_ms(zone, local)


def caps(node: Node, key: str) -> tuple[Cap, ...]:
    """Read caps; their counters are named after the rule or wallet."""
    numbers: list[int] = []

    def cap(one: Node) -> Cap:
        numbers.append(0)
        period = one.choice("period", (*PERIODS, TRANSACTION))
        points = one.number("points", default=-1, minimum=-1)
        times = one.number("times", default=-1, minimum=-1, maximum=1_000_000)
        if points < 0 and times < 0:
            one.fault("", "limits neither points nor times")
        if period == TRANSACTION and times >= 0:
            one.fault("times", "a transaction happens once")
        over = one.choice("over", (TRIM, REJECT))
        return Cap(f"{key}#{len(numbers)}", period, points, times, over)

    return node.each("caps", cap, CAPS_MAX)


def pending(node: Node) -> Pending | None:
    """Read when earned points become usable; None is at once."""
    if not node.has("pending"):
        return None
    part = node.part("pending")
    days = part.number("delay_days", default=0, maximum=WINDOW_DAYS_MAX)
    minutes = part.number("delay_minutes", default=0, maximum=1_000_000)
    read = Pending(
        delay_ms=days * DAY_MS + minutes * MINUTE_MS,
        dates=dates(part, "dates"),
        release_on=part.text("release_on", default=""),
        cancel_ms=part.number("cancel_days", default=0, maximum=WINDOW_DAYS_MAX)
        * DAY_MS,
    )
    part.close()
    ways = [read.delay_ms > 0, bool(read.dates), bool(read.release_on)]
    if sum(ways) != 1:
        part.fault("", "needs one of delay_days, delay_minutes, dates, release_on")
    return read


def expiry(node: Node) -> Expiry:
    """Read how long points live; absent is for ever."""
    kind = node.choice("kind", (NEVER, ROLLING, CALENDAR, SLIDING))
    read = Expiry(
        kind,
        amount=node.number("amount", default=0, maximum=36_500),
        unit=node.choice("unit", EXPIRY_UNITS),
        round_up_to=node.choice("round_up_to", ROUNDINGS),
        dates=dates(node, "dates"),
        minimum_days=node.number("minimum_days", default=0, maximum=WINDOW_DAYS_MAX),
    )
    node.close()
    if kind == CALENDAR and not read.dates:
        node.fault("dates", "a calendar expiry needs dates such as 12-31")
    return read


def duration(node: Node) -> Duration:
    """Read how long a tier is kept."""
    read = Duration(
        node.choice("kind", (FIXED, PERIOD_END)),
        amount=node.number("amount", default=0, maximum=36_500),
        unit=node.choice("unit", EXPIRY_UNITS),
        period=node.choice("period", (MONTH, DAY, WEEK, QUARTER, HALF, YEAR)),
        periods_later=node.number("periods_later", default=0, maximum=100),
        extra_days=node.number("extra_days", default=0, maximum=WINDOW_DAYS_MAX),
    )
    node.close()
    return read


def dates(node: Node, name: str) -> tuple[tuple[int, int], ...]:
    """Read days of the year, MM-DD, sorted."""
    found = []
    for text in sorted(node.names(name)):
        month, _, day = text.partition("-")
        if not (
            month.isdecimal() and day.isdecimal() and _is_day(int(month), int(day))
        ):
            node.fault(name, f"{text!r} is no day of the year, expected MM-DD")
        else:
            found.append((int(month), int(day)))
    return tuple(found)


def basis_points(node: Node, name: str, *, default: str, maximum: int) -> int:
    """Read a factor such as "1.5" as basis points (15,000); at most 4 decimals."""
    text = str(node.raw(name) if node.has(name) else default)
    whole, _, part = text.partition(".")
    if not whole.isdecimal() or len(part) > 4 or (part and not part.isdecimal()):  # noqa: PLR2004 - a basis point is the fourth decimal
        node.fault(name, 'expected a factor such as "1.5", at most 4 decimals')
        return 10_000
    value = int(whole) * 10_000 + int(part.ljust(4, "0"))
    if value > maximum:
        node.fault(name, f"is {text}, at most {maximum // 10_000}")
    return value


def _window(schedule: Node, context: Context) -> Window:
    parts = schedule.each("day_parts", _day_part, DAY_PARTS_MAX)
    if not schedule.has("recurrence"):
        return Window(parts, (), ()) if parts else ALWAYS
    node = schedule.part("recurrence")
    start = node.text("start")
    minutes = node.number("minutes", minimum=1, maximum=1_440)
    rule = node.text("rule")
    node.close()
    if parts:
        schedule.fault("recurrence", "day_parts and recurrence exclude each other")
    try:
        return context.calendars.recurrence(start, minutes, rule)
    except ValueError as error:
        node.fault("", f"is no recurrence: {error}")
        return ALWAYS


def _day_part(node: Node) -> DayPart:
    days = node.names("days", among=WEEKDAYS) or frozenset(WEEKDAYS)
    part = DayPart(
        frozenset(WEEKDAYS.index(day) + 1 for day in days),
        _minute(node, "from", 0),
        _minute(node, "to", 1_440),
    )
    if part.from_minute == part.to_minute:
        node.fault("to", "is the same as from")
    return part


def _minute(node: Node, name: str, default: int) -> int:
    if not node.has(name):
        return default
    text = node.text(name)
    hours, _, minutes = text.partition(":")
    if (
        len(hours) == len(minutes) == 2  # noqa: PLR2004 - HH:MM
        and (hours + minutes).isdecimal()
        and int(minutes) < 60  # noqa: PLR2004 - minutes of an hour
        and int(hours) * 60 + int(minutes) <= 1_440  # noqa: PLR2004 - minutes of a day
    ):
        return int(hours) * 60 + int(minutes)
    node.fault(name, f"{text!r} is no time of day, expected HH:MM")
    return default


def _local(text: str) -> int | None:
    """Local ms of YYYY-MM-DD or YYYY-MM-DDTHH:MM, None if it is neither."""
    date, _, time = text.replace(" ", "T").partition("T")
    numbers = date.split("-")
    if len(numbers) != 3 or not all(number.isdecimal() for number in numbers):  # noqa: PLR2004 - year, month, day
        return None
    year, month, day = (int(number) for number in numbers)
    if not (1970 <= year <= 9999 and 1 <= month <= 12):  # noqa: PLR2004 - years that we can tell
        return None
    if not 1 <= day <= last_day_of_month(year, month):
        return None
    minutes = 0
    if time:
        clock = time.split(":")
        if len(clock) < 2 or not all(part.isdecimal() for part in clock[:2]):  # noqa: PLR2004 - HH:MM
            return None
        minutes = int(clock[0]) * 60 + int(clock[1])
        if minutes > 1_440:  # noqa: PLR2004 - minutes of a day
            return None
    return day_of(year, month, day) * DAY_MS + minutes * MINUTE_MS


def _is_day(month: int, day: int) -> bool:
    # 2000 was a leap year: 29 February is a day of the year.
    return 1 <= month <= 12 and 1 <= day <= last_day_of_month(2000, month)  # noqa: PLR2004 - months
