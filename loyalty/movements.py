"""What moves in a member's book, and in which order lots go."""

from typing import Final, NamedTuple

from loyalty.balances import Balances
from loyalty.decision import Happening
from loyalty.facts import Parcel
from loyalty.member import PointsLot

NEVER: Final = 1 << 62
# Limits that an explanation names; what they kept back is in no sum.
TRIMS_TOLD_MAX: Final = 4


class Movement(NamedTuple):
    """Points of one lot that came or went; `reference` says by which fact."""

    kind: str
    wallet: str
    lot_id: str
    order_id: str
    line_id: str
    rule_id: str
    rule_version: int
    reference: str
    points: int
    at: int


class Credit(NamedTuple):
    """
    Points that another member gets (or gives back) because of a fact of ours.

    A reward is new points; all others were ours before.
    """

    target_id: str
    key: str
    wallet: str
    points: int
    is_reward: bool = False


class BudgetUse(NamedTuple):
    """Points that a budget must agree to before they are given."""

    budget_id: str
    order_id: str
    rule_id: str
    points: int
    at: int
    store_id: str = ""


class OfferAnswer(NamedTuple):
    """
    What a pool of codes, or the limit of an offer, answers: one grant or none.

    `number` is that of the code, `use` is what gives the grant back.
    """

    offer_id: str
    value: int
    number: int
    use: BudgetUse


class Offering(NamedTuple):
    """
    What a command does about personal offers.

    An offer whose code was entered and by which command, one whose own code was
    used, and what a pool or limit has answered.
    """

    entered: str = ""
    entered_by: str = ""
    used: str = ""
    answer: OfferAnswer | None = None


NO_OFFERING: Final = Offering()


class Sent(NamedTuple):
    """Something that another member gets, in the merge `passage`."""

    target_id: str
    passage: str
    parcel: Parcel
    is_back: bool = False


class Trim(NamedTuple):
    """What a limit kept back of points that a rule would have given."""

    # The order, or the act, that they were for.
    source_id: str
    rule_id: str
    wanted: int
    given: int
    # In words.
    limit: str


class Notes:
    """What is noted while facts go through books, in the order that it happened."""

    __slots__ = (
        "balances",
        "claims",
        "credits",
        "handed",
        "happenings",
        "movements",
        "offering",
        "sent",
        "trims",
    )

    def __init__(self, balances: Balances | None = None) -> None:
        """Start with nothing, but perhaps with balances that are known."""
        self.balances = Balances() if balances is None else balances
        self.movements: list[Movement] = []
        self.happenings: list[Happening] = []
        self.credits: list[Credit] = []
        self.claims: list[BudgetUse] = []
        self.sent: list[Sent] = []
        self.trims: list[Trim] = []
        self.offering = NO_OFFERING
        # Personal offers that a journey hands to the member.
        self.handed: tuple[str, ...] = ()


def kept_back(trims: list[Trim], source_id: str) -> list[str]:
    """What limits kept back of the points of an order or act; a few, in words."""
    if not trims:
        return []
    return [
        f"{one.limit} kept back {one.wanted - one.given} of {one.wanted} "
        f"by {one.rule_id}"
        for one in trims
        if one.source_id == source_id
    ][:TRIMS_TOLD_MAX]


def oldest_key(lot: PointsLot) -> tuple[int, int, str]:
    """Order of lots by age: oldest, then soonest expiry, then lot id."""
    return (lot.earned_at, lot.expires_at or NEVER, lot.lot_id)


def is_later(lot: PointsLot, last: PointsLot) -> bool:
    """Whether a lot goes after another: soonest expiry, then oldest, then lot id."""
    # Lots that never expire have 0 and come after all others.
    ends_at, last_ends_at = lot.expires_at or NEVER, last.expires_at or NEVER
    if ends_at != last_ends_at:
        return ends_at > last_ends_at
    if lot.earned_at != last.earned_at:
        return lot.earned_at > last.earned_at
    return lot.lot_id >= last.lot_id


def place_of(lot: PointsLot, lots: tuple[PointsLot, ...]) -> int:
    """Place of the first lot that ends after one, found as `bisect` does."""
    low, high = 0, len(lots)
    while low < high:
        middle = (low + high) // 2
        if is_later(lot, lots[middle]):
            low = middle + 1
        else:
            high = middle
    return low
