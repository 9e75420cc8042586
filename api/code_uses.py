"""A code that is used: whose it is, and what the command to its holder says."""

from typing import NamedTuple

from api.offer_codes import OfferCodes
from loyalty.events import Attribute
from loyalty.program import Programs
from stores.member_views_contract import MemberViews


class CodeUse(NamedTuple):
    """The member who was given a code, and the attributes of the command."""

    holder: str
    attributes: dict[str, Attribute]


class CodeUses:
    """Finds whose a code is."""

    def __init__(
        self, codes: OfferCodes, views: MemberViews, programs: Programs
    ) -> None:
        """Say what codes read like, and where their holders are."""
        self._codes = codes
        self._views = views
        self._programs = programs

    async def of(
        self, code: str, *, by: str, store_id: str, now: int
    ) -> CodeUse | None:
        """
        Use of a code by a member (empty: not known who); None if nobody was given it.

        A code that nobody was given is told from none by nobody.
        Raises: StoreUnavailable.
        """
        place = await self._codes.place_of(code, self._programs.at(now))
        holder = None if place is None else await self._views.holder_of(*place)
        if place is None or holder is None:
            return None
        return CodeUse(
            holder,
            {
                "pool": place.pool_id,
                "number": place.number,
                "by": by,
                "store_id": store_id,
            },
        )
