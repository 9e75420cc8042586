"""Parts that many rules share in a program's document: lines, times, caps, waiting."""

from typing import Final, NamedTuple, Protocol

from loyalty.conditions import (
    ANY_LINE,
    ANY_TIME,
    JOINTS,
    MEMBER,
    PROGRAM,
    STORE,
    Joint,
    LineMatch,
    When,
)
from loyalty.document import Node
from loyalty.events import ITEM
from loyalty.limits import CASE_DEPTH_MAX, CASES_MAX, CASES_OF_RULE_MAX
from loyalty.time_documents import (
    MINUTES_OF_DAY,
    minute_of_day,
    moment,
)
from loyalty.windows import ALWAYS, DayPart, Window
from loyalty.zones import Zone

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
# What only the member's book knows: it is asked of a rule, not of one of its cases.
OF_THE_BOOK: Final = ("tiers", "order_number", "every_order", "bought")


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
    match = lines_in(node)
    node.close()
    return match


def lines_in(node: Node) -> LineMatch:
    """Read lines out of a part that holds more than them."""
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
    # What looks at every line is known by identity, see matching.matches.
    return ANY_LINE if match == ANY_LINE else match


def condition(node: Node, context: Context, *, depth: int = 0) -> When:
    """Read when and for whom a rule holds, or a case of it so many joints deep."""
    schedule = node.part("schedule")
    when = When(
        stores=node.names("stores"),
        channels=node.names("channels", among=CHANNELS),
        window=window_of(schedule, context),
        clock=schedule.choice("clock", (STORE, MEMBER, PROGRAM)),
        from_at=moment(node, "from", context.zone),
        until_at=moment(node, "until", context.zone),
        tiers=node.names("tiers"),
        segments=node.names("segments"),
        order_number=node.number("order_number", default=0, maximum=1_000_000),
        every_order=node.number("every_order", default=0, maximum=1_000_000),
        joints=_joints(node, context, depth=depth),
    )
    schedule.close()
    node.close()
    if when.until_at and when.until_at <= when.from_at:
        node.fault("until", "is not after from: the rule would never hold")
    return ANY_TIME if when == ANY_TIME else when


def _joints(node: Node, context: Context, *, depth: int) -> tuple[Joint, ...]:
    joints = []
    for kind in JOINTS:
        if node.raw(kind) is None:
            continue
        if depth == CASE_DEPTH_MAX:
            node.fault(kind, f"is more than {CASE_DEPTH_MAX} levels deep")
            continue
        cases = node.each(
            kind, lambda one: _case(one, context, depth=depth + 1), CASES_MAX
        )
        if not cases:
            node.fault(kind, "has no case")
        joints.append(Joint(kind, cases))
    count = sum(map(_size, joints))
    if not depth and count > CASES_OF_RULE_MAX:
        node.fault(
            joints[-1].kind, f"{count} cases in all, {CASES_OF_RULE_MAX} at most"
        )
    return tuple(joints)


def _case(node: Node, context: Context, *, depth: int) -> When:
    for name in OF_THE_BOOK:
        if node.has(name):
            node.raw(name)
            node.fault(name, "is asked of the whole rule, beside its cases")
    when = condition(node, context, depth=depth)
    if when is ANY_TIME:
        node.fault("", "asks nothing")
    return when


def _size(joint: Joint) -> int:
    inner = (one for case in joint.cases for one in case.joints)
    return len(joint.cases) + sum(map(_size, inner))


def basis_points(node: Node, name: str, *, default: str, maximum: int) -> int:
    """Read a factor such as "1.5" as basis points (15,000); at most 4 decimals."""
    text = str(node.raw(name) if node.has(name) else default)
    whole, _, part = text.partition(".")
    if not whole.isdecimal() or len(part) > 4 or (part and not part.isdecimal()):  # noqa: PLR2004 - a basis point is the fourth decimal
        node.fault(name, 'expected a factor such as "1.5", at most 4 decimals')
        # Anything that nobody takes for another fault.
        return maximum
    value = int(whole) * 10_000 + int(part.ljust(4, "0"))
    if value > maximum:
        node.fault(name, f"is {text}, at most {maximum // 10_000}")
    return value


def window_of(schedule: Node, context: Context) -> Window:
    """Read when something is open: day-parts, or a recurrence, or always."""
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
    days = node.names("days", among=WEEKDAYS) & set(WEEKDAYS) or frozenset(WEEKDAYS)
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
    value = node.raw(name)
    # YAML reads 17:00 without quotes as 17 times 60: minutes of the day already.
    is_minutes = isinstance(value, int) and not isinstance(value, bool)
    minute = value if is_minutes else minute_of_day(str(value))
    if minute is not None and 0 <= minute <= MINUTES_OF_DAY:
        return int(minute)
    node.fault(name, f"{value!r} is no time of day, expected HH:MM")
    return default
