"""Steps of a journey from their document: each kind, one function."""

from collections.abc import Callable
from typing import Final

from loyalty.conditions import MEMBER, PROGRAM
from loyalty.document import Node
from loyalty.journeys.journey import (
    ANY,
    END,
    NO_MINUTE,
    Branch,
    Delay,
    Fork,
    Give,
    JourneyStep,
    Leave,
    Occasion,
    Send,
    Share,
    Split,
    Test,
    Wait,
    WaitFor,
    Way,
)
from loyalty.limits import (
    JOURNEY_STEPS_MAX,
    JOURNEY_VALUES_MAX,
    JOURNEY_WAYS_MAX,
    POINTS_MAX,
    TEXT_LENGTH_MAX,
    WINDOW_DAYS_MAX,
)
from loyalty.messages import CHANNELS
from loyalty.reward_documents import RULE_POINTS_MAX, id_of
from loyalty.rules import POINTS
from loyalty.time_documents import MINUTES_OF_DAY, minute_of_day

HOUR_MS: Final = 3_600_000
MINUTE_MS: Final = 60_000
# How a document names the end.
END_WORD: Final = "end"
HUNDRED: Final = 100
ReadOccasion = Callable[[Node], Occasion]


def steps_of(node: Node, occasion: ReadOccasion) -> tuple[JourneyStep, ...]:
    """Read all steps; one that does not say where it leads leads to the next one."""
    listed = node.raw("steps")
    ids = [
        str(one.get("id", "")) if isinstance(one, dict) else ""
        for one in (listed if isinstance(listed, list) else [])
    ]
    if not ids:
        node.fault("steps", "a journey has at least one step")
    following = iter((*ids[1:], END))
    return node.each(
        "steps",
        lambda one: _step(one, next(following, END), occasion),
        JOURNEY_STEPS_MAX,
    )


def _step(node: Node, following: str, occasion: ReadOccasion) -> JourneyStep:
    step_id = id_of(node)
    if step_id == END_WORD:
        node.fault("id", f"{END_WORD} is where every journey ends, and no step")
    kind = node.choice("kind", tuple(KINDS))
    if not node.has("kind"):
        node.fault("kind", f"expected one of {', '.join(KINDS)}")
    if kind == "wait_for":
        return _wait_for(node, step_id, following, occasion=occasion)
    return KINDS[kind](node, step_id, following)


def _wait(node: Node, step_id: str, following: str) -> Wait:
    return Wait(step_id, _next(node, "next", following), _delay(node))


def _wait_for(
    node: Node, step_id: str, following: str, *, occasion: ReadOccasion
) -> WaitFor:
    def way(one: Node) -> Way:
        return Way(occasion(one), _next(one, "next", None))

    ways = node.each("for", way, JOURNEY_WAYS_MAX)
    if not ways:
        node.fault("for", "waits for nothing: use kind: wait")
    return WaitFor(step_id, _next(node, "else", following), _delay(node), ways)


def _branch(node: Node, step_id: str, following: str) -> Branch:
    def fork(one: Node) -> Fork:
        return Fork(_test(one.part("if")), _next(one, "next", None))

    forks = node.each("branches", fork, JOURNEY_WAYS_MAX)
    if not forks:
        node.fault("branches", "needs at least one branch")
    return Branch(step_id, _next(node, "else", following), forks)


def _split(node: Node, step_id: str, _: str) -> Split:
    def share(one: Node) -> Share:
        percent = one.number("percent", minimum=1, maximum=HUNDRED)
        return Share(percent, _next(one, "next", None))

    shares = node.each("shares", share, JOURNEY_WAYS_MAX)
    total = sum(share.percent for share in shares)
    if total != HUNDRED:
        node.fault("shares", f"come to {total} of 100 members")
    return Split(step_id, shares)


def _send(node: Node, step_id: str, following: str) -> Send:
    names = node.names("channels", among=CHANNELS)
    part = node.part("values")
    keys = part.keys()
    if len(keys) > JOURNEY_VALUES_MAX:
        part.fault("", f"has {len(keys)} values, at most {JOURNEY_VALUES_MAX}")
    values = tuple((key, part.text(key, maximum=TEXT_LENGTH_MAX)) for key in keys)
    part.close()
    hours = node.number(
        "expires_hours", minimum=1, default=24, maximum=24 * WINDOW_DAYS_MAX
    )
    return Send(
        step_id,
        _next(node, "next", following),
        node.text("template"),
        tuple(channel for channel in CHANNELS if channel in names),
        hours * HOUR_MS,
        values,
    )


def _give(node: Node, step_id: str, following: str) -> Give:
    return Give(
        step_id,
        _next(node, "next", following),
        node.number("points", minimum=1, maximum=RULE_POINTS_MAX),
        node.text("wallet", default=POINTS),
    )


def _leave(node: Node, step_id: str, _: str) -> Leave:
    return Leave(step_id, node.text("reason", default="", maximum=TEXT_LENGTH_MAX))


KINDS: Final[dict[str, Callable[[Node, str, str], JourneyStep]]] = {
    "message": _send,
    "wait": _wait,
    # It needs to be told how to read what it waits for.
    "wait_for": _wait,
    "branch": _branch,
    "split": _split,
    "give": _give,
    "exit": _leave,
}


def _next(node: Node, name: str, following: str | None) -> str:
    """Step that a property names; without it the one that follows, if that will do."""
    named = node.text(name, default=following)
    return END if named == END_WORD else named


def _delay(node: Node) -> Delay:
    days = node.number("days", default=0, maximum=WINDOW_DAYS_MAX)
    hours = node.number("hours", default=0, maximum=24 * WINDOW_DAYS_MAX)
    minutes = node.number("minutes", default=0, maximum=1_440 * WINDOW_DAYS_MAX)
    at_minute = _minute(node) if node.has("at") else NO_MINUTE
    clock = node.choice("clock", (MEMBER, PROGRAM))
    ms = hours * HOUR_MS + minutes * MINUTE_MS
    if at_minute != NO_MINUTE and ms:
        node.fault("at", "hours and minutes are exact, and have no time of the day")
    if at_minute == NO_MINUTE and not (days or ms):
        node.fault("", "waits for no time: give days, hours, minutes or at")
    return Delay(days, ms, at_minute, clock)


def _minute(node: Node) -> int:
    value = node.raw("at")
    # YAML reads 17:00 without quotes as 17 times 60: minutes of the day already.
    is_minutes = isinstance(value, int) and not isinstance(value, bool)
    minute = int(value) if is_minutes else minute_of_day(str(value))
    if minute is None or not 0 <= minute < MINUTES_OF_DAY:
        node.fault("at", f"{value!r} is no time of day, expected HH:MM")
        return NO_MINUTE
    return minute


def _test(node: Node) -> Test:
    test = Test(
        tiers=node.names("tiers"),
        segments=node.names("segments"),
        zones=node.names("time_zones"),
        wallet=node.text("wallet", default=POINTS),
        balance_min=_bound(node, "balance_min"),
        balance_max=_bound(node, "balance_max"),
        orders_min=_bound(node, "orders_min"),
        orders_max=_bound(node, "orders_max"),
        ordered=int(node.flag("ordered")) if node.has("ordered") else ANY,
        seen=node.names("seen"),
    )
    if test == Test():
        node.fault("", "asks for nothing: it would hold for everybody")
    for low, high, name in (
        (test.balance_min, test.balance_max, "balance_max"),
        (test.orders_min, test.orders_max, "orders_max"),
    ):
        if ANY not in (low, high) and high < low:
            node.fault(name, f"is below the least, {low}: it would never hold")
    if len(test.seen) > JOURNEY_VALUES_MAX:
        node.fault("seen", f"names more than {JOURNEY_VALUES_MAX} activities")
    node.close()
    return test


def _bound(node: Node, name: str) -> int:
    return node.number(name, maximum=POINTS_MAX) if node.has(name) else ANY
