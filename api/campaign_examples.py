"""What OpenAPI shows of campaigns."""

from typing import Any, Final

Example = dict[str, Any]
AUDIENCE: Final[Example] = {"kind": "idle", "name": None, "days": 60}
PLAN_IN: Final[Example] = {
    "name": "Come and see the garden",
    "trigger": "spring-hello",
    "audience": {"kind": "idle", "days": 60},
    "starts_at": "2026-11-25T09:00:00Z",
    "ends_at": "2026-11-25T18:00:00Z",
    "rate_per_second": 100,
    "ramp_seconds": 60,
}
CAMPAIGN_IN: Final[Example] = {"campaign_id": "spring-2026", **PLAN_IN}
COUNT_IN: Final[Example] = {"audience": {"kind": "tier", "name": "gold"}}
COUNT: Final[Example] = {"members": 12480, "refused": 0, "seconds": 125}
WAKE_IN: Final[Example] = {"rate_per_second": 200, "ramp_seconds": 0}
CAMPAIGN: Final[Example] = {
    "campaign_id": "spring-2026",
    "name": "Come and see the garden",
    "kind": "message",
    "state": "running",
    "revision": 2,
    "trigger": "spring-hello",
    "activity": "campaign.spring",
    "audience": AUDIENCE,
    "starts_at": "2026-11-25T09:00:00.000Z",
    "ends_at": "2026-11-25T18:00:00.000Z",
    "rate_per_second": 100,
    "ramp_seconds": 60,
    "created_at": "2026-11-24T12:30:00.000Z",
    "written_by": "ana",
    "approved_by": "bea",
    "started_at": "2026-11-25T09:00:00.200Z",
    "ended_at": None,
    "progress": {
        "audience": 12480,
        "sent": 4200,
        "left": 8280,
        "refused": 0,
        "seconds_left": 83,
    },
    "detail": None,
    "steps": [{"at": "2026-11-24T15:00:00.000Z", "by": "bea", "what": "started"}],
}
CAMPAIGNS: Final[Example] = {"items": [CAMPAIGN], "next_cursor": None}
LIST: Final[Example] = {
    "list_id": "l-6f1ed002ab5595859014ebf0951522d9",
    "taken": 12480,
    "refused": 1,
    "faults": [{"row": 17, "pointer": "/member_id", "detail": "is missing"}],
}
