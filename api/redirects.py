"""Who a member is now, after merges."""

from typing import Final

from schemas.views import decode_view
from stores.member_views_contract import MemberViews

# As far as points can have come: a longer chain is not made.
HOPS_MAX: Final = 16


async def survivor_of(member_id: str, views: MemberViews) -> str:
    """Member that another one is part of now; itself if it is none, or not there."""
    for _ in range(HOPS_MAX):
        stored = await views.get(member_id)
        into = "" if stored is None else decode_view(stored.document).merged_into
        if not into:
            break
        member_id = into
    return member_id
