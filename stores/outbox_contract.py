"""What waits to be sent, is sent, or could not be: deliveries, each under its id."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from schemas.deliveries import DeliveryEvent

WAITING: Final = "waiting"
SENT: Final = "sent"
DEAD: Final = "dead"
EXPIRED: Final = "expired"
DISABLED: Final = "disabled"
# Nobody took its channel when it came.
UNROUTED: Final = "unrouted"
FORGOTTEN: Final = "forgotten"
# These are kept whole, so that they can be sent after all.
REVIVED: Final = frozenset({DEAD, DISABLED})

INBOX_TARGET: Final = "inbox"
MAIL_TARGET: Final = "smtp"
FIXED_TARGETS: Final = (INBOX_TARGET, MAIL_TARGET)

# Deliveries of one campaign that wait for one target; the next one is dead at once.
LANE_DELIVERIES_MAX: Final = 1_000_000
# Of each target the latest are listed, and the latest dead ones can be replayed.
RECENT_MAX: Final = 1_000
DEAD_MAX: Final = 10_000
REPLAY_MAX: Final = 1_000
LANES_MAX: Final = 5_000
TAKE_MAX: Final = 500
# Outcomes that wait for Kafka; beyond them the oldest are lost to analysts.
OUTCOMES_MAX: Final = 1_000_000
KEPT_SECONDS: Final = 30 * 86_400


class Delivery(NamedTuple):
    """
    A message on its way to one target; times in ms since 1970.

    `delivery_id` is the message and the target. `tries` begin anew when it is
    replayed, `attempts` do not. `body` is empty once it is not needed any more.
    """

    delivery_id: str
    message_id: str
    target: str
    campaign_id: str
    channel: str
    kind: str
    member_id: str
    body: str
    created_at: int
    expires_at: int = 0
    status: str = WAITING
    attempts: int = 0
    tries: int = 0
    attempted_at: int = 0
    http_status: int = 0
    detail: str = ""

    @property
    def lane(self) -> "Lane":
        """Lane that it waits in."""
        return Lane(self.target, self.channel, self.campaign_id)

    def event(self) -> DeliveryEvent:
        """What the log is told of its latest attempt."""
        return DeliveryEvent(
            self.delivery_id,
            self.attempts,
            self.member_id,
            self.message_id,
            self.campaign_id,
            self.channel,
            self.kind,
            self.target,
            self.status,
            self.http_status,
            self.detail,
            self.created_at,
            self.attempted_at,
        )


class Lane(NamedTuple):
    """Deliveries that wait together: whatever stops or paces one holds all."""

    target: str
    channel: str
    campaign_id: str

    @property
    def name(self) -> str:
        """Name in the store; only the campaign's id may hold anything."""
        return f"{self.target}|{self.channel}|{self.campaign_id}"

    @classmethod
    def of(cls, name: str) -> "Lane":
        """Lane of a name."""
        return cls(*name.split("|", 2))

    @property
    def scopes(self) -> tuple[str, ...]:
        """What it can be stopped or paced by."""
        return scopes_of(self.channel, self.campaign_id)


def scopes_of(channel: str, campaign_id: str) -> tuple[str, ...]:
    """Scopes of a channel and a campaign; a member's event has no campaign."""
    own = (f"campaign:{campaign_id}",) if campaign_id else ()
    return "all", f"channel:{channel}", *own


class Pace(NamedTuple):
    """
    How fast a scope is sent, per second of all dispatchers together.

    Over the first `ramp_seconds` the rate grows from 1 to `per_second`; the ramp
    begins anew after an hour without anything to send.
    """

    scope: str
    per_second: int
    ramp_seconds: int = 0


class Settled(NamedTuple):
    """A delivery after an attempt; `due_at` is when the next one is made."""

    delivery: Delivery
    due_at: int = 0


class LaneDepth(NamedTuple):
    """How much waits in a lane, and when its first is due."""

    lane: Lane
    waiting: int
    due_at: int


class Place(NamedTuple):
    """Where a page begins: what was tried up to a time, less so many of the first."""

    until: int
    skip: int = 0

    def after(self, rows: Sequence[Delivery]) -> "Place":
        """Place after some rows that began here."""
        until = rows[-1].attempted_at
        same = sum(row.attempted_at == until for row in rows)
        return Place(until, same + (self.skip if until == self.until else 0))


FIRST: Final = Place(2**53)


class Outcomes(NamedTuple):
    """Outcomes that are to be told, and the places by which they are let go of."""

    events: tuple[DeliveryEvent, ...]
    places: tuple[str, ...]


class Outbox(Protocol):
    """Deliveries; a call that cannot be done now raises StoreUnavailable."""

    async def put(self, deliveries: Sequence[Delivery], now: int) -> int:
        """
        Queue deliveries that are not known yet; return how many were not.

        One whose status is not WAITING is only recorded. One too many for its lane
        is dead.
        """

    async def due_lanes(self, now: int, *, limit: int = LANES_MAX) -> list[Lane]:
        """Lanes with something that is due, longest due first."""

    async def take(
        self, lane: Lane, now: int, *, limit: int, lease_ms: int, paces: Sequence[Pace]
    ) -> list[Delivery]:
        """
        Take what is due and what the paces allow.

        It is ours for a time; if we say nothing of it until then it is due again.
        """

    async def settle(self, settled: Sequence[Settled], now: int) -> None:
        """
        Record attempts: over, or due again; and an outcome to tell of each.

        What is over stays over, whoever comes late with another word.
        """

    async def give_back(self, deliveries: Sequence[Delivery], due_at: int) -> None:
        """Let go of what was taken and not tried."""

    async def find(self, delivery_id: str) -> Delivery | None:
        """A delivery, None if there is none or it was too long ago."""

    async def page(
        self, target: str, *, dead: bool, place: Place = FIRST, limit: int
    ) -> list[Delivery]:
        """Attempts of a target, latest first, from a place on; or dead ones only."""

    async def replay(self, deliveries: Sequence[Delivery], now: int) -> int:
        """Queue dead deliveries anew; return how many were dead still."""

    async def forget(self, member_id: str) -> int:
        """Drop all that waits or is dead of a member; return how much it was."""

    async def depths(self, *, limit: int) -> list[LaneDepth]:
        """Lanes with something that waits, longest due first."""

    async def now(self) -> int:
        """Time of the store itself (ms since 1970): one for whoever asks."""

    async def outcomes(self, *, limit: int) -> Outcomes:
        """Oldest outcomes that nobody has told yet."""

    async def told(self, places: Sequence[str]) -> None:
        """Let go of outcomes that have been told."""

    async def close(self) -> None:
        """Let go of all connections."""
