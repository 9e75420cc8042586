"""The stream of a member: every version once, what was missed, and an end in time."""

import asyncio
import time

import pytest

from api.feed_hub import FeedHub
from api.problems import Unavailable
from api.stream_places import MEMBER_STREAMS_MAX, StreamPlaces
from stores.member_feed_contract import FEED_LENGTH_MAX, FEED_MS_MAX, GONE
from stores.member_views_contract import ERASED, ViewWrite
from stores.memory_member_feed import MemoryMemberFeed
from tests.routes.client import Client
from tests.routes.streaming import Event, Reader, Served, noon, served

PATH = "/v1/members/member-1/events"


async def _orders(api: Served, first: int, last: int) -> None:
    for number in range(first, last + 1):
        await api.earn(f"o{number}", **noon(number))


async def _take(reader: Reader, count: int) -> list[Event]:
    found = [await reader.next() for _ in range(count)]
    assert all(found)
    return [event for event in found if event is not None]


@pytest.mark.parametrize("path", [PATH, "/v1/members/member-1/stream"])
def test_it_begins_with_now_and_tells_each_new_version(path: str) -> None:
    async def talk(api: Served) -> None:
        await _orders(api, 1, 2)
        async with api.stream(path) as reader:
            (now,) = await _take(reader, 1)
            await _orders(api, 3, 4)
            later = await _take(reader, 2)
        assert reader.answer.headers["content-type"].startswith("text/event-stream")
        assert reader.answer.headers["cache-control"] == "no-store"
        assert (now.name, now.event_id, now.data["balance"]) == ("member", "2", 90)
        assert now.data["changes"] == []
        assert [(e.event_id, e.data["balance"]) for e in later] == [
            ("3", 135),
            ("4", 180),
        ]
        change = later[0].data["changes"][0]
        assert (change["order_id"], change["version"]) == ("o3", 3)
        assert [entry["points"] for entry in change["entries"]] == [45]
        assert [offer["offer_id"] for offer in later[0].data["offers"]] == ["coffee"]

    served(Client(), talk)


def test_what_was_missed_comes_first() -> None:
    async def talk(api: Served) -> None:
        await _orders(api, 1, 5)
        async with api.stream(PATH, "2") as reader:
            missed = await _take(reader, 3)
            await _orders(api, 6, 6)
            missed += await _take(reader, 1)
        assert [event.event_id for event in missed] == ["3", "4", "5", "6"]
        assert all(len(event.data["changes"]) == 1 for event in missed)

    served(Client(), talk)


def test_who_knows_the_version_hears_of_the_next_one() -> None:
    async def talk(api: Served) -> None:
        await _orders(api, 1, 2)
        async with api.stream(PATH, "2") as reader:
            await _orders(api, 3, 3)
            (event,) = await _take(reader, 1)
        assert event.event_id == "3"

    served(Client(), talk)


def test_a_gap_that_is_too_old_is_told_as_reset() -> None:
    async def talk(api: Served) -> None:
        await _orders(api, 1, 5)
        for _ in range(3):
            api.client.views.feed.entries.popleft()
        async with api.stream(PATH, "2") as reader:
            (reset,) = await _take(reader, 1)
            await _orders(api, 6, 6)
            (next_one,) = await _take(reader, 1)
        assert (reset.name, reset.event_id, reset.data["version"]) == ("reset", "5", 5)
        assert (next_one.name, next_one.event_id) == ("member", "6")

    served(Client(), talk)


def test_a_version_that_never_was_is_told_as_reset() -> None:
    async def talk(api: Served) -> None:
        await _orders(api, 1, 2)
        async with api.stream(PATH, "9") as reader:
            (reset,) = await _take(reader, 1)
        assert (reset.name, reset.event_id) == ("reset", "2")

    served(Client(), talk)


def test_versions_that_the_feed_lost_while_it_was_away_are_a_reset() -> None:
    async def talk(api: Served) -> None:
        await _orders(api, 1, 1)
        async with api.stream(PATH) as reader:
            await _take(reader, 1)
            feed = api.client.views.feed
            feed.is_available = False
            await _orders(api, 2, 3)
            feed.entries.popleft()
            feed.entries.popleft()
            feed.is_available = True
            (reset,) = await _take(reader, 1)
        assert (reset.name, reset.event_id) == ("reset", "3")

    served(Client(), talk)


def test_others_versions_are_not_told() -> None:
    async def talk(api: Served) -> None:
        await _orders(api, 1, 1)
        async with api.stream(PATH) as reader:
            await _take(reader, 1)
            await api.earn("other", member_id="member-2")
            await _orders(api, 2, 2)
            (event,) = await _take(reader, 1)
        assert event.data["member_id"] == "member-1"
        assert event.event_id == "2"

    served(Client(), talk)


def test_an_erased_member_ends_the_stream() -> None:
    async def talk(api: Served) -> None:
        await _orders(api, 1, 1)
        async with api.stream(PATH) as reader:
            await _take(reader, 1)
            write = ViewWrite("member-1", 2, ERASED, news=b"gone")
            await api.client.views.put([write])
            (event,) = await _take(reader, 1)
            assert (event.name, event.event_id) == ("gone", "2")
            assert await reader.next() is None

    served(Client(), talk)


@pytest.mark.parametrize(
    ("path", "token", "status"),
    [
        ("/v1/members/nobody/events", {}, 404),
        (PATH, {"member_id": "member-2"}, 404),
        (PATH, {"scope": "events:write"}, 403),
    ],
)
def test_who_may_not_hear_is_told_so(
    path: str, token: dict[str, str], status: int
) -> None:
    client = Client()

    async def talk(api: Served) -> None:
        await _orders(api, 1, 1)
        client.token = client.tokens.token(**token)
        async with api.stream(path) as reader:
            await reader.answer.aread()
        assert reader.answer.status_code == status
        assert reader.answer.headers["content-type"] == "application/problem+json"

    served(client, talk)


def test_a_members_own_token_is_enough() -> None:
    client = Client()

    async def talk(api: Served) -> None:
        await _orders(api, 1, 1)
        client.token = client.tokens.token(member_id="member-1", scope="members:read")
        async with api.stream(PATH) as reader:
            (event,) = await _take(reader, 1)
        assert event.event_id == "1"

    served(client, talk)


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "", str(2**53 + 1)])
def test_an_id_that_is_none_of_ours_is_refused(last: str) -> None:
    client = Client()
    client.hold_member()

    answer = client.call("GET", PATH, headers={"last-event-id": last})

    assert answer.status_code == 422


def test_a_member_has_four_streams_and_a_fifth_when_one_ends() -> None:
    async def talk(api: Served) -> None:
        await _orders(api, 1, 1)
        async with api.stream(PATH) as one, api.stream(PATH) as two:
            await _take(one, 1)
            await _take(two, 1)
            async with api.stream(PATH) as three, api.stream(PATH) as four:
                await _take(three, 1)
                await _take(four, 1)
                async with api.stream(PATH) as fifth:
                    await fifth.answer.aread()
                assert fifth.answer.status_code == 429
                assert fifth.answer.json()["type"] == "/problems/too-many-streams"
            await _until_open(api, 2)
            async with api.stream(PATH) as another:
                assert len(await _take(another, 1)) == 1

    assert MEMBER_STREAMS_MAX == 4
    served(Client(), talk)


async def _until_open(api: Served, count: int) -> None:
    """Wait until the server has noticed who left."""
    for _ in range(1_000):
        if api.client.app.state.stream_places.count <= count:
            return
        await asyncio.sleep(0.01)
    pytest.fail("nobody left")


def test_a_process_has_so_many_streams_and_says_503() -> None:
    async def something() -> None:
        hub = FeedHub(MemoryMemberFeed(), StreamPlaces(streams_max=2))
        with hub.subscribed("a"), hub.subscribed("b"):
            third = hub.subscribed("c")
            with pytest.raises(Unavailable):
                third.__enter__()
        with hub.subscribed("c"):
            pass
        await hub.close()

    asyncio.run(something())


def test_a_silent_stream_shows_that_it_is_there_and_ends_in_time() -> None:
    client = Client(stream_seconds_max=0.3)
    client.app.state.streams._heartbeat_seconds = 0.05

    async def talk(api: Served) -> None:
        await _orders(api, 1, 1)
        async with api.stream(PATH) as reader:
            await _take(reader, 1)
            assert await reader.next() is None
        assert reader.comments

    served(client, talk)


def test_a_stop_of_the_server_does_not_wait_for_streams() -> None:
    async def talk(api: Served) -> None:
        await _orders(api, 1, 1)
        async with api.stream(PATH) as reader:
            await _take(reader, 1)
            began = time.monotonic()
            api.server.should_exit = True
            assert await reader.next() is None
        assert time.monotonic() - began < 2

    served(Client(), talk)


def test_a_reader_who_does_not_read_is_dropped() -> None:
    """Others hear of every version meanwhile, and the server has no more of him."""
    client = Client()
    client.app.state.streams._send_seconds_max = 0.5

    async def talk(api: Served) -> None:
        await _orders(api, 1, 1)
        _, writer = await asyncio.open_connection("127.0.0.1", api.port, limit=1_024)
        token = api.client.headers()["authorization"]
        writer.write(
            f"GET {PATH} HTTP/1.1\r\nHost: t\r\nAuthorization: {token}\r\n\r\n".encode()
        )
        async with api.stream(PATH) as quick:
            await _take(quick, 1)
            view = await api.client.views.get("member-1")
            assert view is not None
            news = b'{"version":1,"as_of":0,"balance":0,"pending":0,"debt":0,"tier":"%s","offers":[]}'
            large = news % (b"x" * 60_000)
            heard = 0
            for version in range(2, 402):
                await api.client.views.put(
                    [ViewWrite("member-1", version, view.document, news=large)]
                )
                if version % 20 == 0:
                    heard += len(await _take(quick, version - 1 - heard))
            await _until_open(api, 1)
            assert heard == 399
        writer.close()

    served(client, talk)


def test_what_the_feed_no_longer_has_is_forgotten_by_the_process_too() -> None:
    async def something() -> None:
        feed = MemoryMemberFeed()
        hub = FeedHub(feed, StreamPlaces())
        for number in range(FEED_LENGTH_MAX + 5):
            feed.tell(ViewWrite(f"m{number % 7}", number, b"v", news=b"n"), number - 7)
        with hub.subscribed("m0"):
            await hub.ready()
            for number in range(FEED_LENGTH_MAX + 5, FEED_LENGTH_MAX + 12):
                feed.tell(ViewWrite(f"m{number % 7}", number, b"v", news=b"n"), 0)
            await asyncio.sleep(0.1)
            kept = [one for m in range(7) for one in hub.after(f"m{m}", -1)]
            assert len(kept) == FEED_LENGTH_MAX
            assert min(one.version for one in kept) == 12
        await hub.close()

    asyncio.run(something())


def test_who_is_erased_and_what_is_an_hour_old_is_no_longer_held() -> None:
    async def something() -> None:
        feed = MemoryMemberFeed()
        hub = FeedHub(feed, StreamPlaces())
        for version in range(1, 4):
            feed.tell(ViewWrite("ann", version, b"v", news=b"n"), version - 1)
            feed.tell(ViewWrite("bob", version, b"v", news=b"n"), version - 1)
        feed.tell(ViewWrite("ann", 4, ERASED, news=GONE), 3)
        with hub.subscribed("ann"):
            await hub.ready()
            assert [one.news for one in hub.after("ann", 0)] == [GONE]
            assert [one.version for one in hub.after("bob", 0)] == [1, 2, 3]
            late = feed.entries[-1]._replace(
                place=f"{FEED_MS_MAX + 5}-0", member_id="eve"
            )
            feed.entries.append(late)
            await asyncio.sleep(0.1)
            # Entries 1 to 4 are too old for number 3,600,005.
            assert [one.version for one in hub.after("bob", 0)] == [3]
        await hub.close()

    asyncio.run(something())
