"""Triggers of a program, from their document."""

from typing import Final

from loyalty.award_documents import minimum_minor
from loyalty.condition_documents import Context, basis_points, condition
from loyalty.document import Node
from loyalty.engagement.acts import TOLD_AS
from loyalty.engagement.rules import (
    ABANDONED_BASKET,
    ACTIVITY,
    AN_ORDER,
    ANNIVERSARY,
    BIRTHDAY,
    LAPSED,
    NEAR_REWARD,
    OF_ACTS,
    SEQUENCE,
    STREAK_AT_RISK,
    TRIGGER_KINDS,
    Act,
    Trigger,
)
from loyalty.limits import (
    DAY_MS,
    POINTS_MAX,
    PRIORITY_MAX,
    WINDOW_DAYS_MAX,
)
from loyalty.reward_documents import id_of
from loyalty.rules import POINTS
from loyalty.time_documents import MINUTE_MS
from loyalty.trigger_kind_documents import OF_KINDS, unfit
from loyalty.trigger_step_documents import YEAR_MINUTES, clock_minute, steps_of

NO_ACT: Final = Act("")


def trigger(node: Node, context: Context) -> Trigger:
    """Read a trigger: on which occasion, after which time, what is sent and given."""
    kind = node.choice("kind", TRIGGER_KINDS)
    first, then, without = _acts(node, kind)
    read = Trigger(
        id_of(node),
        kind,
        offer_id=_offer(node, kind),
        within_points=_within_points(node, kind),
        cooldown_ms=node.number("cooldown_days", default=0, maximum=WINDOW_DAYS_MAX)
        * DAY_MS,
        when=condition(node.part("when"), context),
        steps=steps_of(node),
        priority=node.number("priority", default=0, maximum=PRIORITY_MAX),
        holdout_percent=node.number("holdout_percent", default=0, maximum=100),
        within_ms=_within_ms(node, kind),
        minimum_minor=minimum_minor(node),
        first=first,
        then=then,
        without=without,
        days=_days(node, kind),
        days_min=node.number("days_min", default=1, maximum=WINDOW_DAYS_MAX),
        days_max=node.number("days_max", default=365, maximum=WINDOW_DAYS_MAX),
        rhythm_bp=_rhythm(node),
        at_minute=clock_minute(node, "at", 0),
        wallet=node.text("wallet", default=POINTS),
        streak_id=node.text("streak") if kind == STREAK_AT_RISK else "",
        length_min=node.number("length_min", minimum=1, default=1, maximum=1_000),
    )
    unfit(node, read)
    return read


def _within_points(node: Node, kind: str) -> int:
    if kind != NEAR_REWARD:
        return 0
    return node.number("within_points", minimum=1, maximum=POINTS_MAX)


def _offer(node: Node, kind: str) -> str:
    if kind == NEAR_REWARD:
        return node.text("offer")
    return node.text("offer", default="")


def _within_ms(node: Node, kind: str) -> int:
    """How long a sequence or an offer has, or how long before an end it is told."""
    if kind in OF_KINDS["within_minutes"]:
        minutes = node.number("within_minutes", minimum=1, maximum=YEAR_MINUTES)
        return minutes * MINUTE_MS
    if kind not in OF_KINDS["hours_before"]:
        return 0
    days = node.number("days_before", default=0, maximum=365)
    hours = node.number("hours_before", default=0, maximum=8_760)
    if not days and not hours:
        node.fault("days_before", "needs days_before or hours_before")
    return (days * 24 + hours) * 60 * MINUTE_MS


def _days(node: Node, kind: str) -> int:
    """Days of a lapse; days from a birthday, less than 0 before it."""
    if kind == LAPSED:
        return node.number("days", minimum=1, maximum=WINDOW_DAYS_MAX)
    if kind not in (BIRTHDAY, ANNIVERSARY):
        return 0
    before = node.number("days_before", default=0, maximum=60)
    after = node.number("days_after", default=0, maximum=60)
    if before and after:
        node.fault("days_after", "days_before and days_after exclude each other")
    return after - before


def _rhythm(node: Node) -> int:
    if not node.has("rhythm"):
        return 0
    return basis_points(node, "rhythm", default="1", maximum=100 * 10_000)


def _acts(node: Node, kind: str) -> tuple[Act, Act, Act]:
    """Acts that a trigger looks at: the only or first one, the second, the end."""
    if kind == SEQUENCE:
        first, then, without = (
            _act(node.part(name)) if node.has(name) else NO_ACT
            for name in ("first", "then", "without")
        )
        if not first.type:
            node.fault("first", "a sequence begins with something")
        if not then.type and not without.type:
            node.fault("then", "needs then, or without, or both")
        return first, then, without
    if kind == ABANDONED_BASKET:
        return _told_as(NO_ACT, kind), NO_ACT, Act(AN_ORDER)
    if kind == ACTIVITY:
        return _attributes_of(node, node.text("activity")), NO_ACT, NO_ACT
    if kind in OF_ACTS:
        return _told_as(_attributes_of(node, kind), kind), NO_ACT, NO_ACT
    return NO_ACT, NO_ACT, NO_ACT


def _told_as(act: Act, kind: str) -> Act:
    """Give an act the names that apps have for what a kind waits for."""
    name, *others = TOLD_AS[kind]
    return act._replace(type=name, also=tuple(others))


def _act(node: Node) -> Act:
    read = _attributes_of(node, node.text("activity"))
    node.close()
    if read.type == AN_ORDER and (read.at_least or read.at_most):
        node.fault("", "the attributes of an order are texts")
    return read


def _attributes_of(node: Node, activity: str) -> Act:
    texts = node.part("attributes")
    named = tuple((name, texts.text(name)) for name in texts.keys())  # noqa: SIM118 - a node is no mapping
    texts.close()
    return Act(activity, named, _numbers(node, "at_least"), _numbers(node, "at_most"))


def _numbers(node: Node, name: str) -> tuple[tuple[str, int], ...]:
    part = node.part(name)
    named = tuple(
        (key, part.number(key, minimum=-1_000_000_000, maximum=1_000_000_000))
        for key in part.keys()  # noqa: SIM118 - a node is no mapping
    )
    part.close()
    return named
