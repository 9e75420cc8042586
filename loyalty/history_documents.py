"""Conditions over what members bought, from their document."""

from loyalty.condition_documents import Context, condition, lines_in
from loyalty.conditions import ANY_LINE, Bought, LineMatch, When
from loyalty.document import Node
from loyalty.histories import history_id
from loyalty.limits import (
    BOUGHT_CONDITIONS_MAX,
    BOUGHT_TIMES_MAX,
    DAY_MS,
    WINDOW_DAYS_MAX,
)


def past_condition(node: Node, context: Context) -> When:
    """Read when and for whom a rule holds, also by what the member has bought."""
    bought = node.each("bought", _bought, BOUGHT_CONDITIONS_MAX)
    when = condition(node, context)
    return when._replace(bought=bought) if bought else when


def history_match(node: Node) -> LineMatch:
    """Read lines that are remembered before any rule asks for them."""
    match = lines_in(node)
    if match is ANY_LINE:
        node.fault("", "names no lines: orders are counted anyway")
    return match


def _bought(node: Node) -> Bought:
    times_min = 0
    if node.has("times_min"):
        times_min = node.number("times_min", minimum=1, maximum=BOUGHT_TIMES_MAX)
    times_max = None
    if node.has("times_max"):
        times_max = node.number("times_max", maximum=BOUGHT_TIMES_MAX - 1)
    within_ms = node.number("within_days", default=0, maximum=WINDOW_DAYS_MAX) * DAY_MS
    match = lines_in(node)
    if match is ANY_LINE:
        node.fault("", "names no lines: orders_min and order_number count orders")
    if times_max is None and not times_min:
        node.fault("", "asks nothing: times_min or times_max")
    if times_max is not None and times_max < times_min:
        node.fault("times_max", "is below times_min: it would never hold")
    return Bought(match, history_id(match), times_min, times_max, within_ms)
