"""Who a member is now, after merges, and who is part of it."""

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


async def merged_with(member_id: str, views: MemberViews) -> list[tuple[str, int]]:
    """Members who are part of this one, or of those, with their versions."""
    found: list[tuple[str, int]] = []
    stored = await views.get(member_id)
    for other_id in () if stored is None else decode_view(stored.document).merged:
        other = await views.get(other_id)
        if other is not None:
            found.append((other_id, other.version))
            found += await merged_with(other_id, views)
    return found
