"""How often messages may go, from a document: caps, and what they hold for."""

from typing import Final

from loyalty.document import Node
from loyalty.engagement.rules import CAP_CHOICES
from loyalty.frequency import CALENDAR, ROLLING, FrequencyCap
from loyalty.limits import CAP_DAYS_MAX
from loyalty.periods import DAY, MONTH, WEEK

CAP_TIMES_MAX: Final = 32


def frequency_cap(node: Node) -> FrequencyCap:
    """Read a cap; the caller closes the node."""
    kind = node.choice("kind", (CALENDAR, ROLLING))
    if kind == ROLLING and node.has("period"):
        node.fault("period", "belongs to the kind calendar")
    if kind == CALENDAR and node.has("days"):
        node.fault("days", "belongs to the kind rolling")
    return FrequencyCap(
        node.number("times", minimum=1, maximum=CAP_TIMES_MAX),
        kind,
        node.choice("period", (DAY, WEEK, MONTH)),
        node.number("days", minimum=1, default=1, maximum=CAP_DAYS_MAX),
    )


def caps_of(node: Node) -> tuple[str, FrequencyCap | None]:
    """Read how the caps on all messages apply to one, and the cap of its own."""
    own = None
    if node.has("own_frequency"):
        part = node.part("own_frequency")
        own = frequency_cap(part)
        part.close()
    return node.choice("frequency", CAP_CHOICES), own
