"""What a member remembers of others: merges, who it is now, who sent it something."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from loyalty.engagement.remembered import Consent, Sent
from loyalty.limits import ORDERS_LINKED_MAX
from loyalty.personal_rules import Given, PersonalOffer


class Brought(NamedTuple):
    """
    What a survivor knows of messages and offers by a member that it took in.

    `consents` counted and took the place of those in `replaced`; `own_order_ats` are
    its own latest orders from before; `spare` are offers of which it had one itself.
    """

    own_order_ats: tuple[int, ...] = ()
    consents: tuple[Consent, ...] = ()
    replaced: tuple[Consent, ...] = ()
    hours: bytes = b""
    order_ats: tuple[int, ...] = ()
    sent: tuple[Sent, ...] = ()
    offers: tuple[PersonalOffer, ...] = ()
    spare: tuple[PersonalOffer, ...] = ()
    given: tuple[Given, ...] = ()


class Link(NamedTuple):
    """
    Another member that something went to or came from in a merge.

    `sent` and `received` count the commands between the two: what comes twice
    is known by its number. `merged_at` is 0 unless the other one is in this one
    now; `orders` are kept by the other one, and so are their returns.
    """

    member_id: str
    sent: int = 0
    received: int = 0
    merge_id: str = ""
    merged_at: int = 0
    orders: tuple[str, ...] = ()
    brought: Brought | None = None

    def keeping(self, order_ids: Iterable[str]) -> "Link":
        """This, with more orders that the other one keeps, the latest of them."""
        orders = dict.fromkeys((*self.orders, *order_ids))
        return self._replace(orders=tuple(orders)[-ORDERS_LINKED_MAX:])


class Guest(NamedTuple):
    """
    What of a member's progress came from one that was merged into it.

    `days` are buckets, as a member's own `earned_days`.
    """

    member_id: str
    orders: int = 0
    days: tuple[tuple[int, int], ...] = ()


class Peer(NamedTuple):
    """Another member, and number and own time of the furthest command to or from it."""

    digest: bytes
    number: int
    at: int


class Merging(NamedTuple):
    """
    Where a member stands with others: in merges, and who sent it something.

    `into` is who it is now, empty for itself. `asked` is whom it has asked to
    become part of it, by the command `asked_id`, until that one has answered.
    `sent` and `heard` are sorted by time; who is not among `heard` was last heard of
    up to `heard_horizon_at`, or never.
    """

    into: str = ""
    merge_id: str = ""
    asked: str = ""
    asked_id: str = ""
    erased_at: int = 0
    links: tuple[Link, ...] = ()
    sent: tuple[Peer, ...] = ()
    heard: tuple[Peer, ...] = ()
    heard_horizon_at: int = 0

    def link(self, member_id: str) -> Link:
        """Link to a member, a new one if there is none."""
        for link in self.links:
            if link.member_id == member_id:
                return link
        return Link(member_id)

    def with_link(self, link: Link) -> "Merging":
        """This, with a link put in its place."""
        others = [one for one in self.links if one.member_id != link.member_id]
        links = sorted((*others, link), key=lambda one: one.member_id)
        return self._replace(links=tuple(links))

    def keeper_of(self, order_id: str) -> str:
        """Member that keeps the books of an order for this one, empty if none does."""
        for link in self.links:
            if order_id in link.orders:
                return link.member_id
        return ""


NO_MERGING: Final = Merging()
