"""Campaigns: what is promised of their store, and how one goes on to its end."""

from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from loyalty.campaign_pace import CampaignPace
from stores.audiences_contract import Audience

MESSAGE: Final = "message"
WAKE: Final = "wake"
KINDS: Final = (MESSAGE, WAKE)

DRAFT: Final = "draft"
SCHEDULED: Final = "scheduled"
RUNNING: Final = "running"
PAUSED: Final = "paused"
STOPPED: Final = "stopped"
DONE: Final = "done"
STATES: Final = (DRAFT, SCHEDULED, RUNNING, PAUSED, STOPPED, DONE)
ENDS: Final = frozenset({STOPPED, DONE})
# Of these a runner has to know.
ACTIVE: Final = frozenset({SCHEDULED, RUNNING, PAUSED})

LISTED_MAX: Final = 1_000
ACTIVE_MAX: Final = 50
STEPS_KEPT_MAX: Final = 50
KEPT_SECONDS: Final = 400 * 86_400
# Whoever runs one and says nothing for so long is taken for gone.
LEASE_MS: Final = 10_000
DETAIL_LENGTH_MAX: Final = 500


class CampaignStep(NamedTuple):
    """Who did what with a campaign, and when (ms)."""

    at: int
    by: str
    what: str


class Plan(NamedTuple):
    """
    What a campaign is to do; times in ms since 1970, 0 for none.

    Without `starts_at` it begins as soon as it is started; whoever was not reached
    by `ends_at` is left out. `trigger_id` and `activity` are empty for a wake.
    """

    name: str
    kind: str
    audience: Audience
    pace: CampaignPace
    trigger_id: str = ""
    activity: str = ""
    starts_at: int = 0
    ends_at: int = 0


class Going(NamedTuple):
    """
    The members who are sent to just now: those after the last confirmed one.

    Noted before any of them is sent to, with the time of their acts, so that whoever
    goes on after a crash sends the very same records again.
    """

    until: str
    members: int
    at: int


class Progress(NamedTuple):
    """
    How far a campaign is.

    `snapshot` names the frozen audience of so many members; `refused` are those of a
    list who are no members. Members up to the id `after` are confirmed.
    """

    snapshot: str = ""
    audience: int = 0
    refused: int = 0
    sent: int = 0
    after: str = ""
    going: Going | None = None

    @property
    def left(self) -> int:
        """Members who are not confirmed yet."""
        return self.audience - self.sent


class Campaign(NamedTuple):
    """
    One campaign; times in ms since 1970, 0 for what has not happened.

    `revision` grows with what people change, not with progress. Whoever runs it holds
    `lease` until `lease_until`.
    """

    campaign_id: str
    state: str
    plan: Plan
    created_at: int
    written_by: str
    revision: int = 1
    approved_by: str = ""
    started_at: int = 0
    ended_at: int = 0
    lease: str = ""
    lease_until: int = 0
    progress: Progress = Progress()
    detail: str = ""
    steps: tuple[CampaignStep, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether nothing more becomes of it."""
        return self.state in ENDS


Change = Callable[[Campaign], Campaign | None]


class Campaigns(Protocol):
    """Campaigns by id; a call that cannot be done now raises StoreUnavailable."""

    async def create(self, campaign: Campaign) -> Campaign | None:
        """
        Keep a new campaign; return the one that is there if its id is taken.

        None when it is kept, and the newest LISTED_MAX are listed.
        """

    async def find(self, campaign_id: str) -> Campaign | None:
        """A campaign, None if there is none or it is too long ago."""

    async def page(
        self, *, before: tuple[int, str] | None, limit: int
    ) -> list[Campaign]:
        """Newest campaigns, or those before one's time of creation and id."""

    async def count_active(self) -> int:
        """How many are scheduled, run or pause."""

    async def change(self, campaign_id: str, change: Change) -> Campaign | None:
        """
        Change one as it stands now; None when it is not there, or the change is none.

        The change may be made more than once, and is kept once.
        """

    async def due(self, now: int) -> list[Campaign]:
        """Those that somebody might run at a time, the first to start first."""

    async def close(self) -> None:
        """Let go of all connections."""
