"""The outbox in Redis or Valkey: a hash a delivery, a sorted set a lane."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import redis.asyncio as redis

from schemas.deliveries import DeliveryEvent
from stores.outbox_contract import (
    DEAD,
    DEAD_MAX,
    FIRST,
    KEPT_SECONDS,
    LANE_DELIVERIES_MAX,
    LANES_MAX,
    OUTCOMES_MAX,
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
from stores.outbox_scripts import FORGET, PUT, REVIVE, SETTLE, TAKE
from stores.redis_pool import redis_answers, redis_pool

# Steps in one call: nobody else is served while a script runs.
STEPS_MAX: Final = 100
# Redis reads no bytes in MessagePack, only texts.
Step = tuple[str, ...]
_ENCODER: Final = msgspec.json.Encoder()
_STEPS: Final = msgspec.msgpack.Encoder()
_DELIVERY: Final = msgspec.json.Decoder(Delivery)
_OUTCOME: Final = msgspec.json.Decoder(DeliveryEvent)


class RedisOutbox:
    """Deliveries in Redis or Valkey; the scripts need one server, as all else here."""

    def __init__(
        self,
        url: str,
        app_id: str,
        *,
        kept_seconds: int = KEPT_SECONDS,
        lane_deliveries_max: int = LANE_DELIVERIES_MAX,
    ) -> None:
        """Connect when first used; ids are known for `kept_seconds`."""
        self._prefix = f"{app_id}:outbox:"
        self._kept_seconds = kept_seconds
        self._lane_max = lane_deliveries_max
        # Its types do not say what a script answers.
        self._redis: Any = redis.Redis.from_pool(redis_pool(url))
        self._take = self._redis.register_script(TAKE)
        self._forget = self._redis.register_script(FORGET)
        self._scripts = {
            name: self._redis.register_script(text)
            for name, text in (("put", PUT), ("settle", SETTLE), ("revive", REVIVE))
        }

    async def put(self, deliveries: Sequence[Delivery], now: int) -> int:
        """Queue deliveries that are not known yet; return how many were not."""
        calls = [
            (
                one.delivery_id,
                one.lane.name,
                one.member_id,
                _text(one),
                str(now),
                str(self._lane_max),
                str(self._kept_seconds),
            )
            for one in deliveries
            if one.status == WAITING
        ]
        answers = await self._each("put", calls)
        waiting = (one for one in deliveries if one.status == WAITING)
        crowded = [
            one._replace(status=DEAD, detail="too many wait", attempted_at=now)
            for one, answer in zip(waiting, answers, strict=True)
            if answer < 0
        ]
        over = [one for one in deliveries if one.status != WAITING]
        recorded = await self._settle([Settled(one) for one in over + crowded], now)
        return sum(answer > 0 for answer in answers) + sum(recorded)

    async def due_lanes(self, now: int, *, limit: int = LANES_MAX) -> list[Lane]:
        """Lanes with something that is due, longest due first."""
        with redis_answers():
            found = await self._redis.zrangebyscore(
                f"{self._prefix}lanes", "-inf", now, start=0, num=limit
            )
        return [Lane.of(name.decode()) for name in found]

    async def take(
        self, lane: Lane, now: int, *, limit: int, lease_ms: int, paces: Sequence[Pace]
    ) -> list[Delivery]:
        """Take what is due and what the paces allow."""
        arguments: list[Any] = [self._prefix, lane.name, now, limit, now + lease_ms]
        for pace in paces:
            arguments += [pace.scope, pace.per_second, pace.ramp_seconds * 1_000]
        with redis_answers():
            found = await self._take(args=arguments)
        return [_DELIVERY.decode(document) for document in found]

    async def settle(self, settled: Sequence[Settled], now: int) -> None:
        """Record attempts: over, or due again; and an outcome to tell of each."""
        await self._settle(settled, now)

    async def give_back(self, deliveries: Sequence[Delivery], due_at: int) -> None:
        """Let go of what was taken and not tried."""
        with redis_answers():
            async with self._redis.pipeline(transaction=False) as pipe:
                for one in deliveries:
                    name = one.lane.name
                    # Only what still waits is in the lane.
                    pipe.zadd(
                        f"{self._prefix}lane:{name}", {one.delivery_id: due_at}, xx=True
                    )
                    pipe.zadd(f"{self._prefix}lanes", {name: due_at}, lt=True)
                await pipe.execute()

    async def find(self, delivery_id: str) -> Delivery | None:
        """A delivery, None if there is none or it was too long ago."""
        return next(iter(await self._found([delivery_id])), None)

    async def page(
        self, target: str, *, dead: bool, place: Place = FIRST, limit: int
    ) -> list[Delivery]:
        """Attempts of a target, latest first, from a place on; or dead ones only."""
        name = f"{self._prefix}{'dead' if dead else 'recent'}:{target}"
        with redis_answers():
            ids = await self._redis.zrevrangebyscore(
                name, place.until, "-inf", start=place.skip, num=limit
            )
        return await self._found([value.decode() for value in ids])

    async def replay(self, deliveries: Sequence[Delivery], now: int) -> int:
        """Queue dead deliveries anew; return how many were dead still."""
        calls = [
            (
                one.delivery_id,
                one.lane.name,
                one.target,
                _text(one._replace(status=WAITING, tries=0, detail="")),
                str(now),
                str(self._kept_seconds),
            )
            for one in deliveries
            if one.status in REVIVED
        ]
        return sum(await self._each("revive", calls))

    async def forget(self, member_id: str) -> int:
        """Drop all that waits or is dead of a member; return how much it was."""
        with redis_answers():
            return int(await self._forget(args=[self._prefix, member_id]))

    async def depths(self, *, limit: int) -> list[LaneDepth]:
        """Lanes with something that waits, longest due first."""
        with redis_answers():
            found = await self._redis.zrange(
                f"{self._prefix}lanes", 0, limit - 1, withscores=True
            )
            async with self._redis.pipeline(transaction=False) as pipe:
                for name, _ in found:
                    pipe.zcard(f"{self._prefix}lane:{name.decode()}")
                counts = await pipe.execute()
        return [
            LaneDepth(Lane.of(name.decode()), int(count), int(due))
            for (name, due), count in zip(found, counts, strict=True)
        ]

    async def now(self) -> int:
        """Time of the server (ms since 1970): one for whoever asks."""
        with redis_answers():
            seconds, microseconds = await self._redis.time()
        return int(seconds) * 1_000 + int(microseconds) // 1_000

    async def outcomes(self, *, limit: int) -> Outcomes:
        """Oldest outcomes that nobody has told yet."""
        with redis_answers():
            found = await self._redis.xrange(f"{self._prefix}outcomes", count=limit)
        return Outcomes(
            tuple(_OUTCOME.decode(fields[b"e"]) for _, fields in found),
            tuple(place.decode() for place, _ in found),
        )

    async def told(self, places: Sequence[str]) -> None:
        """Let go of outcomes that have been told."""
        if places:
            with redis_answers():
                await self._redis.xdel(f"{self._prefix}outcomes", *places)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._redis.aclose()

    async def _settle(self, settled: Sequence[Settled], now: int) -> list[int]:
        steps: list[Step] = []
        for one, due_at in settled:
            is_kept = one.status == WAITING or one.status in REVIVED
            document = one if is_kept else one._replace(body="")
            steps.append(
                (
                    one.delivery_id,
                    one.lane.name,
                    one.target,
                    one.member_id,
                    one.status,
                    _text(document),
                    str(due_at),
                    str(now),
                    str(self._kept_seconds),
                    str(RECENT_MAX),
                    str(DEAD_MAX),
                    _text(one.event()),
                    str(OUTCOMES_MAX),
                )
            )
        return await self._each("settle", steps)

    async def _each(self, name: str, steps: Sequence[Step]) -> list[int]:
        answers: list[int] = []
        script = self._scripts[name]
        for start in range(0, len(steps), STEPS_MAX):
            some = _STEPS.encode(steps[start : start + STEPS_MAX])
            with redis_answers():
                answers += await script(args=[self._prefix, some])
        return answers

    async def _found(self, ids: list[str]) -> list[Delivery]:
        with redis_answers():
            async with self._redis.pipeline(transaction=False) as pipe:
                for delivery_id in ids:
                    pipe.hget(f"{self._prefix}d:{delivery_id}", "document")
                documents = await pipe.execute()
        return [_DELIVERY.decode(document) for document in documents if document]


def _text(told: Delivery | DeliveryEvent) -> str:
    return _ENCODER.encode(told).decode()
