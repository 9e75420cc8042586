"""Which routes have a short way."""

from starlette.datastructures import State

from api.gate import Requirement
from api.life_cycle import LEAVING
from api.short_commands import ShortRedemption
from api.short_reads import ShortOffers
from api.short_way import Place, Places


def short_ways(state: State) -> Places:
    """Short ways over what the application holds; the scopes are their routes'."""
    reads = Requirement(("members:read",), for_members=True)
    points = Requirement(("points:write",), for_members=True)
    offers = ShortOffers(state.views, reads)
    redeem = ShortRedemption(state.desk, points, state.clock)
    places = {
        ("GET", "offers"): Place(offers, "/v1/members/{member_id}/offers"),
        ("POST", "redemptions"): Place(redeem, "/v1/members/{member_id}/redemptions"),
    }
    # What will go is told by the long way.
    return {
        key: place
        for key, place in places.items()
        if (key[0], place.path) not in LEAVING
    }
