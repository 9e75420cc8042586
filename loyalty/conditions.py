"""What many rules ask: which lines, when and for whom, how often, and from when."""

from typing import Final, NamedTuple

from loyalty.events import ITEM
from loyalty.windows import ALWAYS, Window

DOWN: Final = "down"


NEAREST: Final = "nearest"


UP: Final = "up"


TRIM: Final = "trim"


REJECT: Final = "reject"


STORE: Final = "store"


MEMBER: Final = "member"


PROGRAM: Final = "program"


TRANSACTION: Final = "transaction"


ALL_OF: Final = "all_of"


ANY_OF: Final = "any_of"


NONE_OF: Final = "none_of"


JOINTS: Final = (ALL_OF, ANY_OF, NONE_OF)


class LineMatch(NamedTuple):
    """
    Which lines a rule looks at; an empty set does not restrict.

    A line must be of one of `kinds`, be named by all of the sets that are not
    empty, and by none of the excluded ones.
    """

    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset({ITEM})
    excluded_skus: frozenset[str] = frozenset()
    excluded_categories: frozenset[str] = frozenset()
    excluded_labels: frozenset[str] = frozenset()


ANY_LINE: Final = LineMatch()


class Bought(NamedTuple):
    """
    How often a member has bought something: orders with such lines.

    Within the last `within_ms`, 0 is ever; at least `times_min`, at most `times_max`
    (None: any number). `history_id` names what is remembered for it.
    """

    match: LineMatch
    history_id: str
    times_min: int = 0
    times_max: int | None = None
    within_ms: int = 0


class Joint(NamedTuple):
    """
    Conditions joined: `all_of`, `any_of` or `none_of` its cases hold.

    A case looks at the event and the profile alone, and may hold joints of its own.
    """

    kind: str
    cases: "tuple[When, ...]"


class When(NamedTuple):
    """
    When and for whom a rule holds; an empty set does not restrict.

    Store, channel, window and dates look at the event alone. Tiers, segments, the
    number of the order and what was bought look at the member just before it.
    `clock` says whose local time the window means; `until_at` is exclusive, 0 is open.
    Each of `joints` must hold, too.
    """

    stores: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    window: Window = ALWAYS
    clock: str = STORE
    from_at: int = 0
    until_at: int = 0
    tiers: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    order_number: int = 0
    every_order: int = 0
    bought: tuple[Bought, ...] = ()
    joints: tuple[Joint, ...] = ()

    @property
    def asks_the_member(self) -> bool:
        """Whether it depends on what the member is when the order counts."""
        return bool(self.tiers or self.order_number or self.every_order or self.bought)


ANY_TIME: Final = When()


class Cap(NamedTuple):
    """
    At most so many points, or so many times, in a period; -1 does not limit.

    `period` is one of `periods`, or `transaction`. Over the cap the award is
    trimmed to what is left, or rejected whole. `key` names its counter. `clock`
    says whose local time periods mean; `every` days are counted together, from
    the day of the first award on.
    """

    key: str
    period: str
    points: int = -1
    times: int = -1
    over: str = TRIM
    clock: str = PROGRAM
    every: int = 1


class Pending(NamedTuple):
    """
    When earned points become usable.

    After `delay_ms`, or at the next of `dates` (month, day), or when an act of
    type `release_on` names the order; if none comes within `cancel_ms` after
    the order, the points never come.
    """

    delay_ms: int = 0
    dates: tuple[tuple[int, int], ...] = ()
    release_on: str = ""
    cancel_ms: int = 0
