"""The twin in memory of campaigns: same contract, for tests and for trying out."""

from stores.campaigns_contract import ACTIVE, LISTED_MAX, Campaign, Change
from stores.unavailable import StoreUnavailable


class MemoryCampaigns:
    """Campaigns in memory."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._known: dict[str, Campaign] = {}
        self.is_available = True

    async def create(self, campaign: Campaign) -> Campaign | None:
        """Keep a new campaign; return the one that is there if its id is taken."""
        self._check()
        known = self._known.setdefault(campaign.campaign_id, campaign)
        return None if known is campaign else known

    async def find(self, campaign_id: str) -> Campaign | None:
        """A campaign, None if there is none."""
        self._check()
        return self._known.get(campaign_id)

    async def page(
        self, *, before: tuple[int, str] | None, limit: int
    ) -> list[Campaign]:
        """Newest campaigns, or those before one's time of creation and id."""
        self._check()
        found = sorted(self._known.values(), key=_place, reverse=True)[:LISTED_MAX]
        return [one for one in found if before is None or _place(one) < before][:limit]

    async def count_active(self) -> int:
        """How many are scheduled, run or pause."""
        self._check()
        return sum(one.state in ACTIVE for one in self._known.values())

    async def change(self, campaign_id: str, change: Change) -> Campaign | None:
        """Change one as it stands now; None when it is not there, or is not changed."""
        self._check()
        known = self._known.get(campaign_id)
        changed = None if known is None else change(known)
        if changed is not None:
            self._known[campaign_id] = changed
        return changed

    async def due(self, now: int) -> list[Campaign]:
        """Those that somebody might run at a time, the first to start first."""
        self._check()
        due = [
            one
            for one in self._known.values()
            if one.state in ACTIVE and one.plan.starts_at <= now
        ]
        return sorted(due, key=lambda one: (one.plan.starts_at, one.campaign_id))

    async def close(self) -> None:
        """Nothing to let go of."""

    def _check(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("redis", "switched off by a test")


def _place(campaign: Campaign) -> tuple[int, str]:
    return campaign.created_at, campaign.campaign_id
