"""The stream of an inbox: each change once, what was missed, and nobody else's."""

import asyncio

import pytest

from api.inbox_hub import InboxHub
from api.stream_places import MEMBER_STREAMS_MAX, StreamPlaces
from stores.inbox_contract import DISMISSED, READ, InboxMessage, InboxWrite
from stores.memory_inbox import MemoryInbox, MemoryInboxBell
from stores.unavailable import StoreUnavailable
from tests.builders import NOON
from tests.routes.client import Client
from tests.routes.streaming import Event, Reader, Served, served

PATH = "/v1/members/member-1/inbox/events"


async def put(api: Served, *numbers: int, member_id: str = "member-1") -> None:
    writes = [
        InboxWrite(
            member_id,
            InboxMessage(f"msg_{n}", "spring", "hello", "Hi", "B", NOON + n),
        )
        for n in numbers
    ]
    await api.client.deliveries.inbox.put(writes)


async def mark(api: Served, number: int, state: str) -> None:
    inbox = api.client.deliveries.inbox
    assert await inbox.mark("member-1", f"msg_{number}", state, at=NOON + 9)


async def take(reader: Reader, count: int) -> list[Event]:
    found = [await reader.next() for _ in range(count)]
    return [event for event in found if event is not None]


def told(events: list[Event]) -> list[tuple[str | None, str, int]]:
    """Version, message and unread ones of each."""
    return [(e.event_id, e.data["message"]["id"], e.data["unread"]) for e in events]


def a_client() -> Client:
    client = Client()
    client.hold_member()
    return client


def test_it_begins_with_the_inbox_and_tells_each_change() -> None:
    async def talk(api: Served) -> None:
        await put(api, 1, 2)
        async with api.stream(PATH) as reader:
            (whole,) = await take(reader, 1)
            await put(api, 3)
            news = await take(reader, 1)
            await mark(api, 1, READ)
            news += await take(reader, 1)
            await mark(api, 2, DISMISSED)
            news += await take(reader, 1)
        assert reader.answer.headers["cache-control"] == "no-store"
        assert (whole.name, whole.event_id, whole.data["unread"]) == ("inbox", "2", 2)
        assert [one["id"] for one in whole.data["items"]] == ["msg_2", "msg_1"]
        assert {event.name for event in news} == {"message"}
        assert told(news) == [("3", "msg_3", 3), ("4", "msg_1", 2), ("5", "msg_2", 1)]
        assert news[1].data["message"]["read_at"] is not None
        assert news[2].data["message"]["dismissed_at"] is not None

    served(a_client(), talk)


def test_who_comes_back_hears_of_what_changed_since_as_it_is_now() -> None:
    async def talk(api: Served) -> None:
        await put(api, 1, 2, 3)
        await mark(api, 1, READ)
        await put(api, 4)
        async with api.stream(PATH, "2") as reader:
            missed = await take(reader, 3)
            await put(api, 5)
            missed += await take(reader, 1)
        assert told(missed) == [
            ("3", "msg_3", 3),
            ("4", "msg_1", 3),
            ("5", "msg_4", 3),
            ("6", "msg_5", 4),
        ]

    served(a_client(), talk)


def test_a_version_that_never_was_begins_with_the_whole_inbox() -> None:
    async def talk(api: Served) -> None:
        await put(api, 1)
        async with api.stream(PATH, "9") as reader:
            (whole,) = await take(reader, 1)
        assert (whole.name, whole.event_id) == ("inbox", "1")

    served(a_client(), talk)


def test_others_messages_are_not_told() -> None:
    async def talk(api: Served) -> None:
        async with api.stream(PATH) as reader:
            await take(reader, 1)
            await put(api, 1, member_id="member-2")
            await put(api, 2)
            assert told(await take(reader, 1)) == [("1", "msg_2", 1)]

    served(a_client(), talk)


@pytest.mark.parametrize(
    ("path", "token", "status"),
    [
        ("/v1/members/nobody/inbox/events", {}, 404),
        (PATH, {"member_id": "member-2"}, 404),
        (PATH, {"scope": "members:write"}, 403),
    ],
    ids=["nobody", "another's token", "no scope"],
)
def test_who_may_not_hear_is_told_so(
    path: str, token: dict[str, str], status: int
) -> None:
    client = a_client()
    client.token = client.tokens.token(**token)

    answer = client.call("GET", path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_members_own_token_is_enough() -> None:
    client = a_client()
    client.token = client.tokens.token(member_id="member-1", scope="members:read")

    async def talk(api: Served) -> None:
        async with api.stream(PATH) as reader:
            (whole,) = await take(reader, 1)
        assert whole.name == "inbox"

    served(client, talk)


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "", str(2**53 + 1)])
def test_an_id_that_is_none_of_ours_is_refused(last: str) -> None:
    answer = a_client().call("GET", PATH, headers={"last-event-id": last})

    assert answer.status_code == 422


def test_a_member_has_four_streams_of_the_inbox() -> None:
    async def talk(api: Served) -> None:
        async with api.stream(PATH) as one, api.stream(PATH) as two:
            await take(one, 1)
            await take(two, 1)
            async with api.stream(PATH) as three, api.stream(PATH) as four:
                await take(three, 1)
                await take(four, 1)
                async with api.stream(PATH) as fifth:
                    await fifth.answer.aread()
        assert fifth.answer.status_code == 429
        assert fifth.answer.json()["type"] == "/problems/too-many-streams"

    assert MEMBER_STREAMS_MAX == 4
    served(a_client(), talk)


def test_who_is_erased_hears_that_it_is_over() -> None:
    async def talk(api: Served) -> None:
        await put(api, 1)
        async with api.stream(PATH) as reader:
            await take(reader, 1)
            await api.client.views.delete("member-1", 10**9)
            await api.client.deliveries.inbox.forget("member-1")
            (gone,) = await take(reader, 1)
            assert gone.name == "gone"
            assert await reader.next() is None

    served(a_client(), talk)


def test_a_ring_that_was_lost_is_made_good_after_a_silence() -> None:
    client = Client(stream_seconds_max=5)
    client.hold_member()
    client.app.state.inbox_streams._heartbeat_seconds = 0.05

    async def talk(api: Served) -> None:
        async with api.stream(PATH) as reader:
            await take(reader, 1)
            api.client.deliveries.inbox.bells.clear()  # type: ignore[attr-defined]
            await put(api, 1)
            assert told(await take(reader, 1)) == [("1", "msg_1", 1)]
        api.client.deliveries.inbox.bells.append(api.client.deliveries.bell)  # type: ignore[attr-defined]

    served(client, talk)


def test_after_a_bell_that_was_away_everybody_looks_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class BrokenBell(MemoryInboxBell):
        async def next(self, wait_seconds: float) -> str | None:
            del wait_seconds
            raise StoreUnavailable("redis", "switched off by a test")

    monkeypatch.setattr("api.inbox_hub.RETRY_SECONDS", 0.01)

    async def something() -> None:
        hub = InboxHub(BrokenBell(MemoryInbox()), StreamPlaces())
        async with hub.subscribed("ann") as rung:
            async with asyncio.timeout(5):
                await rung.wait()
        await hub.close()
        assert not hub._rung

    asyncio.run(something())
