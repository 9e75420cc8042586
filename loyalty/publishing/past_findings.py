"""Conditions over what was bought that exclude each other."""

from collections.abc import Iterator

from loyalty.conditions import Bought, When
from loyalty.publishing.findings import Finding, warning


def past_findings(when: When) -> Iterator[Finding]:
    """Conditions that never hold together."""
    for place, least in enumerate(when.bought):
        for most in when.bought:
            if _exclude(least, most):
                detail = "another condition wants it bought less often"
                yield warning("unreachable", f"/when/bought/{place}/times_min", detail)
                break


def _exclude(least: Bought, most: Bought) -> bool:
    """Whether one wants more orders than another lets there be, in a time within."""
    if most.times_max is None or least.history_id != most.history_id:
        return False
    is_within = most.within_ms == 0 or 0 < least.within_ms <= most.within_ms
    return is_within and least.times_min > most.times_max
