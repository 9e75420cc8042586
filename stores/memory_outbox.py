"""The twin of the outbox in memory: same contract, for tests and for trying out."""

import time
from collections.abc import Sequence

from schemas.deliveries import DeliveryEvent
from stores.outbox_contract import (
    DEAD,
    DEAD_MAX,
    FIRST,
    FORGOTTEN,
    LANE_DELIVERIES_MAX,
    LANES_MAX,
    RECENT_MAX,
    REVIVED,
    WAITING,
    Delivery,
    Lane,
    LaneDepth,
    Outcomes,
    Pace,
    Place,
    Settled,
)
from stores.outbox_scripts import PACE_IDLE_MS
from stores.unavailable import StoreUnavailable


class MemoryOutbox:
    """The twin in memory: same contract, but it forgets no id by itself."""

    def __init__(self, *, lane_deliveries_max: int = LANE_DELIVERIES_MAX) -> None:
        """Hold nothing."""
        self._known: dict[str, Delivery] = {}
        self._due: dict[str, int] = {}
        self._recent: dict[str, dict[str, int]] = {}
        self._dead: dict[str, dict[str, int]] = {}
        self._buckets: dict[str, tuple[int, int, int]] = {}
        self._outcomes: dict[str, DeliveryEvent] = {}
        self._told = 0
        self._lane_max = lane_deliveries_max
        self.is_available = True

    async def put(self, deliveries: Sequence[Delivery], now: int) -> int:
        """Queue deliveries that are not known yet; return how many were not."""
        self._check()
        count = 0
        for one in deliveries:
            if one.delivery_id in self._known:
                continue
            crowd = len(self._lane(one.lane.name))
            if one.status != WAITING:
                count += self._settle(one, 0, now)
            elif crowd >= self._lane_max:
                dead = one._replace(status=DEAD, detail="too many wait")
                count += self._settle(dead._replace(attempted_at=now), 0, now)
            else:
                self._known[one.delivery_id] = one
                self._due[one.delivery_id] = now
                count += 1
        return count

    async def due_lanes(self, now: int, *, limit: int = LANES_MAX) -> list[Lane]:
        """Lanes with something that is due, longest due first."""
        self._check()
        return [d.lane for d in await self.depths(limit=limit) if d.due_at <= now]

    async def take(
        self, lane: Lane, now: int, *, limit: int, lease_ms: int, paces: Sequence[Pace]
    ) -> list[Delivery]:
        """Take what is due and what the paces allow."""
        self._check()
        buckets = {pace.scope: self._bucket(pace, now) for pace in paces}
        granted = min(limit, *(b[0] // 1_000 for b in buckets.values()), limit)
        due = [id_ for id_ in self._lane(lane.name) if self._due[id_] <= now]
        found = [self._known[id_] for id_ in due[: max(granted, 0)]]
        for one in found:
            self._due[one.delivery_id] = now + lease_ms
        for scope, (tokens, at, began) in buckets.items():
            self._buckets[scope] = tokens - len(found) * 1_000, at, began
        return found

    async def settle(self, settled: Sequence[Settled], now: int) -> None:
        """Record attempts: over, or due again; and an outcome to tell of each."""
        self._check()
        for one, due_at in settled:
            self._settle(one, due_at, now)

    async def give_back(self, deliveries: Sequence[Delivery], due_at: int) -> None:
        """Let go of what was taken and not tried."""
        self._check()
        for one in deliveries:
            if one.delivery_id in self._due:
                self._due[one.delivery_id] = due_at

    async def find(self, delivery_id: str) -> Delivery | None:
        """A delivery, None if there is none."""
        self._check()
        known = self._known.get(delivery_id)
        return None if known is None or known.status == FORGOTTEN else known

    async def page(
        self, target: str, *, dead: bool, place: Place = FIRST, limit: int
    ) -> list[Delivery]:
        """Attempts of a target, latest first, from a place on; or dead ones only."""
        self._check()
        listed = (self._dead if dead else self._recent).get(target, {})
        order = sorted(listed.items(), key=lambda pair: (pair[1], pair[0]))[::-1]
        ids = [id_ for id_, at in order if at <= place.until]
        found = (self._known[id_] for id_ in ids[place.skip : place.skip + limit])
        return [one for one in found if one.status != FORGOTTEN]

    async def replay(self, deliveries: Sequence[Delivery], now: int) -> int:
        """Queue dead deliveries anew; return how many were dead still."""
        self._check()
        count = 0
        for one in deliveries:
            known = self._known.get(one.delivery_id)
            if known is None or known.status not in REVIVED:
                continue
            again = one._replace(status=WAITING, tries=0, detail="")
            self._known[one.delivery_id] = again
            self._due[one.delivery_id] = now
            self._dead.get(one.target, {}).pop(one.delivery_id, None)
            count += 1
        return count

    async def forget(self, member_id: str) -> int:
        """Drop all that waits or is dead of a member; return how much it was."""
        self._check()
        own = [
            one
            for one in self._known.values()
            if one.member_id == member_id
            and (one.status == WAITING or one.status in REVIVED)
        ]
        for one in own:
            self._known[one.delivery_id] = one._replace(status=FORGOTTEN, body="")
            self._due.pop(one.delivery_id, None)
        return len(own)

    async def depths(self, *, limit: int) -> list[LaneDepth]:
        """Lanes with something that waits, longest due first."""
        self._check()
        lanes = {self._known[id_].lane.name for id_ in self._due}
        depths = [
            LaneDepth(Lane.of(name), len(ids), self._due[ids[0]])
            for name in lanes
            if (ids := self._lane(name))
        ]
        return sorted(depths, key=lambda depth: (depth.due_at, depth.lane))[:limit]

    async def now(self) -> int:
        """Time of this process (ms since 1970)."""
        self._check()
        return int(time.time() * 1_000)

    async def outcomes(self, *, limit: int) -> Outcomes:
        """Oldest outcomes that nobody has told yet."""
        self._check()
        some = list(self._outcomes.items())[:limit]
        return Outcomes(tuple(e for _, e in some), tuple(place for place, _ in some))

    async def told(self, places: Sequence[str]) -> None:
        """Let go of outcomes that have been told."""
        self._check()
        for place in places:
            self._outcomes.pop(place, None)

    async def close(self) -> None:
        """Nothing to let go of."""

    def _lane(self, name: str) -> list[str]:
        """Ids that wait in a lane, in the order in which they are due."""
        own = [id_ for id_ in self._due if self._known[id_].lane.name == name]
        return sorted(own, key=lambda id_: (self._due[id_], id_))

    def _bucket(self, pace: Pace, now: int) -> tuple[int, int, int]:
        tokens, at, began = self._buckets.get(pace.scope, (0, -PACE_IDLE_MS - 1, 0))
        rate, ramp_ms = pace.per_second, pace.ramp_seconds * 1_000
        if now - at > PACE_IDLE_MS:
            tokens, at, began = 1_000, now, now
        if now - began < ramp_ms:
            # Down: a ramp is never ahead of itself.
            rate = max(1, rate * (now - began) // ramp_ms)
        return min(rate * 1_000, tokens + max(now - at, 0) * rate), now, began

    def _settle(self, one: Delivery, due_at: int, now: int) -> int:
        known = self._known.get(one.delivery_id)
        if known is not None and known.status != WAITING:
            return 0
        self._due.pop(one.delivery_id, None)
        is_kept = one.status == WAITING or one.status in REVIVED
        self._known[one.delivery_id] = one if is_kept else one._replace(body="")
        if one.status == WAITING:
            self._due[one.delivery_id] = due_at
        elif one.status in REVIVED:
            _list(self._dead.setdefault(one.target, {}), one, now, most=DEAD_MAX)
        _list(self._recent.setdefault(one.target, {}), one, now, most=RECENT_MAX)
        self._told += 1
        self._outcomes[str(self._told)] = one.event()
        return 1

    def _check(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("redis", "switched off by a test")


def _list(listed: dict[str, int], delivery: Delivery, now: int, *, most: int) -> None:
    listed[delivery.delivery_id] = now
    for gone in sorted(listed, key=lambda id_: (listed[id_], id_))[:-most]:
        del listed[gone]
