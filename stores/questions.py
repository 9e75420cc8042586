"""What dashboards ask of ClickHouse: each question a file of SQL."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from loyalty.program import Program
from stores.question_files import statement_of

# Rows that an answer has at most; whoever wants more asks ClickHouse itself.
ROWS_MAX: Final = 5_000

# What the values of a column are, for whoever shows them.
TEXT: Final = "text"
MEMBER: Final = "member"
STORE: Final = "store"
DAY: Final = "day"
MONTH: Final = "month"
TIME: Final = "time"
COUNT: Final = "count"
POINTS: Final = "points"
MINOR: Final = "minor"
SHARE: Final = "share_bp"
# A number of which only statistics are made: it is not whole.
NUMBER: Final = "number"


class Column(NamedTuple):
    """
    A column of an answer; `kind` says what its values are.

    `time` is in ms since 1970, `share_bp` in basis points; days and months are dates.
    """

    name: str
    kind: str


class ParameterMissing(ValueError):
    """A question was not told all that it must be told."""


class Question(NamedTuple):
    """A question by name: what it must be told, and what it answers."""

    name: str
    parameters: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def statement(self) -> str:
        """The SQL of the question."""
        return statement_of(self.name)

    def check(self, values: Mapping[str, object]) -> None:
        """Say no when it is not told what it must be told; raises ParameterMissing."""
        missing = [name for name in self.parameters if name not in values]
        if missing:
            raise ParameterMissing(f"{self.name} needs {', '.join(missing)}")


class Answered(NamedTuple):
    """Rows of an answer; `is_cut` when there were more than an answer may have."""

    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]]
    is_cut: bool = False

    def records(self) -> list[dict[str, Any]]:
        """Rows with the names of their columns."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]


def _columns(text: str) -> tuple[Column, ...]:
    """Columns of a list of `name kind` pairs."""
    pairs = (part.split() for part in text.split(","))
    return tuple(Column(name, kind) for name, kind in pairs)


# What is unusual, until somebody says otherwise: worth a look, no verdict.
UNUSUAL: Final[Mapping[str, object]] = {
    "orders_max": 4,
    "refund_share_max_bp": 5_000,
    "adjusted_max": 1_000,
    "earned_times": 6,
}
SPAN: Final = ("from_at", "until_at")

_ALL: Final = (
    Question("span", (), _columns("first_at time, last_at time, orders count")),
    Question(
        "daily",
        (*SPAN, "zone", "wallet"),
        _columns(
            "day day, orders count, value_minor minor, points_earned points, "
            "points_used points, points_expired points, offers_granted count, "
            "redemptions count, triggers_fired count"
        ),
    ),
    Question("active_members", SPAN, _columns("members count, members_before count")),
    Question(
        "wallets",
        (),
        _columns(
            "wallet text, outstanding points, members count, earned points, "
            "used points, expired points, breakage_bp share_bp"
        ),
    ),
    Question(
        "expiry_forecast",
        ("zone", "wallet"),
        _columns("month month, points points, members count, forecast_unused points"),
    ),
    Question(
        "expiring_members",
        ("zone", "wallet", "day", "limit"),
        _columns("member_id member, points points, first_at time"),
    ),
    Question(
        "retention",
        ("until_at", "zone"),
        _columns(
            "cohort month, size count, months_since count, members count, "
            "share_bp share_bp"
        ),
    ),
    Question(
        "cohort_members",
        ("zone", "day", "limit"),
        _columns(
            "member_id member, first_at time, last_at time, orders count, "
            "value_minor minor"
        ),
    ),
    Question(
        "segments",
        ("until_at",),
        _columns(
            "segment text, members count, orders count, value_minor minor, "
            "basket_minor minor, days_since_mean count"
        ),
    ),
    Question(
        "segment_members",
        ("until_at", "segment", "limit"),
        _columns(
            "member_id member, orders count, value_minor minor, days_since count, "
            "recency count, frequency count, money count"
        ),
    ),
    Question(
        "offer_funnel",
        SPAN,
        _columns(
            "offer_id text, members_granted count, members_seen count, "
            "members_took count, times_taken count, took_bp share_bp"
        ),
    ),
    Question(
        "offer_members",
        (*SPAN, "offer", "limit"),
        _columns("member_id member, at time, reason text"),
    ),
    Question(
        "offer_responses",
        ("until_at",),
        _columns(
            "offer_id text, tier text, views count, clicks count, redemptions count"
        ),
    ),
    Question("tier_members", (), _columns("tier text, members count, points points")),
    Question(
        "tier_changes",
        SPAN,
        _columns("tier_before text, tier_after text, changes count, members count"),
    ),
    Question(
        "tier_weeks",
        (*SPAN, "zone", "tiers"),
        _columns("week day, rose count, fell count"),
    ),
    Question(
        "tier_change_rows",
        (*SPAN, "tier_before", "tier_after", "limit"),
        _columns(
            "member_id member, at time, tier_before text, tier_after text, why text"
        ),
    ),
    Question(
        "stores",
        (*SPAN, "channel", "limit"),
        _columns(
            "store_id store, orders count, members count, value_minor minor, "
            "basket_minor minor, value_before_minor minor, change_bp share_bp, "
            "refund_minor minor"
        ),
    ),
    Question(
        "places",
        (*SPAN, "wallet", "stores", "places", "channel"),
        _columns(
            "place text, orders count, members count, value_minor minor, "
            "basket_minor minor, refund_minor minor, refund_share_bp share_bp, "
            "points_earned points, redemptions count"
        ),
    ),
    Question(
        "place_days",
        (*SPAN, "zone", "wallet", "stores", "places", "channel"),
        _columns(
            "day day, place text, orders count, value_minor minor, "
            "refund_minor minor, points_earned points, redemptions count"
        ),
    ),
    Question(
        "order_rows",
        (*SPAN, "store", "channel", "limit"),
        _columns(
            "order_id text, member_id member, store_id store, channel text, at time, "
            "value_minor minor"
        ),
    ),
    Question(
        "trigger_weeks",
        (*SPAN, "zone"),
        _columns("trigger_id text, week day, fired count, members count"),
    ),
    Question(
        "rule_results",
        (*SPAN, "store", "channel", "limit"),
        _columns("rule text, wallet text, members count, times count, points points"),
    ),
    Question(
        "offer_uses",
        ("until_at", "offers", "lives_ms"),
        _columns("offer_id text, given count, used count, ended count, ending count"),
    ),
    Question("budget_uses", ("since", "rules"), _columns("rule text, points points")),
    Question(
        "journey_steps",
        SPAN,
        _columns("journey text, step text, times count, members count, withheld count"),
    ),
    Question(
        "journey_members",
        (*SPAN, "journey", "step", "limit"),
        _columns("member_id member, at time, reason text"),
    ),
    Question(
        "experiments",
        (),
        _columns(
            "experiment_id text, arm_id text, members count, first_at time, "
            "last_at time"
        ),
    ),
    Question(
        "experiment_arms",
        ("until_at", "experiment", "days", "wallet"),
        _columns(
            "arm_id text, members count, orders number, orders_squares number, "
            "value number, value_squares number, points number, "
            "points_squares number, before number, before_squares number, "
            "products number"
        ),
    ),
    Question(
        "fraud_signals",
        (
            *SPAN,
            "zone",
            "wallet",
            "orders_max",
            "refund_share_max_bp",
            "adjusted_max",
            "earned_times",
            "store",
            "channel",
            "limit",
        ),
        _columns(
            "signal text, member_id member, day day, measured count, usual_max count"
        ),
    ),
)
QUESTIONS: Final[Mapping[str, Question]] = {one.name: one for one in _ALL}


def told_of(program: Program) -> dict[str, object]:
    """What a program tells to questions, whichever is asked; no place is all."""
    return {
        **UNUSUAL,
        "zone": program.zone.name,
        "wallet": program.wallet_id,
        "tiers": [tier.tier_id for tier in program.tiers],
        "store": "",
        "channel": "",
        "stores": [],
        "places": [],
    }
