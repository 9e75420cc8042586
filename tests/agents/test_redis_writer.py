"""What the Redis sink makes of updates: views, and one result for each command."""

import asyncio
import json

import pytest

from loyalty.decision import Decision
from loyalty.member import NEW_MEMBER
from loyalty.view import view_of
from schemas.topics import COMMANDS, MEMBER_UPDATES, ORDERS
from schemas.updates import Source, UpdateCodec, change_record
from stores.memory_member_views import MemoryMemberViews
from streams.agents.redis_sink import RedisWriter
from streams.batches import RecordBatch
from tests.builders import A_FULL_PROGRAM, NOON
from tests.simulation.memory_kafka import Stored

CODEC = UpdateCodec()


def told(
    refusal: str = "", *, topic: str = COMMANDS.name, kind: str = "points.adjust"
) -> RecordBatch:
    """An update with one change."""
    member = NEW_MEMBER._replace(version=4)
    result = {"points": 7, "is_new": True, "order": "o"}
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
    return RecordBatch(MEMBER_UPDATES.name, 0, 0, 1, [Stored(0, NOON, b"ann", value)])


def written(*batches: RecordBatch) -> bytes | None:
    views = MemoryMemberViews()

    async def run() -> bytes | None:
        for batch in batches:
            await RedisWriter(views, CODEC).write([batch])
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
