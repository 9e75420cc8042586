"""What the Redis sink makes of updates: views, and one result for each command."""

import asyncio
import json

import pytest

from loyalty.decision import Decision
from loyalty.member import NEW_MEMBER
from loyalty.view import view_of
from schemas.feed import NEWS_BYTES_MAX, decode_news, encode_news
from schemas.framing import MalformedRecord
from schemas.topics import ACTIVITY, COMMANDS, MEMBER_UPDATES, ORDERS
from schemas.update_reader import UpdateReader
from schemas.updates import Source, UpdateCodec, change_record
from stores.identities_contract import PHONE
from stores.memory_identities import MemoryIdentities
from stores.memory_member_views import MemoryMemberViews
from streams.agents.redis_sink import RedisWriter
from streams.batches import RecordBatch, SourceRecord
from tests.builders import A_FULL_PROGRAM, NOON

READER = UpdateReader()

CODEC = UpdateCodec()


def told(
    refusal: str = "",
    *,
    topic: str = COMMANDS.name,
    kind: str = "points.adjust",
    **more: bool,
) -> RecordBatch:
    """An update with one change."""
    member = NEW_MEMBER._replace(version=4)
    result = {"points": 7, "is_new": True, "order": "o", **more}
    decision = Decision(
        member, (), (), (), "", "", "because", result=result, refusal=refusal
    )
    change = change_record(
        decision,
        Source(topic, 1, NOON),
        event_id="c-1",
        event_kind=kind,
        occurred_at=NOON,
        order_id="",
    )
    value = CODEC.encode("ann", view_of("ann", member, A_FULL_PROGRAM), [change])
    return RecordBatch(
        MEMBER_UPDATES.name, 0, 0, 1, [SourceRecord(0, NOON, b"ann", value)]
    )


def written(*batches: RecordBatch) -> bytes | None:
    views = MemoryMemberViews()

    async def run() -> bytes | None:
        for batch in batches:
            await RedisWriter(views, MemoryIdentities(), READER).write([batch])
        view = await views.get("ann")
        assert view is not None
        assert view.version == 4
        return await views.get_result("c-1")

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("refusal", "status"), [("", "done"), ("insufficient-points", "refused")]
)
def test_a_command_is_answered_with_what_was_decided(refusal: str, status: str) -> None:
    assert json.loads(written(told(refusal)) or b"") == {
        "command_id": "c-1",
        "member_id": "ann",
        "status": status,
        "refusal": refusal,
        "version": 4,
        "why": "because",
        "result": {"points": 7, "is_new": True, "order": "o"},
    }


def test_a_batch_that_is_written_again_changes_no_result() -> None:
    assert written(told(), told("too-late")) == written(told())


@pytest.mark.parametrize(
    "batch", [told(topic=ORDERS.name), told(kind="budget.granted")]
)
def test_nobody_asked_for_other_changes(batch: RecordBatch) -> None:
    assert written(batch) is None


def test_a_change_is_read_back_with_its_result_and_refusal() -> None:
    (change,) = CODEC.decode(told("no").records[0].value).changes

    assert change.refusal == "no"
    assert change.result == '{"is_new":true,"order":"o","points":7}'


def test_what_is_written_at_once_is_told_at_once_with_all_its_changes() -> None:
    views = MemoryMemberViews()
    asyncio.run(
        RedisWriter(views, MemoryIdentities(), READER).write([told(), told("too-late")])
    )

    (entry,) = views.feed.entries
    news = decode_news(entry.news)
    assert (entry.member_id, entry.version, entry.since) == ("ann", 4, 0)
    assert [change.refusal for change in news.changes] == ["", "too-late"]
    assert (news.balance, news.changes_left_out) == (0, 0)


@pytest.mark.parametrize(
    ("count", "why", "told_count"),
    [(0, "w", 0), (50, "w", 50), (51, "w", 50), (50, "w" * 2_000, 0)],
)
def test_news_are_bounded_and_say_what_they_leave_out(
    count: int, why: str, told_count: int
) -> None:
    update = READER.read(told().records[0].value)
    changes = [update.changes[0]._replace(version=n, why=why) for n in range(count)]

    document = encode_news(update.view, changes)
    news = decode_news(document)

    assert len(document) <= NEWS_BYTES_MAX
    assert len(news.changes) == told_count
    assert news.changes_left_out == count - told_count
    assert [change.version for change in news.changes] == [
        change.version for change in changes[count - told_count :]
    ][:told_count]


def test_a_view_that_is_none_is_no_news() -> None:
    with pytest.raises(MalformedRecord):
        encode_news(b"{", ())
    with pytest.raises(MalformedRecord):
        decode_news(b"gone")


@pytest.mark.parametrize(
    ("batch", "keeps"),
    [
        (told(kind="member.erase", kept=False), False),
        (told(kind="member.erase", kept=True), False),
        (told("merge-in-progress", kind="member.erase", kept=False), True),
        (told(kind="member.erase", topic=ACTIVITY.name, kept=False), True),
        (told(), True),
    ],
    ids=["erased", "points kept", "refused", "an act of that name", "another command"],
)
def test_whoever_is_forgotten_has_no_contacts_whoever_asked(
    batch: RecordBatch, keeps: bool
) -> None:
    async def run() -> str | None:
        identities = MemoryIdentities()
        await identities.settle("ann", {PHONE: "digest"}, 3)
        await RedisWriter(MemoryMemberViews(), identities, READER).write([batch])
        # A repeat of an older change brings nothing back.
        await identities.settle("ann", {PHONE: "digest"}, 3)
        return await identities.find("digest")

    assert asyncio.run(run()) == ("ann" if keeps else None)
