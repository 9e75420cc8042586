"""One contract for inboxes in Redis and their twin in memory."""

import pytest

from local.stack import Stack
from stores.inbox import RedisInbox
from stores.inbox_contract import (
    DISMISSED,
    INBOX_MAX,
    READ,
    Inbox,
    InboxMessage,
    InboxPage,
    InboxWrite,
)
from stores.memory_inbox import MemoryInbox
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
        assert page.messages[0] == a_write(3).message
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


def test_what_is_over_or_dismissed_is_not_shown() -> None:
    shown, over, gone = (
        a_write(1).message,
        a_write(2, expires_at=NOW).message,
        a_write(3, dismissed_at=NOW).message,
    )

    assert InboxPage((shown, over, gone), 1).shown_at(NOW) == (shown,)
