"""Steps of rules in the name of whoever is signed in, by the API's own way."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from fastapi import Request, Response

from api.console.showing import EPOCH
from api.console.viewers import Viewer
from api.principals import Principal
from api.problems import InvalidRequest
from api.rule_asking import Asking
from api.rule_steps import RuleDesk
from loyalty.limits import REASON_LENGTH_MAX
from loyalty.zones import Zone, utc_ms

CLIENT: Final = "console"


def asking_of(
    request: Request, desk: RuleDesk, *, now: int, revision: str = ""
) -> Asking:
    """Asking of the viewer, who saw a rule at a revision."""
    viewer: Viewer = request.state.viewer
    caller = Principal(viewer.subject, CLIENT, viewer.scopes)
    # What is no revision is none that a rule is at.
    seen = revision if revision.isdecimal() else "none"
    return Asking(
        response=Response(), desk=desk, caller=caller, now=now, if_match=f'"{seen}"'
    )


def why_of(form: Mapping[str, str], *, needed: str = "") -> str:
    """
    Reason that a form gives; `needed` is what to say when there is none.

    Raises: InvalidRequest.
    """
    why = form.get("why", "").strip()[:REASON_LENGTH_MAX]
    if needed and not why:
        raise InvalidRequest(needed)
    return why


def local_time(text: str, zone: Zone, fault: str) -> int:
    """
    Time in ms of a local time such as 2026-06-15T17:30; 0 for none.

    Raises: InvalidRequest with `fault`.
    """
    if not text.strip():
        return 0
    try:
        local = datetime.fromisoformat(text.strip()).replace(tzinfo=UTC)
        return utc_ms(zone, (local - EPOCH) // timedelta(milliseconds=1))
    except ValueError as error:
        raise InvalidRequest(fault) from error
