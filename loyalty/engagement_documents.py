"""When messages may go, how often and to whom, from a program's document."""

from loyalty.cap_documents import frequency_cap
from loyalty.condition_documents import Context, window_of
from loyalty.document import Node
from loyalty.engagement.rules import EngagementPolicy, SendCap
from loyalty.limits import SEND_CAPS_MAX
from loyalty.messages import CHANNELS, PURPOSES
from loyalty.trigger_step_documents import clock_minute
from loyalty.windows import EVERY_DAY, DayPart


def engagement(node: Node, context: Context) -> EngagementPolicy:
    """Read the policy for messages of all triggers."""
    schedule = node.part("send_window")
    window = window_of(schedule, context)
    schedule.close()
    read = EngagementPolicy(
        _quiet(node.part("quiet_hours")) if node.has("quiet_hours") else None,
        window,
        node.names("consent_assumed", among=CHANNELS),
        node.each("frequency", _cap, SEND_CAPS_MAX),
        node.number("holdout_percent", default=0, maximum=100),
    )
    node.close()
    return read


def _quiet(node: Node) -> DayPart | None:
    begins, ends = clock_minute(node, "from", 0), clock_minute(node, "to", 0)
    quiet = DayPart(EVERY_DAY, begins, ends)
    node.close()
    if quiet.from_minute == quiet.to_minute:
        node.fault("to", "is the same as from: nothing would ever be sent")
        return None
    return quiet


def _cap(node: Node) -> SendCap:
    return SendCap(
        frequency_cap(node),
        node.names("channels", among=CHANNELS),
        node.names("purposes", among=PURPOSES),
    )
