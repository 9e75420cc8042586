"""The demo's program over the real year, against totals worked out independently."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from jobs.retail import orders, read_year
from loyalty.decide import decide, is_due
from loyalty.decision import EARN, EXPIRE, Decision
from loyalty.events import OrderEvent, Tick
from loyalty.limits import DAY_MS
from loyalty.member import NEW_MEMBER, Member, balance_of
from loyalty.program import Program
from stores.programs import load_program
from tests.demo.delivered import an_update, delivered
from tests.demo.independent_messages import Said, independent_messages
from tests.demo.independent_totals import (
    PROGRAM_FILE,
    HouseholdTotals,
    final_tick_at,
    independent_totals,
)

Year = dict[str, list[OrderEvent]]
# Households whose messages are compared: all would take longer than it is worth.
ONE_OF = 40
PUSH, INBOX = "push", "inbox"
SAID = {
    ("keep-your-streak", "", ""): 306,
    ("keep-your-streak", "0", PUSH): 305,
    ("come-back", "", ""): 215,
    ("come-back", "0", PUSH): 146,
    ("come-back", "0", INBOX): 146,
    ("come-back", "1", PUSH): 49,
    ("near-five-off", "", ""): 37,
    ("near-five-off", "0", PUSH): 37,
    ("near-five-off", "0", INBOX): 37,
    ("near-coffee", "", ""): 36,
}


@pytest.fixture(scope="module")
def year() -> Year:
    by_member: Year = {}
    for order in orders(read_year()):
        by_member.setdefault(order.member_id, []).append(order)
    return by_member


@pytest.fixture(scope="module")
def expected() -> dict[str, HouseholdTotals]:
    return {row.member_id: row for row in independent_totals()}


@pytest.fixture(scope="module")
def program() -> Program:
    return load_program(Path(PROGRAM_FILE))


def totals_of(
    member_id: str, events: Iterable[OrderEvent | Tick], program: Program
) -> HouseholdTotals:
    """Fold one household's year; ticks reach it when it is due, as in the engine."""
    member: Member = NEW_MEMBER
    moved: Counter[str] = Counter()
    order_count = 0
    for event in events:
        if isinstance(event, Tick) and not is_due(member, event.at):
            continue
        decision = decide(member, event, program, member_id=member_id)
        assert isinstance(decision, Decision), decision
        member = decision.member
        order_count += isinstance(event, OrderEvent)
        for entry in decision.entries:
            if entry.wallet == "points":
                moved[entry.kind] += entry.points
    return HouseholdTotals(
        member_id,
        order_count,
        moved[EARN],
        -moved[EXPIRE],
        balance_of(member.lots),
        balance_of(member.lots, "loaves"),
        balance_of(member.lots, "stamps"),
        bool(member.state.badges),
        member.tier,
    )


def with_daily_ticks(
    placed: list[OrderEvent], *, days_ahead: int
) -> Iterator[OrderEvent | Tick]:
    """Orders between the midnights of the year, with the clock ahead (or behind)."""
    first = placed[0].occurred_at // DAY_MS
    midnight = first * DAY_MS
    final = final_tick_at()
    for order in placed:
        while midnight <= min(order.occurred_at + days_ahead * DAY_MS, final):
            yield Tick(midnight)
            midnight += DAY_MS
        yield order
    for at in range(midnight, final + 1, DAY_MS):
        yield Tick(at)
    # Sent again when all orders are through, as whoever compares totals does.
    yield Tick(final)


def test_every_household_has_exactly_what_was_worked_out_independently(
    year: Year, expected: dict[str, HouseholdTotals], program: Program
) -> None:
    final = Tick(final_tick_at())

    found = {
        member_id: totals_of(member_id, [*placed, final], program)
        for member_id, placed in year.items()
    }

    assert found == expected


def test_the_year_is_worth_a_demo(expected: dict[str, HouseholdTotals]) -> None:
    """Points are earned and expire, and each tier has its share of households."""
    rows = list(expected.values())
    tiers = [row.tier for row in rows]

    assert len(rows) == 2_469
    assert sum(row.orders for row in rows) == 155_848
    assert sum(row.earned for row in rows) == 4_987_839
    assert sum(row.expired for row in rows) == 2_413_049
    assert sum(row.balance for row in rows) == 2_574_790
    assert sum(row.loaves for row in rows) == 940
    assert sum(row.has_badge for row in rows) == 1_641
    assert [tiers.count(one) for one in ("neighbour", "regular", "patron")] == [
        1_423,
        767,
        279,
    ]


@pytest.mark.parametrize("days_ahead", [0, -20, 30, 100, 366])
def test_totals_do_not_depend_on_when_ticks_are_seen(
    year: Year,
    expected: dict[str, HouseholdTotals],
    program: Program,
    *,
    days_ahead: int,
) -> None:
    # A hundredth, and of a tenth all that bought twice in a second: a horizon's
    # hardest case.
    sample = [
        member_id
        for member_id, placed in year.items()
        if member_id.endswith("17")
        or (member_id.endswith("7") and any(one.occurred_at % 1000 for one in placed))
    ]

    for member_id in sample:
        events = with_daily_ticks(year[member_id], days_ahead=days_ahead)
        assert totals_of(member_id, events, program) == expected[member_id]


def test_the_first_weeks_alone_agree_too(program: Program) -> None:
    final = Tick(final_tick_at(weeks=5))
    by_member: Year = {}
    for order in orders(read_year(weeks=5)):
        by_member.setdefault(order.member_id, []).append(order)

    found = {
        member_id: totals_of(member_id, [*placed, final], program)
        for member_id, placed in by_member.items()
    }

    assert found == {row.member_id: row for row in independent_totals(weeks=5)}


def decisions_of(
    member_id: str, placed: list[OrderEvent], program: Program
) -> Iterator[tuple[int, Decision]]:
    """One household's year, with a tick at the very moment when something is due."""
    member: Member = NEW_MEMBER
    events: list[OrderEvent | Tick] = [*placed, Tick(final_tick_at() + 1)]
    for event in events:
        until = event.at if isinstance(event, Tick) else event.occurred_at
        while 0 < member.next_due_at < until:
            at = member.next_due_at
            decision = decide(member, Tick(at), program, member_id=member_id)
            assert isinstance(decision, Decision), decision
            member = decision.member
            yield at, decision
        if isinstance(event, OrderEvent):
            decision = decide(member, event, program, member_id=member_id)
            assert isinstance(decision, Decision), decision
            member = decision.member
            yield event.occurred_at, decision


def said_in(
    member_id: str, at: int, decision: Decision, program: Program
) -> Iterator[Said]:
    """Steps that fired in a decision, and messages that went."""
    for fired in decision.triggers:
        if fired.trigger_id in program.trigger_index.by_id:
            yield Said(member_id, fired.trigger_id, "", "", at)
    for message in decision.messages:
        trigger, _, step, channel = message.message_id.split("/")
        yield Said(member_id, trigger, step, channel, message.created_at)


def test_what_is_said_is_what_was_worked_out_independently_and_arrives_once(
    year: Year, program: Program
) -> None:
    """Lapsed, near a reward, a streak at risk: each moment, and each message's place."""
    expected = Counter(independent_messages(one_of=ONE_OF))
    # By number, as households come in the data.
    members = sorted(year, key=lambda name: int(name.rpartition("-")[2]))[::ONE_OF]
    found: Counter[Said] = Counter()
    updates = {}
    for member_id in members:
        for at, decision in decisions_of(member_id, year[member_id], program):
            found.update(said_in(member_id, at, decision, program))
            if decision.messages:
                now = max(program.effective_from, 0) + 1
                updates[an_update(member_id, decision, program, now)] = member_id

    assert found == expected
    kinds = Counter((one.trigger, one.step, one.channel) for one in expected)
    assert kinds == SAID
    arrived = asyncio.run(delivered(updates, program))
    assert Counter(arrived.inbox) == Counter(
        (one.member_id, one.trigger, one.at) for one in expected if one.channel == INBOX
    )
    log = Counter(
        (data["member_id"], data["message_id"], data["created_at"])
        for data in (told["data"] for told in arrived.log)
    )
    assert set(log.values()) == {1}
    assert Counter((who, what.split("/")[0], at) for who, what, at in log) == Counter(
        (one.member_id, one.trigger, one.at) for one in expected if one.channel == PUSH
    )
