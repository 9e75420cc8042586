"""One contract for the outbox in Redis and its twin in memory."""

import asyncio
import time

import pytest

from local.stack import Stack
from stores.memory_outbox import MemoryOutbox
from stores.outbox import RedisOutbox
from stores.outbox_contract import (
    DEAD,
    EXPIRED,
    FIRST,
    SENT,
    UNROUTED,
    WAITING,
    Delivery,
    Lane,
    Outbox,
    Pace,
    Settled,
)
from stores.unavailable import StoreUnavailable
from tests.contracts.both_stores import Use, using

pytestmark = pytest.mark.end_to_end
NOW = 1_700_000_000_000
MOST = 5


@pytest.fixture(params=["redis", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Use:
    return using(
        request.param,
        servers,
        memory=lambda: MemoryOutbox(lane_deliveries_max=MOST),
        real=lambda url: RedisOutbox(url, "test", lane_deliveries_max=MOST),
    )


def a_delivery(name: str, **changes: object) -> Delivery:
    made = Delivery(
        f"msg_{name}:ep_1",
        f"msg_{name}",
        "ep_1",
        "a|campaign é",
        "push",
        "message.push",
        "ann",
        '{"title": "T"}',
        NOW,
    )
    return made._replace(**changes)  # type: ignore[arg-type]


LANE = a_delivery("x").lane


async def take(
    outbox: Outbox, now: int, *paces: Pace, limit: int = 100
) -> list[Delivery]:
    return await outbox.take(LANE, now, limit=limit, lease_ms=1_000, paces=paces)


def test_a_delivery_is_queued_once_and_its_id_is_known_when_it_is_sent(
    use: Use,
) -> None:
    async def something(outbox: Outbox) -> None:
        one = a_delivery("a")
        assert await outbox.put([one, a_delivery("b"), one], NOW) == 2
        assert await outbox.due_lanes(NOW) == [LANE]
        assert await take(outbox, NOW) == [one, a_delivery("b")]
        await outbox.settle([Settled(one._replace(status=SENT, attempts=1))], NOW)
        assert [depth.waiting for depth in await outbox.depths(limit=9)] == [1]
        await outbox.settle([Settled(a_delivery("b")._replace(status=SENT))], NOW)
        assert await outbox.depths(limit=9) == []
        assert await outbox.put([one], NOW + 10) == 0
        found = await outbox.find(one.delivery_id)
        assert found == one._replace(status=SENT, attempts=1, body="")
        assert await outbox.find("nobody's") is None

    use(something)


def test_what_is_taken_is_due_again_when_nobody_says_what_came_of_it(use: Use) -> None:
    async def something(outbox: Outbox) -> None:
        await outbox.put([a_delivery("a")], NOW)
        assert await take(outbox, NOW) == [a_delivery("a")]
        assert await take(outbox, NOW + 999) == []
        assert await outbox.due_lanes(NOW + 999) == []
        assert await outbox.due_lanes(NOW + 1_000) == [LANE]
        assert await take(outbox, NOW + 1_000) == [a_delivery("a")]
        await outbox.give_back([a_delivery("a")], NOW + 1_001)
        assert await take(outbox, NOW + 1_001) == [a_delivery("a")]

    use(something)


def test_another_attempt_comes_when_it_is_due_and_what_is_over_stays_over(
    use: Use,
) -> None:
    async def something(outbox: Outbox) -> None:
        one = a_delivery("a")
        await outbox.put([one], NOW)
        await take(outbox, NOW)
        again = one._replace(attempts=1, tries=1, http_status=500)
        await outbox.settle([Settled(again, NOW + 5_000)], NOW)
        assert await take(outbox, NOW + 4_999) == []
        assert await take(outbox, NOW + 5_000) == [again]
        await outbox.settle([Settled(one._replace(status=SENT))], NOW + 5_001)
        await outbox.settle([Settled(again, NOW + 6_000)], NOW + 5_002)
        assert await take(outbox, NOW + 9_000) == []
        assert await outbox.due_lanes(NOW + 9_000) == []
        assert await outbox.depths(limit=10) == []

    use(something)


def test_one_too_many_for_a_lane_is_dead_and_told(use: Use) -> None:
    async def something(outbox: Outbox) -> None:
        some = [a_delivery(str(number)) for number in range(MOST + 2)]
        other = a_delivery("other", target="ep_2", delivery_id="msg_other:ep_2")
        assert await outbox.put([*some, other], NOW) == MOST + 3
        depths = {d.lane: d.waiting for d in await outbox.depths(limit=10)}
        assert depths == {LANE: MOST, other.lane: 1}
        dead = await outbox.page("ep_1", dead=True, limit=10)
        assert {(one.delivery_id, one.status) for one in dead} == {
            ("msg_5:ep_1", DEAD),
            ("msg_6:ep_1", DEAD),
        }
        assert len((await outbox.outcomes(limit=10)).events) == 2

    use(something)


@pytest.mark.parametrize("status", [UNROUTED, EXPIRED])
def test_what_can_not_be_sent_is_recorded_once(use: Use, status: str) -> None:
    async def something(outbox: Outbox) -> None:
        lost = a_delivery("a", status=status, detail="why")
        assert await outbox.put([lost, lost], NOW) == 1
        assert await outbox.due_lanes(NOW) == []
        assert (await outbox.outcomes(limit=10)).events == (lost.event(),)

    use(something)


def test_outcomes_are_told_in_order_and_let_go_of(use: Use) -> None:
    async def something(outbox: Outbox) -> None:
        some = [a_delivery(name) for name in "abc"]
        await outbox.put(some, NOW)
        sent = [Settled(one._replace(status=SENT, attempts=1)) for one in some]
        await outbox.settle(sent, NOW)
        first = await outbox.outcomes(limit=2)
        assert [event.message_id for event in first.events] == ["msg_a", "msg_b"]
        assert await outbox.outcomes(limit=2) == first
        await outbox.told(first.places)
        rest = await outbox.outcomes(limit=2)
        assert [event.message_id for event in rest.events] == ["msg_c"]
        await outbox.told(rest.places)
        await outbox.told(())
        assert (await outbox.outcomes(limit=2)).events == ()

    use(something)


def test_attempts_are_listed_newest_first_and_the_dead_apart(use: Use) -> None:
    async def something(outbox: Outbox) -> None:
        some = [a_delivery(name) for name in "abc"]
        await outbox.put(some, NOW)
        for number, one in enumerate(some):
            status = DEAD if one.message_id == "msg_b" else SENT
            at = NOW + number // 2
            done = one._replace(status=status, attempted_at=at)
            await outbox.settle([Settled(done)], at)
        recent = await outbox.page("ep_1", dead=False, limit=2)
        assert [one.message_id for one in recent] == ["msg_c", "msg_b"]
        # Two were tried in one millisecond: no page loses one of them.
        rest = await outbox.page("ep_1", dead=False, place=FIRST.after(recent), limit=2)
        assert [one.message_id for one in rest] == ["msg_a"]
        dead = await outbox.page("ep_1", dead=True, limit=2)
        assert [one.body for one in dead] == ['{"title": "T"}']

    use(something)


def test_dead_ones_are_sent_after_all_and_only_they(use: Use) -> None:
    async def something(outbox: Outbox) -> None:
        dead, sent = a_delivery("a"), a_delivery("b")
        await outbox.put([dead, sent], NOW)
        over = [
            Settled(dead._replace(status=DEAD, attempts=10, tries=10)),
            Settled(sent._replace(status=SENT)),
        ]
        await outbox.settle(over, NOW)
        listed = await outbox.page("ep_1", dead=True, limit=9)
        asked = [*listed, sent._replace(status=DEAD)]
        assert await outbox.replay(asked, NOW + 1) == 1
        assert await outbox.replay(listed, NOW + 1) == 0
        again = dead._replace(attempts=10, tries=0)
        assert await take(outbox, NOW + 1) == [again]
        assert await outbox.page("ep_1", dead=True, limit=9) == []

    use(something)


def test_who_is_forgotten_gets_nothing_more_and_no_repeat_brings_it_back(
    use: Use,
) -> None:
    async def something(outbox: Outbox) -> None:
        waiting, dead = a_delivery("a"), a_delivery("b")
        bobs = a_delivery("c", member_id="bob")
        await outbox.put([waiting, dead, bobs], NOW)
        await take(outbox, NOW, limit=3)
        await outbox.settle([Settled(dead._replace(status=DEAD))], NOW)
        assert await outbox.forget("ann") == 2
        assert await outbox.forget("ann") == 0
        assert await outbox.put([waiting, dead], NOW) == 0
        assert await outbox.find(dead.delivery_id) is None
        assert await outbox.page("ep_1", dead=True, limit=9) == []
        await outbox.settle([Settled(waiting, NOW + 1_000)], NOW)
        assert await take(outbox, NOW + 1_000) == [bobs]

    use(something)


def test_one_that_is_told_of_before_its_first_attempt_is_due_when_it_was_told(
    use: Use,
) -> None:
    async def something(outbox: Outbox) -> None:
        one = a_delivery("a")
        assert await outbox.put([one], NOW + 2_000) == 1
        assert await take(outbox, NOW) == []
        told = one._replace(detail="sent again: lost it", attempted_at=NOW)
        await outbox.settle([Settled(told, NOW)], NOW)
        assert [e.detail for e in (await outbox.outcomes(limit=9)).events] == [
            "sent again: lost it"
        ]
        assert await take(outbox, NOW) == [told]
        assert await outbox.forget("ann") == 1
        assert await outbox.put([one], NOW) == 0
        assert await outbox.find(one.delivery_id) is None

    use(something)


def test_a_pace_lets_so_many_go_in_a_second(use: Use) -> None:
    async def something(outbox: Outbox) -> None:
        pace = Pace("channel:push", 2)
        await outbox.put([a_delivery(str(number)) for number in range(5)], NOW)
        assert len(await take(outbox, NOW, pace)) == 1
        assert len(await take(outbox, NOW, pace)) == 0
        assert len(await take(outbox, NOW + 500, pace)) == 1
        # A pause gives no more than a second's worth.
        assert len(await take(outbox, NOW + 900, pace, Pace("all", 100))) == 0
        await outbox.settle([Settled(a_delivery("0")._replace(status=SENT))], NOW)
        assert len(await take(outbox, NOW + 60_000, pace)) == 2

    use(something)


def test_a_ramp_begins_slowly(use: Use) -> None:
    async def something(outbox: Outbox) -> None:
        pace = Pace("all", 100, ramp_seconds=10)
        await outbox.put([a_delivery(str(number)) for number in range(5)], NOW)
        taken = [len(await take(outbox, NOW, pace))]
        # After a tenth of the ramp a tenth of the rate.
        taken.append(len(await take(outbox, NOW + 10, pace)))
        taken.append(len(await take(outbox, NOW + 990, pace)))
        assert taken == [1, 0, 4]

    use(something)


def test_a_lane_has_its_parts_back_from_its_name() -> None:
    assert Lane.of(LANE.name) == LANE


def test_a_server_that_is_not_there_is_unavailable() -> None:
    async def something() -> None:
        outbox = RedisOutbox("redis://127.0.0.1:1/0", "test")
        one = a_delivery("a")
        assert one.status == WAITING
        for call in (
            outbox.put([one], NOW),
            outbox.due_lanes(NOW),
            take(outbox, NOW),
            outbox.settle([Settled(one)], NOW),
            outbox.outcomes(limit=1),
            outbox.forget("ann"),
        ):
            with pytest.raises(StoreUnavailable):
                await call

    asyncio.run(something())


def test_the_time_is_that_of_the_store(use: Use) -> None:
    async def something(outbox: Outbox) -> None:
        before = time.time() * 1_000
        told = [await outbox.now() for _ in range(3)]
        assert told == sorted(told)
        assert before - 1_000 < told[0] < time.time() * 1_000 + 1_000

    use(something)
