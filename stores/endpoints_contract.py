"""Endpoints of webhooks: where deliveries go, and what each wants to hear of."""

from typing import Final, NamedTuple, Protocol

ACTIVE: Final = "active"
DISABLED: Final = "disabled"
# Endpoints of one installation; the next one is refused.
ENDPOINTS_MAX: Final = 100
EVENT_TYPES: Final = (
    "message.push",
    "message.sms",
    "message.webhook",
    "message.email",
    "points.earned",
    "points.used",
    "points.expired",
    "offer.granted",
    "offer.redeemed",
    "tier.changed",
    "ping",
)


class SealedSecret(NamedTuple):
    """A secret as it is kept; 0 is in use until it is replaced (ms since 1970)."""

    sealed: str
    created_at: int
    expires_at: int = 0


class Endpoint(NamedTuple):
    """
    One endpoint; times in ms since 1970.

    `secrets` are newest first. `revision` grows by one at each change.
    """

    endpoint_id: str
    url: str
    event_types: tuple[str, ...]
    secrets: tuple[SealedSecret, ...]
    created_at: int
    created_by: str = ""
    description: str = ""
    status: str = ACTIVE
    disabled_why: str = ""
    revision: int = 1

    def wants(self, kind: str) -> bool:
        """Whether it hears of a type of event now."""
        return self.status == ACTIVE and kind in self.event_types

    def secrets_at(self, now: int) -> tuple[SealedSecret, ...]:
        """Secrets that sign now."""
        return tuple(s for s in self.secrets if not s.expires_at or now < s.expires_at)


class Endpoints(Protocol):
    """All endpoints; a call that cannot be done now raises StoreUnavailable."""

    async def all(self) -> tuple[Endpoint, ...]:
        """Every endpoint, oldest first; one round trip."""

    async def find(self, endpoint_id: str) -> Endpoint | None:
        """An endpoint, None if there is none."""

    async def add(self, endpoint: Endpoint) -> bool:
        """Keep a new endpoint; False when there are too many."""

    async def change(self, endpoint: Endpoint) -> bool:
        """
        Put an endpoint in the place of its former revision.

        False when that is not the one that is there.
        """

    async def remove(self, endpoint_id: str) -> bool:
        """Forget an endpoint; False when it was not there."""

    async def close(self) -> None:
        """Let go of all connections."""
