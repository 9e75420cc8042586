"""One contract for inboxes in Redis and their twin in memory."""

import asyncio
import contextlib
from typing import Any, NamedTuple

import pytest
import redis

from local.stack import Stack
from stores.inbox import RedisInbox, RedisInboxBell
from stores.inbox_contract import (
    DISMISSED,
    INBOX_MAX,
    READ,
    Inbox,
    InboxBell,
    InboxMessage,
    InboxPage,
    InboxWrite,
)
from stores.memory_inbox import MemoryInbox, MemoryInboxBell
from stores.unavailable import StoreUnavailable
from tests.contracts.both_stores import Use, using

pytestmark = pytest.mark.end_to_end
NOW = 1_700_000_000_000


@pytest.fixture(params=["redis", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Use:
    return using(
        request.param,
        servers,
        memory=MemoryInbox,
        real=lambda url: RedisInbox(url, "test"),
    )


def a_write(number: int, **changes: int) -> InboxWrite:
    message = InboxMessage(f"msg_{number}", "c é", "t", "T", "B", NOW + number)
    return InboxWrite("ann é", message._replace(**changes))  # type: ignore[arg-type]


def ids(page: InboxPage) -> list[str]:
    return [message.message_id for message in page.messages]


def test_a_message_is_there_once_and_the_newest_comes_first(use: Use) -> None:
    async def something(inbox: Inbox) -> None:
        assert await inbox.get("ann é") == InboxPage((), 0)
        assert await inbox.put([a_write(1), a_write(3), a_write(2), a_write(1)]) == 3
        assert await inbox.put([a_write(2)]) == 0
        page = await inbox.get("ann é")
        assert ids(page) == ["msg_3", "msg_2", "msg_1"]
        assert page.messages[0] == a_write(3).message._replace(version=2)
        assert page.version == 3
        assert ids(await inbox.get("bob")) == []

    use(something)


@pytest.mark.parametrize("mark", [READ, DISMISSED])
def test_the_first_mark_stays(use: Use, mark: str) -> None:
    async def something(inbox: Inbox) -> None:
        await inbox.put([a_write(1)])
        marked = await inbox.mark("ann é", "msg_1", mark, at=NOW + 5)
        assert marked is not None
        assert marked.is_new
        again = await inbox.mark("ann é", "msg_1", mark, at=NOW + 9)
        assert again is not None
        assert again == marked._replace(is_new=False)
        assert again.message.version == 2
        assert getattr(again.message, f"{mark}_at") == NOW + 5
        assert (await inbox.get("ann é")).messages == (again.message,)
        assert (await inbox.get("ann é")).version == 2
        assert await inbox.mark("ann é", "msg_9", mark, at=NOW) is None
        assert await inbox.mark("bob", "msg_1", mark, at=NOW) is None

    use(something)


def test_the_oldest_gives_way(use: Use) -> None:
    async def something(inbox: Inbox) -> None:
        await inbox.put([a_write(number) for number in range(INBOX_MAX + 5)])
        page = await inbox.get("ann é")
        assert len(page.messages) == INBOX_MAX
        assert ids(page)[-1] == "msg_5"
        await inbox.put([a_write(0)])
        assert ids(await inbox.get("ann é")) == ids(page)

    use(something)


def test_who_is_forgotten_has_no_inbox(use: Use) -> None:
    async def something(inbox: Inbox) -> None:
        await inbox.put([a_write(1)])
        await inbox.mark("ann é", "msg_1", READ, at=NOW)
        await inbox.forget("ann é")
        assert await inbox.put([a_write(2)]) == 0
        assert await inbox.get("ann é") == InboxPage((), 0)

    use(something)


def test_an_inbox_knows_what_changed_since(use: Use) -> None:
    async def something(inbox: Inbox) -> None:
        await inbox.put([a_write(1), a_write(2)])
        await inbox.mark("ann é", "msg_1", READ, at=NOW)
        await inbox.mark("ann é", "msg_1", READ, at=NOW)
        page = await inbox.get("ann é")
        assert [m.message_id for m in page.changed_since(0)] == ["msg_2", "msg_1"]
        assert [m.message_id for m in page.changed_since(2)] == ["msg_1"]
        assert page.changed_since(3) == ()

    use(something)


class Hung(NamedTuple):
    """An inbox and a bell that hangs there."""

    inbox: Inbox
    bell: InboxBell

    async def close(self) -> None:
        await self.bell.close()
        await self.inbox.close()


def hung_in_memory() -> Hung:
    inbox = MemoryInbox()
    return Hung(inbox, MemoryInboxBell(inbox))


def hung_in_redis(url: str) -> Hung:
    return Hung(RedisInbox(url, "test"), RedisInboxBell(url, "test"))


@pytest.fixture(params=["redis", "memory"])
def use_bell(request: pytest.FixtureRequest, servers: Stack) -> Use:
    return using(request.param, servers, memory=hung_in_memory, real=hung_in_redis)


async def heard(bell: InboxBell) -> list[str]:
    found = []
    # A confirmation of the store is no ring.
    for _ in range(4):
        while (member_id := await bell.next(0.1)) is not None:
            found.append(member_id)
    return found


def test_a_bell_rings_for_whom_it_is_told_and_for_each_change(use_bell: Use) -> None:
    async def something(hung: Hung) -> None:
        inbox, bell = hung
        await bell.watch("ann é")
        await bell.watch("bob")
        await inbox.put([a_write(1), a_write(1)])
        await inbox.mark("ann é", "msg_1", READ, at=NOW)
        await inbox.mark("ann é", "msg_1", READ, at=NOW)
        assert await heard(bell) == ["ann é", "ann é"]
        await inbox.forget("ann é")
        assert await heard(bell) == ["ann é"]
        await bell.leave("bob")
        await inbox.put([a_write(2)._replace(member_id="bob")])
        assert await heard(bell) == []
        await bell.leave("ann é")
        await inbox.put([a_write(3)])
        assert await heard(bell) == []
        await bell.watch("bob")
        await inbox.put([a_write(4)._replace(member_id="bob")])
        assert await heard(bell) == ["bob"]

    use_bell(something)


def test_a_bell_whose_connection_broke_is_heard_again(servers: Stack) -> None:
    async def something() -> None:
        url = servers.addresses()["redis_url"]
        hung = hung_in_redis(url)
        await hung.bell.watch("cid")
        assert await heard(hung.bell) == []
        killer: Any = redis.Redis.from_url(url)
        killer.client_kill_filter(_type="pubsub")
        with contextlib.suppress(StoreUnavailable):
            await heard(hung.bell)
        await hung.inbox.put([a_write(1)._replace(member_id="cid")])
        assert await heard(hung.bell) == ["cid"]
        await hung.close()

    asyncio.run(something())


def test_what_is_over_or_dismissed_is_not_shown() -> None:
    shown, over, gone = (
        a_write(1).message,
        a_write(2, expires_at=NOW).message,
        a_write(3, dismissed_at=NOW).message,
    )

    assert InboxPage((shown, over, gone), 1).shown_at(NOW) == (shown,)
