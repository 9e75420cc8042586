"""Journeys of a program from their document; `docs/journeys.md` describes the form."""

from loyalty.award_documents import minimum_minor
from loyalty.condition_documents import Context, condition
from loyalty.document import Node
from loyalty.journeys.journey import (
    AFTER_DAYS,
    ALWAYS_AGAIN,
    EXIT,
    KEEP,
    NEVER_AGAIN,
    RESTART,
    Journey,
)
from loyalty.journeys.step_documents import steps_of
from loyalty.journeys.steps import (
    ACTIVITY,
    COMMAND,
    ORDER,
    RETURN,
    SEGMENT,
    TIER,
    TRIGGER,
    Occasion,
)
from loyalty.limits import (
    JOURNEY_EXITS_MAX,
    PRIORITY_MAX,
    SEGMENTS_MAX,
    TEXT_LENGTH_MAX,
    WINDOW_DAYS_MAX,
)
from loyalty.reward_documents import id_of

# What enters; waits and exits look for the first five, and for returns.
ENTRIES = (ORDER, ACTIVITY, TIER, SEGMENT, COMMAND, TRIGGER)
OCCASIONS = (ORDER, ACTIVITY, TIER, SEGMENT, COMMAND, RETURN)
NAMED = (ACTIVITY, COMMAND, TRIGGER)


def journey(node: Node, context: Context) -> Journey:
    """Read a journey."""
    journey_id = id_of(node)
    reentry = node.choice("reentry", (NEVER_AGAIN, AFTER_DAYS, ALWAYS_AGAIN))
    days = node.number("reentry_days", default=0, maximum=WINDOW_DAYS_MAX)
    if (reentry == AFTER_DAYS) != bool(days):
        node.fault("reentry_days", "belongs to reentry: after_days, which needs it")
    entry = node.part("entry")
    read = Journey(
        journey_id,
        node.text("name", default=journey_id, maximum=TEXT_LENGTH_MAX),
        occasion(entry, context, kinds=ENTRIES),
        steps_of(node, lambda way: occasion(way, context, kinds=OCCASIONS)),
        node.each("exits", lambda one: _exit(one, context), JOURNEY_EXITS_MAX),
        reentry,
        days,
        node.choice("on_change", (KEEP, RESTART, EXIT)),
        node.number("priority", default=0, maximum=PRIORITY_MAX),
    )
    entry.close()
    return read


def occasion(node: Node, context: Context, *, kinds: tuple[str, ...]) -> Occasion:
    """Read something that happens; the caller closes the node."""
    kind = node.choice("event", kinds)
    if not node.has("event"):
        node.fault("event", f"expected one of {', '.join(kinds)}")
    name = ""
    for named in NAMED:
        if named == kind:
            name = node.text(named)
        elif node.has(named):
            node.fault(named, f"does not belong to event: {kind}")
            node.raw(named)
    part = node.part("attributes")
    attributes = tuple((key, part.text(key)) for key in sorted(part.keys()))
    part.close()
    read = Occasion(
        kind,
        name,
        attributes,
        minimum_minor(node),
        node.names("to") if kind == TIER else frozenset(),
        condition(node.part("when"), context),
        *_segments(node, kind),
    )
    if attributes and kind not in (ACTIVITY, COMMAND):
        node.fault("attributes", f"does not belong to event: {kind}")
    if read.minimum_minor and kind != ORDER:
        node.fault("minimum_minor", f"does not belong to event: {kind}")
    return read


def _segments(node: Node, kind: str) -> tuple[frozenset[str], frozenset[str]]:
    """Segments that are joined, and those that are left."""
    if kind != SEGMENT:
        for name in ("joins", "leaves"):
            if node.has(name):
                node.fault(name, f"does not belong to event: {kind}")
                node.raw(name)
        return frozenset(), frozenset()
    joins, leaves = node.names("joins"), node.names("leaves")
    if not joins and not leaves:
        node.fault("joins", "needs joins, or leaves, or both")
    for name, found in (("joins", joins), ("leaves", leaves)):
        if len(found) > SEGMENTS_MAX:
            node.fault(name, f"names more than {SEGMENTS_MAX} segments")
    return joins, leaves


def _exit(node: Node, context: Context) -> Occasion:
    return occasion(node, context, kinds=OCCASIONS)
