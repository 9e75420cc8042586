"""The fields of each kind of trigger, and what a new one begins with."""

from collections.abc import Mapping
from typing import Any, Final

from api.console.rulebook.fields import (
    CHOICE,
    FLAG,
    HOLDOUT,
    MINIMUM,
    MONEY,
    TEXT,
    TIME,
    WHEN,
    WHO,
    Field,
    Group,
    Path,
)
from api.console.rulebook.step_fields import (
    STEPS,
    STEPS_PATH,
    asked_fields,
    delay_fields,
    message_fields,
    named,
)
from loyalty.engagement.rules import ABANDONED_BASKET as BASKET
from loyalty.engagement.rules import (
    ACTIVITY,
    ANNIVERSARY,
    BIRTHDAY,
    GEOFENCE_ENTER,
    LAPSED,
    NEAR_REWARD,
    OFFER_GRANTED,
    OFFER_VIEWED,
    ORDER,
    ORDER_READY,
    POINTS_EXPIRING,
    SEQUENCE,
    STREAK_AT_RISK,
    TIER_EXPIRING,
    TIER_UP,
    TRIGGER_KINDS,
)

KIND: Final = Field("occasion", ("kind",), CHOICE, TRIGGER_KINDS, turns=True)
WITHIN: Final = Field("within_minutes", ("within_minutes",))
ANY_OFFER: Final = Field("any_offer", ("offer",), TEXT, known="all_offers")
BEFORE: Final = (
    Field("days_before", ("days_before",)),
    Field("hours_before", ("hours_before",)),
)
SENDING: Final = (
    Field("cooldown_days", ("cooldown_days",)),
    Field("priority", ("priority",)),
)
YEARLY: Final = (
    BEFORE[0],
    Field("days_after", ("days_after",)),
    Field("day_at", ("at",), TIME),
)


def _act(part: str) -> tuple[Field, ...]:
    path: Path = (part,)
    act = Field(f"{part}-act", (*path, "activity"), TEXT, known="activities")
    return act, *asked_fields(path)


OCCASIONS: Final[Mapping[str, tuple[Field, ...]]] = {
    NEAR_REWARD: (
        Field("offer", ("offer",), TEXT, known="offers"),
        Field("within_points", ("within_points",)),
    ),
    ORDER: (
        MINIMUM,
        Field("over", ("over_minor",), MONEY),
        *WHO[2:],
    ),
    ACTIVITY: (
        Field("activity", ("activity",), TEXT, known="activities"),
        *asked_fields(()),
    ),
    GEOFENCE_ENTER: asked_fields(()),
    ORDER_READY: asked_fields(()),
    TIER_UP: (),
    OFFER_GRANTED: (ANY_OFFER, WITHIN),
    OFFER_VIEWED: (ANY_OFFER, WITHIN),
    BASKET: (WITHIN,),
    SEQUENCE: (*_act("first"), *_act("then"), *_act("without"), WITHIN),
    LAPSED: (
        Field("lapsed_days", ("days",)),
        Field("rhythm", ("rhythm",), TEXT),
        Field("gap_least", ("days_min",)),
        Field("gap_most", ("days_max",)),
    ),
    POINTS_EXPIRING: (Field("wallet", ("wallet",), TEXT, known="wallets"), *BEFORE),
    TIER_EXPIRING: BEFORE,
    BIRTHDAY: YEARLY,
    ANNIVERSARY: YEARLY,
    STREAK_AT_RISK: (
        Field("streak", ("streak",), TEXT, known="streaks"),
        *BEFORE,
        Field("length_min", ("length_min",)),
    ),
}
PUSH: Final[Mapping[str, Any]] = {"template": "", "channels": ["push", "inbox"]}
# What a new trigger begins with, by what people want: several are of one kind.
TRIGGER_STARTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "near_reward": {"kind": NEAR_REWARD, "within_points": 100, "cooldown_days": 30},
    "abandoned_basket": {"kind": BASKET, "within_minutes": 60, "message": PUSH},
    "lapsed": {
        "kind": LAPSED,
        "days": 30,
        "rhythm": "2",
        "days_min": 10,
        "message": PUSH,
    },
    "win_back": {
        "kind": LAPSED,
        "days": 45,
        "steps": [
            {"message": PUSH},
            {"delay": {"days": 14, "at": "18:00"}, "message": PUSH, "points": 50},
            {"delay": {"days": 30, "at": "18:00"}, "message": PUSH, "points": 100},
        ],
    },
    "nth_order": {"kind": ORDER, "when": {"order_number": 5}, "message": PUSH},
    "review": {"kind": ORDER, "delay": {"hours": 2}, "message": PUSH},
    "order_ready": {
        "kind": ORDER_READY,
        "message": {"template": "", "channels": ["push"], "urgent": True},
    },
    "offer_viewed": {"kind": OFFER_VIEWED, "within_minutes": 1_440, "message": PUSH},
    "offer_granted": {"kind": OFFER_GRANTED, "within_minutes": 4_320, "message": PUSH},
    "points_expiring": {"kind": POINTS_EXPIRING, "days_before": 14, "message": PUSH},
    "tier_expiring": {"kind": TIER_EXPIRING, "days_before": 30, "message": PUSH},
    "tier_up": {"kind": TIER_UP, "message": PUSH},
    "birthday": {"kind": BIRTHDAY, "at": "10:00", "message": PUSH},
    "anniversary": {"kind": ANNIVERSARY, "at": "10:00", "message": PUSH},
    "streak_at_risk": {
        "kind": STREAK_AT_RISK,
        "streak": "",
        "hours_before": 48,
        "length_min": 2,
        "message": PUSH,
    },
    "geofence_enter": {
        "kind": GEOFENCE_ENTER,
        "cooldown_days": 7,
        "message": PUSH,
    },
    "activity": {
        "kind": ACTIVITY,
        "activity": "weather",
        "at_least": {"temperature": 30},
        "cooldown_days": 3,
        "message": PUSH,
    },
    "campaign": {"kind": ACTIVITY, "activity": "campaign.spring", "message": PUSH},
    "sequence": {
        "kind": SEQUENCE,
        "first": {"activity": "menu.viewed"},
        "without": {"activity": "order"},
        "within_minutes": 120,
        "message": PUSH,
    },
}


def trigger_groups(document: Mapping[str, Any]) -> tuple[Group, ...] | None:
    """Groups of fields of a trigger; None for a kind that there is not."""
    kind = document.get("kind", NEAR_REWARD)
    if not isinstance(kind, str) or kind not in OCCASIONS:
        return None
    steps = (field for path in step_paths(document) for field in step_fields(path))
    return (
        ("occasion", (KIND, *OCCASIONS[kind])),
        (STEPS, tuple(steps)),
        ("when", WHEN),
        ("who", (*WHO[:2], HOLDOUT)),
        ("sending", SENDING),
    )


def step_paths(document: Mapping[str, Any]) -> list[Path]:
    """Where each step stands: in a list, or the only one in the trigger itself."""
    if document.get("steps") is None:
        return [()]
    steps = document["steps"]
    return [
        (*STEPS_PATH, number)
        for number, one in enumerate(steps if isinstance(steps, list) else ())
        if isinstance(one, Mapping)
    ]


def step_fields(path: Path) -> tuple[Field, ...]:
    """Fields of a step at a path: when, what is sent, what is given."""
    message = (*path, "message")
    return (
        *delay_fields((*path, "delay")),
        *message_fields(message),
        Field(named(message, "urgent"), (*message, "urgent"), FLAG),
        Field(named(path, "step_points"), (*path, "points")),
        Field(
            named(path, "step_wallet"), (*path, "points_wallet"), TEXT, known="wallets"
        ),
    )
