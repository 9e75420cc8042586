"""What is doubtful in a trigger that is sound."""

from collections.abc import Iterator

from loyalty.campaigns import listens
from loyalty.engagement.rules import (
    ACTIVITY,
    GEOFENCE_ENTER,
    NEAR_REWARD,
    SEQUENCE,
)
from loyalty.program import Program
from loyalty.publishing.findings import WARNING, Finding
from loyalty.publishing.message_findings import message_findings


def trigger_findings(program: Program, rule_id: str) -> Iterator[Finding]:
    """Triggers that nothing keeps from firing time and again, or from speaking."""
    for trigger in program.triggers:
        if trigger.trigger_id != rule_id:
            continue
        often = trigger.kind in (NEAR_REWARD, ACTIVITY, GEOFENCE_ENTER, SEQUENCE)
        # A campaign reaches each member once by itself.
        if often and not listens(trigger) and not trigger.cooldown_ms:
            detail = "may fire many times a day: no cooldown"
            yield Finding("no-cap", WARNING, "/rule/cooldown_days", detail)
        for number, step in enumerate(trigger.steps):
            if step.message is not None and not step.message.urgent:
                place = f"/steps/{number}" if len(trigger.steps) > 1 else ""
                yield from message_findings(program, step.message, f"{place}/message")
