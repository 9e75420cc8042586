"""What is doubtful in a trigger that is sound."""

from collections.abc import Iterator

from loyalty.engagement.rules import (
    ACTIVITY,
    GEOFENCE_ENTER,
    NEAR_REWARD,
    SEQUENCE,
)
from loyalty.program import Program
from loyalty.publishing.findings import WARNING, Finding


def trigger_findings(program: Program, rule_id: str) -> Iterator[Finding]:
    """Triggers that nothing keeps from firing time and again."""
    for trigger in program.triggers:
        often = trigger.kind in (NEAR_REWARD, ACTIVITY, GEOFENCE_ENTER, SEQUENCE)
        if trigger.trigger_id == rule_id and often and not trigger.cooldown_ms:
            detail = "may fire many times a day: no cooldown"
            yield Finding("no-cap", WARNING, "/rule/cooldown_days", detail)
