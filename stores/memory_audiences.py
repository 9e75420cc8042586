"""The twin in memory of audiences: same contract, for tests and for trying out."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from loyalty.limits import DAY_MS
from stores.audiences_contract import (
    ALL,
    IDLE,
    LIST,
    PAGE_MAX,
    SEGMENT,
    TIER,
    Audience,
    Frozen,
)
from stores.unavailable import StoreUnavailable


class Known(NamedTuple):
    """What is known of a member; 0 for who never ordered."""

    tier: str = ""
    segment: str = ""
    last_order_at: int = 0
    merged_into: str = ""


class MemoryAudiences:
    """Audiences of members in memory."""

    def __init__(self, members: Mapping[str, Known] | None = None) -> None:
        """Know some members."""
        self.known = dict(members or {})
        self._kept: dict[str, set[str]] = {}
        self.is_available = True

    async def count(self, audience: Audience, now: int) -> Frozen:
        """How many belong to an audience at a time (ms)."""
        self._check()
        found = self._belonging(audience, now)
        return Frozen(len(found), self._refused(audience, len(found)))

    async def freeze(self, snapshot: str, audience: Audience, now: int) -> Frozen:
        """Keep who belongs to an audience at a time (ms), under a name that is new."""
        self._check()
        self._kept[snapshot] = found = self._belonging(audience, now)
        return Frozen(len(found), self._refused(audience, len(found)))

    async def members(self, snapshot: str, *, after: str, limit: int) -> Sequence[str]:
        """The next members of a snapshot after an id, by id, at most PAGE_MAX."""
        self._check()
        # As ClickHouse compares texts: by their bytes.
        found = sorted(self._kept.get(snapshot, ()), key=str.encode)
        later = [one for one in found if one.encode() > after.encode()]
        return later[: min(limit, PAGE_MAX)]

    async def add(self, list_id: str, member_ids: Sequence[str]) -> None:
        """Put ids on a list, at most PAGE_MAX; on it twice is on it once."""
        self._check()
        assert len(member_ids) <= PAGE_MAX, "the caller sends pages"
        self._kept.setdefault(list_id, set()).update(member_ids)

    async def close(self) -> None:
        """Nothing to let go of."""

    def _belonging(self, audience: Audience, now: int) -> set[str]:
        listed = self._kept.get(audience.name, set())
        idle_since = now - audience.idle_days * DAY_MS
        found = set()
        for member_id, one in self.known.items():
            belongs = {
                ALL: True,
                TIER: one.tier == audience.name,
                SEGMENT: one.segment == audience.name,
                IDLE: 0 < one.last_order_at < idle_since,
                LIST: member_id in listed,
            }
            if belongs[audience.kind] and not one.merged_into:
                found.add(member_id)
        return found

    def _refused(self, audience: Audience, members: int) -> int:
        if audience.kind != LIST:
            return 0
        return len(self._kept.get(audience.name, ())) - members

    def _check(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("clickhouse", "switched off by a test")
