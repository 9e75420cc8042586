"""The funnel of journeys on a real ClickHouse, counted by hand."""

import asyncio

import pytest

from jobs.migrate_clickhouse import migrate
from local.stack import Stack
from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.events import MemberEvent, Tick
from loyalty.member import NEW_MEMBER
from loyalty.view import view_of
from schemas.changes import change_of
from schemas.update_reader import Update, UpdateReader
from schemas.updates import Source, UpdateCodec
from stores.analytics import ClickHouseAnalytics
from stores.clickhouse import connect
from stores.clickhouse_questions import ClickHouseQuestions
from stores.questions import QUESTIONS
from tests.builders import DAY, NOON, a_cancellation, an_order
from tests.journeys.test_examples import the_examples

READER = UpdateReader()

pytestmark = pytest.mark.end_to_end
PROGRAM = the_examples()
SPAN = {"from_at": NOON, "until_at": NOON + 60 * DAY}


def life_of(member_id: str, *, cancels: bool) -> Update:
    """Sixty days after a first order, ticks included, as one update."""
    events: list[MemberEvent] = [
        an_order("o-1", subtotal_minor=20_00, occurred_at=NOON)
    ]
    if cancels:
        events.append(a_cancellation("o-1", occurred_at=NOON + 1))
    member, changes = NEW_MEMBER, []
    while events or 0 < member.next_due_at < NOON + 60 * DAY:
        event = events.pop(0) if events else Tick(member.next_due_at)
        decision = decide(member, event, PROGRAM, member_id=member_id)
        assert isinstance(decision, Decision)
        member = decision.member
        changes.append(change_of(decision, event, Source("orders", len(changes), 0)))
    codec = UpdateCodec()
    view = view_of(member_id, member, PROGRAM)
    return READER.read(codec.encode(member_id, view, changes))


@pytest.fixture(scope="module")
def questions(servers: Stack) -> ClickHouseQuestions:
    """Three lives in a real ClickHouse, told twice."""
    url = servers.addresses()["clickhouse_url"]
    client = connect(url)
    client.command("DROP DATABASE IF EXISTS journeys")
    migrate(client, "journeys")
    updates = [life_of(name, cancels=name == "cid") for name in ("ann", "bob", "cid")]

    async def fill() -> None:
        analytics = ClickHouseAnalytics(url, "journeys")
        for token in ("once", "again"):
            await analytics.insert_updates(updates, token=token)

    asyncio.run(fill())
    return ClickHouseQuestions(url, "journeys")


def test_the_funnel_counts_members_and_times_by_step(
    questions: ClickHouseQuestions,
) -> None:
    answer = asyncio.run(questions.ask(QUESTIONS["journey_steps"], SPAN))
    found = {(row["journey"], row["step"]): row for row in answer.records()}

    def counts(journey: str, step: str) -> tuple[int, int, int]:
        row = found[journey, step]
        return row["times"], row["members"], row["withheld"]

    assert counts("welcome", "#entered") == (3, 3, 0)
    assert counts("welcome", "hello") == (3, 3, 0)
    assert counts("welcome", "#exited") == (1, 1, 0)
    assert counts("welcome", "#finished") == (2, 2, 0)
    assert counts("review", "ask") == (2, 2, 0)
    assert counts("win-back", "miss") == (3, 3, 0)
    assert ("welcome", "thanks") not in found


def test_who_took_a_step_is_named_with_the_reason(
    questions: ClickHouseQuestions,
) -> None:
    for step, names in (("hello", {"ann", "bob", "cid"}), ("#exited", {"cid"})):
        told = SPAN | {"journey": "welcome", "step": step, "limit": 9}
        answer = asyncio.run(questions.ask(QUESTIONS["journey_members"], told))
        assert {row[0] for row in answer.rows} == names
        assert all(row[2] for row in answer.rows)


def test_steps_of_journeys_are_no_triggers(questions: ClickHouseQuestions) -> None:
    told = SPAN | {"zone": "UTC"}
    answer = asyncio.run(questions.ask(QUESTIONS["trigger_weeks"], told))

    assert answer.rows == []
