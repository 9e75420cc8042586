"""What the demo says in the real year, against messages worked out independently."""

from collections import Counter
from pathlib import Path

import pytest

from jobs.retail import orders, read_year
from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.events import OrderEvent, Tick
from loyalty.member import NEW_MEMBER, Member
from loyalty.program import Program
from stores.programs import load_program
from tests.demo.independent_messages import Said, independent_messages
from tests.demo.independent_totals import PROGRAM_FILE, final_tick_at

# Households of the year: all would take longer than their use is worth.
ONE_OF = 4


@pytest.fixture(scope="module")
def expected() -> list[Said]:
    return independent_messages(one_of=ONE_OF)


def said_to(
    member_id: str, placed: list[OrderEvent], program: Program, final_at: int
) -> list[Said]:
    """What is said to a member, with a tick whenever something is due."""
    said: list[Said] = []
    member = NEW_MEMBER
    events: list[OrderEvent | Tick] = [*placed, Tick(final_at)]
    for event in events:
        at = event.at if isinstance(event, Tick) else event.occurred_at
        while 0 < member.next_due_at < at + isinstance(event, Tick):
            member, told = step(member_id, member, Tick(member.next_due_at), program)
            said += told
        if isinstance(event, OrderEvent):
            member, told = step(member_id, member, event, program)
            said += told
    return said


def step(
    member_id: str, member: Member, event: OrderEvent | Tick, program: Program
) -> tuple[Member, list[Said]]:
    """One decision, and the steps that fired and messages that went in it."""
    decision = decide(member, event, program, member_id=member_id)
    assert isinstance(decision, Decision), decision
    at = event.at if isinstance(event, Tick) else event.occurred_at
    said = [
        Said(member_id, fired.trigger_id, "", "", at)
        for fired in decision.triggers
        if fired.trigger_id in program.trigger_index.by_id
    ]
    for message in decision.messages:
        trigger, _, number, channel = message.message_id.split("/")
        said.append(Said(member_id, trigger, number, channel, message.created_at))
        assert (message.campaign_id, message.channel) == (trigger, channel)
    return decision.member, said


@pytest.fixture(scope="module")
def found() -> list[Said]:
    program, final_at = load_program(Path(PROGRAM_FILE)), final_tick_at()
    by_member: dict[str, list[OrderEvent]] = {}
    for order in orders(read_year()):
        by_member.setdefault(order.member_id, []).append(order)
    # By number, as households come in the data.
    order_of = sorted(by_member, key=lambda name: int(name.rpartition("-")[2]))
    said: list[Said] = []
    for member_id in order_of[::ONE_OF]:
        said += said_to(member_id, by_member[member_id], program, final_at)
    return said


def test_every_household_is_told_what_was_worked_out_independently(
    found: list[Said], expected: list[Said]
) -> None:
    counts, others = Counter(found), Counter(expected)

    assert counts - others == Counter()
    assert others - counts == Counter()


def test_the_year_says_enough_to_be_worth_comparing(expected: list[Said]) -> None:
    counts = Counter((one.trigger, one.step, one.channel) for one in expected)

    assert counts == EXPECTED_COUNTS
