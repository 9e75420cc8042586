"""Examples of what is sent out, for OpenAPI; tests prove that they are sound."""

from typing import Any, Final

Example = dict[str, Any]

WEBHOOK_NEW: Final[Example] = {
    "url": "https://hooks.example.com/regulars",
    "event_types": ["message.push", "tier.changed"],
    "description": "push provider",
}
WEBHOOK_CHANGE: Final[Example] = {
    "event_types": ["message.push", "points.earned"],
    "status": "active",
}
ROTATION: Final[Example] = {"overlap_hours": 24}
WEBHOOK: Final[Example] = {
    "id": "ep_5f0c6a52d1e24f7b",
    "url": "https://hooks.example.com/regulars",
    "event_types": ["message.push", "tier.changed"],
    "description": "push provider",
    "status": "active",
    "disabled_why": "",
    "secrets": 1,
    "created_at": "2026-03-02T12:00:00.000Z",
    "created_by": "marketing",
    "revision": 1,
}
WEBHOOKS: Final[Example] = {"items": [WEBHOOK]}
WEBHOOK_SECRET: Final[Example] = {
    **WEBHOOK,
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=",
}
DELIVERY: Final[Example] = {
    "id": "msg_0123456789abcdef0123456789abcdef:ep_5f0c6a52d1e24f7b",
    "webhook_id": "msg_0123456789abcdef0123456789abcdef",
    "event_type": "message.push",
    "member_id": "household-900",
    "campaign_id": "near-dessert",
    "status": "dead",
    "attempts": 10,
    "http_status": 500,
    "detail": "answered 500",
    "created_at": "2026-03-02T12:00:00.000Z",
    "attempted_at": "2026-03-05T16:00:00.000Z",
}
DELIVERIES: Final[Example] = {"items": [DELIVERY], "next_cursor": None}
REPLAY: Final[Example] = {
    "since": "2026-03-02T00:00:00Z",
    "until": "2026-03-06T00:00:00Z",
    "event_types": ["message.push"],
}
REPLAYED: Final[Example] = {"replayed": 12, "more": False}
QUEUED: Final[Example] = {"delivery_id": DELIVERY["id"]}
STOP: Final[Example] = {"reason": "wrong price in the text"}
PACE: Final[Example] = {"per_second": 200, "ramp_seconds": 600}
CONTROLS: Final[Example] = {
    "stops": [
        {
            "scope": "campaign:near-dessert",
            "by": "marketing",
            "at": "2026-03-02T12:00:00.000Z",
            "reason": "wrong price in the text",
        }
    ],
    "paces": [{"scope": "channel:push", **PACE}],
    "lanes": [
        {
            "target": "ep_5f0c6a52d1e24f7b",
            "channel": "push",
            "campaign_id": "near-dessert",
            "waiting": 120,
            "due_at": "2026-03-02T12:00:00.000Z",
            "is_stopped": True,
        }
    ],
    "breakers": [
        {
            "target": "ep_5f0c6a52d1e24f7b",
            "failures": 12,
            "open_until": "2026-03-02T12:00:30.000Z",
        }
    ],
}
INBOX_MESSAGE: Final[Example] = {
    "id": "msg_0123456789abcdef0123456789abcdef",
    "campaign_id": "near-dessert",
    "title": "Almost there",
    "body": "30 points to a dessert",
    "created_at": "2026-03-02T12:00:00.000Z",
    "expires_at": None,
    "read_at": None,
    "dismissed_at": None,
}
INBOX: Final[Example] = {"items": [INBOX_MESSAGE], "unread": 1, "next_cursor": None}
MARK: Final[Example] = {"state": "read"}
ADDRESS: Final[Example] = {"address": "ann@example.com"}
PREVIEW: Final[Example] = {
    "template": {
        "id": "almost-there",
        "purpose": "marketing",
        "texts": {"inbox": {"title": "Almost there", "body": "{{ points }} to go"}},
    },
    "values": {"points": "30"},
}
PREVIEWED: Final[Example] = {
    "template_id": "almost-there",
    "names": ["points"],
    "texts": [
        {"channel": "inbox", "title": "Almost there", "body": "30 to go", "html": ""}
    ],
}
