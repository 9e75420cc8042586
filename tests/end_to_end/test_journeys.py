"""Real brokers, real kill -9: journeys go on where they were, and speak once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from jobs.traffic import TrafficRecord
from local.stack import Stack
from loyalty.decide import decide, is_due
from loyalty.decision import Decision
from loyalty.events import MemberEvent, Tick
from loyalty.member import NEW_MEMBER
from loyalty.program_document import program_from
from schemas.topics import ORDERS
from stores.programs import EDGE_CALENDARS
from tests.builders import NOON, a_cancellation, an_order
from tests.end_to_end.oracle import read_effects
from tests.end_to_end.settled import send, wait_until_idle
from tests.journeys.test_examples import BESIDE, BLOCKS, TEMPLATES

MEMBERS = 200
# Late and early: the first tick comes after the first waits are over.
TICKS = [
    NOON + hours * 3_600_000 for hours in (5, 30, 31, 60, 24 * 31, 24 * 38, 24 * 45)
]
DOCUMENT = yaml.safe_load(BESIDE) | {
    "version": 1,
    "currency": "USD",
    "templates": TEMPLATES,
    "journeys": [yaml.safe_load(block) for block in BLOCKS[1:4]],
}
PROGRAM = program_from(DOCUMENT, EDGE_CALENDARS)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that runs the three journeys of the page."""
    folder = tmp_path_factory.mktemp("journeys")
    file = Path(folder) / "program.yaml"
    file.write_text(yaml.safe_dump(DOCUMENT, sort_keys=False))
    made = Stack(folder / "stack", say=print)
    known = os.environ.get("REGULARS_PROGRAM_FILE")
    os.environ["REGULARS_PROGRAM_FILE"] = str(file)
    try:
        made.start_all()
        yield made
    finally:
        made.stop()
        os.environ.pop("REGULARS_PROGRAM_FILE")
        if known is not None:
            os.environ["REGULARS_PROGRAM_FILE"] = known


def life_of(number: int) -> list[MemberEvent]:
    """A first order; every third is cancelled, every fourth member comes again."""
    member_id = f"member-{number}"

    def order(name: str, occurred_at: int) -> MemberEvent:
        return an_order(
            f"{name}-{number}",
            subtotal_minor=20_00,
            occurred_at=occurred_at,
            member_id=member_id,
        )

    events = [order("first", NOON + number)]
    if number % 3 == 0:
        gone = a_cancellation(f"first-{number}", occurred_at=NOON + 1_000 + number)
        events.append(gone._replace(member_id=member_id))
    if number % 4 == 0:
        events.append(order("second", NOON + 2 * 3_600_000 + number))
    return events


def expected_of(number: int) -> tuple[list[str], list[tuple[str, int]]]:
    """What a plain fold tells of journeys, and the messages with their times."""
    member, told, messages = NEW_MEMBER, [], []
    for event in [*life_of(number), *map(Tick, TICKS)]:
        if isinstance(event, Tick) and not is_due(member, event.at):
            continue
        decision = decide(member, event, PROGRAM, member_id=f"member-{number}")
        assert isinstance(decision, Decision)
        member = decision.member
        told += [one.trigger_id for one in decision.triggers]
        messages += [(one.message_id, one.created_at) for one in decision.messages]
    return told, messages


@pytest.mark.timeout(300)
def test_journeys_go_on_after_kills_and_each_message_is_told_once(
    stack: Stack,
) -> None:
    lives = {f"member-{number}": life_of(number) for number in range(MEMBERS)}
    send(
        stack,
        [
            TrafficRecord(ORDERS.name, member_id, event)
            for member_id, events in lives.items()
            for event in events
        ],
    )
    for place, at in enumerate(TICKS):
        stack.run_job("send-ticks", "--at", str(at))
        if place % 2:
            stack.kill("worker")
            stack.start("worker")
        wait_until_idle(stack)

    seen = read_effects(stack.addresses()["bootstrap_servers"])
    assert seen.letters == []
    sent = 0
    for number in range(MEMBERS):
        changes = seen.changes[f"member-{number}"]
        told = [one.trigger_id for change in changes for one in change.triggers]
        messages = [
            (one.message_id, one.created_at)
            for change in changes
            for one in change.messages
        ]
        assert (told, messages) == expected_of(number)
        sent += len(messages)
    assert sent > 3 * MEMBERS
