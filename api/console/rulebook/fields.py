"""The fields of each common kind of rule: where each stands in the rule's document."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from loyalty.messages import EMAIL, INBOX, PURPOSES, PUSH, SMS
from loyalty.publishing.time_phrases import WEEKDAYS

NUMBER: Final = "number"
MONEY: Final = "money"
TEXT: Final = "text"
# Text of several lines.
LONG: Final = "long"
CHOICE: Final = "choice"
FLAG: Final = "flag"
# Names with commas between them, and some of a few.
NAMES: Final = "names"
SOME: Final = "some"
DATE: Final = "date"
TIME: Final = "time"
# A line for each name: texts by name, and whole numbers by name.
PAIRS: Final = "pairs"
COUNTS: Final = "counts"
# Yes, no, or not asked; and a step of a journey.
TRUTH: Final = "truth"
TARGET: Final = "target"
CHANNELS: Final = ("APP", "WEB", "KIOSK", "COUNTER", "DRIVE_THRU", "DELIVERY")
PERIODS: Final = (
    "day",
    "week",
    "month",
    "quarter",
    "half",
    "year",
    "forever",
    "transaction",
)

Path = tuple[str | int, ...]


class Field(NamedTuple):
    """
    A field of a form: its name, its kind, and its place in the rule.

    `choices` are all there are, `known` names values to propose; a field that
    `follows` is written only beside others of its part; one that `turns` brings
    other fields when it is another.
    """

    name: str
    path: Path
    kind: str = NUMBER
    choices: tuple[str, ...] = ()
    known: str = ""
    follows: bool = False
    turns: bool = False

    @property
    def word(self) -> str:
        """What the catalogue of texts knows it by: the same in each part."""
        return self.name.rpartition("-")[2]


Group = tuple[str, tuple[Field, ...]]
ID: Final = Field("id", ("id",), TEXT)
POINTS: Final = Field("points", ("points",))
WALLET: Final = Field("wallet", ("wallet",), TEXT, known="wallets")
MINIMUM: Final = Field("minimum", ("minimum_minor",), MONEY)
BADGE: Final = Field("badge", ("badge",), TEXT)
LINES: Final[tuple[Field, ...]] = (
    Field("categories", ("match", "categories"), NAMES, known="categories"),
    Field("skus", ("match", "skus"), NAMES, known="skus"),
    Field("labels", ("match", "labels"), NAMES, known="labels"),
    Field("but", ("match", "exclude", "categories"), NAMES, known="categories"),
    MINIMUM,
)


def when_fields(path: Path) -> tuple[Field, ...]:
    """Fields of the times and places of a condition at a path."""
    part = (*path, "schedule", "day_parts", 0)
    clocks = ("store", "member", "program")
    return (
        Field("days", (*part, "days"), SOME, WEEKDAYS),
        Field("day_from", (*part, "from"), TIME),
        Field("day_to", (*part, "to"), TIME),
        Field("clock", (*path, "schedule", "clock"), CHOICE, clocks, follows=True),
        Field("from", (*path, "from"), DATE),
        Field("until", (*path, "until"), DATE),
        Field("channels", (*path, "channels"), SOME, CHANNELS),
        Field("stores", (*path, "stores"), NAMES, known="stores"),
    )


def who_fields(path: Path) -> tuple[Field, ...]:
    """Fields of the people of a condition at a path; the last two are of orders."""
    return (
        Field("tiers", (*path, "tiers"), NAMES, known="tiers"),
        Field("segments", (*path, "segments"), NAMES, known="segments"),
        Field("order_number", (*path, "order_number")),
        Field("every_order", (*path, "every_order")),
    )


WHEN: Final = when_fields(("when",))
WHO: Final = who_fields(("when",))
BOUGHT: Final = ("when", "bought", 0)
PAST: Final[tuple[Field, ...]] = (
    Field("bought_categories", (*BOUGHT, "categories"), NAMES, known="categories"),
    Field("bought_skus", (*BOUGHT, "skus"), NAMES, known="skus"),
    Field("bought_min", (*BOUGHT, "times_min")),
    Field("bought_max", (*BOUGHT, "times_max")),
    Field("bought_days", (*BOUGHT, "within_days"), follows=True),
)
HOLDOUT: Final = Field("holdout", ("holdout_percent",))
WHO_OF_ORDERS: Final = (*WHO, HOLDOUT)
CAP: Final[tuple[Field, ...]] = (
    Field("cap_times", ("caps", 0, "times")),
    Field("cap_points", ("caps", 0, "points")),
    Field("cap_period", ("caps", 0, "period"), CHOICE, PERIODS, follows=True),
)
BUDGET: Final = Field("budget", ("budget",), TEXT, known="budgets")
LIMITS: Final = (*CAP, Field("cooldown", ("cooldown_minutes",)), BUDGET)
ROUNDING: Final = Field(
    "rounding", ("rounding",), CHOICE, ("down", "nearest", "up"), follows=True
)
STEP: Final = Field("step", ("step_minor",), MONEY)
FACTOR: Final = Field("factor", ("factor",), TEXT)

_ORDERS: Final[tuple[Group, ...]] = (
    ("lines", LINES),
    ("when", WHEN),
    ("who", WHO_OF_ORDERS),
    ("past", PAST),
    ("limits", LIMITS),
)
_GAMES: Final[tuple[Group, ...]] = (
    ("lines", LINES),
    ("when", WHEN),
    ("who", WHO_OF_ORDERS),
    ("past", PAST),
)
STREAK: Final = (
    Field("period", ("period",), CHOICE, ("week", "day", "month")),
    Field("length", ("length",)),
    Field("orders_min", ("orders_min",)),
    POINTS,
    BADGE,
    WALLET,
    Field("once", ("once",), FLAG),
)
CHALLENGE: Final = (
    Field("goal", ("goal",), CHOICE, ("orders", "spend", "units")),
    Field("target", ("target",)),
    Field(
        "goal_period",
        ("period",),
        CHOICE,
        ("", "day", "week", "month", "quarter", "year"),
    ),
    Field("within_days", ("within_days",)),
    POINTS,
    BADGE,
    WALLET,
    Field("opt_in", ("opt_in",), FLAG),
    Field("repeats", ("repeats",), FLAG),
)
OFFER: Final = (
    Field("name", ("name",), TEXT),
    Field("cost", ("cost_points",)),
    WALLET,
    Field("hold_minutes", ("hold_minutes",)),
)
PERSONAL: Final = (
    Field("name", ("name",), TEXT),
    Field("category", ("category",), TEXT),
    Field("valid_days", ("valid_days",)),
    Field("pool", ("codes",), TEXT, known="code_pools"),
    Field("code", ("code",), TEXT),
    Field("by_journey", ("by_journey",), FLAG),
)
VISITS: Final = (
    Field("orders_least", ("orders_min",)),
    Field("orders_most", ("orders_max",)),
    Field("idle_days", ("idle_days",)),
)
OFFER_LIMITS: Final = (
    Field("limit", ("limit",)),
    Field("times_max", ("times_max",)),
    Field("cooldown_days", ("cooldown_days",)),
)
POOL: Final = (
    Field("codes", ("codes",)),
    Field("redeem_by", ("redeem_by",), CHOICE, ("holder", "anyone")),
)
PURPOSE: Final = Field("purpose", ("purpose",), CHOICE, PURPOSES)
# An SMS has no title.
WORDS: Final = tuple(
    Field(f"{channel}_{part}", ("texts", channel, part), kind)
    for channel in (INBOX, PUSH, EMAIL, SMS)
    for part, kind in (("title", TEXT), ("body", LONG))
    if (channel, part) != (SMS, "title")
)
ACTIVITY: Final = Field("activity", ("activity",), TEXT, known="activities")
SEGMENT: Final = Field("segment", ("segment",), TEXT, known="segments")

# Forms by section and kind; triggers and journeys have their own, all else is text.
FORMS: Final[Mapping[tuple[str, str], tuple[Group, ...]]] = {
    ("earn", "spend"): (("gives", (POINTS, STEP, ROUNDING, WALLET)), *_ORDERS),
    ("earn", "item"): (("gives", (POINTS, WALLET)), *_ORDERS),
    ("earn", "visit"): (("gives", (POINTS, WALLET)), *_ORDERS),
    ("earn", "activity"): (
        ("gives", (ACTIVITY, POINTS, WALLET)),
        ("when", WHEN),
        ("who", (*WHO[:2], HOLDOUT)),
        ("limits", LIMITS),
    ),
    ("earn", "segment"): (
        ("gives", (SEGMENT, POINTS, WALLET)),
        ("when", WHEN),
        ("who", (*WHO[:2], HOLDOUT)),
        ("limits", LIMITS),
    ),
    ("bonuses", "multiply"): (("gives", (FACTOR,)), *_ORDERS),
    ("bonuses", "add"): (("gives", (POINTS, WALLET)), *_ORDERS),
    ("offers", ""): (
        ("gives", OFFER),
        ("when", WHEN),
        ("who", WHO[:2]),
        ("limits", (*CAP, BUDGET)),
    ),
    ("personal_offers", ""): (
        ("gives", PERSONAL),
        ("lines", LINES[:4]),
        ("when", WHEN),
        ("who", (*WHO[:2], *VISITS)),
        ("past", PAST),
        ("limits", OFFER_LIMITS),
    ),
    ("code_pools", "generated"): (("gives", POOL),),
    ("code_pools", "uploaded"): (("gives", POOL),),
    ("templates", ""): (("purpose", (PURPOSE,)), ("words", WORDS)),
    ("streaks", ""): (("gives", STREAK), *_GAMES),
    ("challenges", ""): (("gives", CHALLENGE), *_GAMES),
}
KINDS_UNNAMED: Final = {
    "earn": "spend",
    "bonuses": "multiply",
    "code_pools": "generated",
}
# What a new rule begins with.
STARTS: Final[Mapping[tuple[str, str], Mapping[str, Any]]] = {
    ("earn", "spend"): {"points": 1, "step_minor": 100},
    ("earn", "item"): {"points": 10},
    ("earn", "visit"): {"points": 10, "caps": [{"period": "day", "times": 1}]},
    ("earn", "activity"): {
        "activity": "app.opened",
        "points": 10,
        "caps": [{"period": "week", "times": 1}],
    },
    ("earn", "segment"): {"segment": "", "points": 50},
    ("bonuses", "multiply"): {"factor": "2"},
    ("bonuses", "add"): {"points": 50, "caps": [{"period": "day", "times": 1}]},
    ("offers", ""): {"name": "", "cost_points": 500},
    ("personal_offers", ""): {"name": "", "valid_days": 14},
    ("code_pools", "generated"): {"codes": 1_000},
    ("code_pools", "uploaded"): {"codes": 1_000},
    ("templates", ""): {"purpose": PURPOSES[0]},
    ("streaks", ""): {"period": "week", "length": 3, "points": 100},
    ("challenges", ""): {"goal": "orders", "target": 5, "period": "month"},
}


def form_of_rule(section: str, document: Mapping[str, Any]) -> tuple[Group, ...] | None:
    """Groups of fields for a rule, None for one that is written as text."""
    kind = document.get("kind", KINDS_UNNAMED.get(section, ""))
    return FORMS.get((section, kind)) if isinstance(kind, str) else None


def started(section: str, kind: str) -> dict[str, Any]:
    """Document of a rule that somebody begins to write."""
    named = {"kind": kind} if kind else {}
    return {"id": "", **named, **STARTS.get((section, kind), {})}
