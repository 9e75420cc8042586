"""Facts: orders and acts as far as later events can still change what they did."""

from typing import Final, NamedTuple

FIRST_WALLET: Final = "points"
# The order itself has not arrived yet; only its refund has.
SUBTOTAL_UNKNOWN: Final = -1
# By which the points come that a budget gives.
GRANT: Final = "grant"
# Kinds of acts that need room for a lot; all others only use those there are.
OPENS_A_LOT: Final = frozenset({"credit", "gift", GRANT, "reinstate", "award"})

# Points that another member had and gave: all of them come, there is always room.
TAKE_IN: Final = "take_in"
# New points that somebody else's order brings (a referral): a wallet takes in what it
# may, and `target` says what they are for.
RECEIVE_REWARD: Final = "receive"

# Points set aside until a reward's stock says whether there is a unit.
HOLD_TO_REDEEM: Final = "hold_to_redeem"
HOLD_TO_RESERVE: Final = "hold_to_reserve"

# Acts of merges: who gives, who takes, and both again when it is undone.
HAND_OVER: Final = "hand_over"
TAKE_OVER: Final = "take_over"
HAND_BACK: Final = "hand_back"
REGAIN: Final = "regain"
REOPEN: Final = "reopen"


class Gain(NamedTuple):
    """What one rule makes of one order or act, before caps and tiers look at it."""

    rule_id: str
    points: int
    amount_minor: int = 0
    units: int = 0
    line_id: str = ""


class LineFact(NamedTuple):
    """What a return of one line needs: units, money, which gains it feeds."""

    line_id: str
    quantity: int
    amount_minor: int
    gains: int


class RefundFact(NamedTuple):
    """One return of an order: units by line, or else money."""

    refund_id: str
    amount_minor: int
    lines: tuple[tuple[str, int], ...]


class OrderFact(NamedTuple):
    """One order, as far as later events can still change what it did."""

    at: int
    order_id: str
    version: int
    subtotal_minor: int
    gains: tuple[Gain, ...] = ()
    lines: tuple[LineFact, ...] = ()
    refunds: tuple[RefundFact, ...] = ()
    cancelled: bool = False
    adjust_ids: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether it counts for less than its gains say, or is not here yet."""
        return has_changed(self)


def has_changed(fact: OrderFact) -> bool:
    """Property `is_changed` where each order asks: compiled, a property is slow."""
    return (
        bool(fact.refunds) or fact.cancelled or fact.subtotal_minor == SUBTOTAL_UNKNOWN
    )


class Parcel(NamedTuple):
    """
    One thing that goes from one member to another in a merge; `points` is signed.

    `what` says which: points of a lot, of one that waits, a debt, progress (its
    bucket is `number`, its rule `rule_id`). `origin` names the members that a lot
    came through, the latest last.
    """

    what: str
    points: int
    wallet: str = FIRST_WALLET
    rule_id: str = ""
    rule_version: int = 0
    order_id: str = ""
    line_id: str = ""
    reference: str = ""
    earned_at: int = 0
    expires_at: int = 0
    usable_at: int = 0
    release_on: str = ""
    cancel_at: int = 0
    number: int = 0
    origin: tuple[str, ...] = ()


class ActFact(NamedTuple):
    """
    Anything else that moved something: an act, a command, an answer.

    `target` is what it speaks of: a hold, an order, a challenge, a member.
    """

    at: int
    fact_id: str
    kind: str
    version: int
    points: int = 0
    wallet: str = FIRST_WALLET
    target: str = ""
    until: int = 0
    gains: tuple[Gain, ...] = ()
    rule_id: str = ""
    store_id: str = ""
    parcels: tuple[Parcel, ...] = ()
