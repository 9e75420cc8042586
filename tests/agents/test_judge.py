"""One record's effects: whole or not at all, and nobody speaks for an account."""

import json
from typing import Any

import pytest

from loyalty.accounts import lease_id
from loyalty.budget_books import Lease, LeaseBook
from loyalty.budgets import GRANTED, LEASED, Budget, Claim
from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.events import Command, Tick
from loyalty.limits import CLAIMS_MAX, OUTBOX_MAX
from loyalty.member import Member
from loyalty.program import ProgramHistory
from schemas.events import EventCodec
from schemas.state import StateCodec
from schemas.topics import COMMANDS, ORDERS
from schemas.updates import UpdateCodec
from streams.accounts import Accounts, Holdings
from streams.batches import SourceRecord
from streams.judge import Judge
from streams.members import Members
from streams.outcome import BY_KEY, Outcome
from streams.tools import Tools
from tests.builders import A_FULL_PROGRAM, NOON, an_order
from tests.simulation.memory_kafka import InlineExecutor

EVENTS, STATES = EventCodec(), StateCodec()
ASK = Command("ask", "ann", "test.ask", NOON, "", {})
CLAIM = Claim("b", "claim-1", "ann", "order-1", "rule-1", 50, NOON, "")


def judged(
    command: Command, answers: dict[str, Any], *, held: int = 0
) -> tuple[Outcome, Holdings]:
    """Outcome of one command; `answers` says what is decided, by type."""

    def decide(
        member: Member, event: Any, program: Any, *, member_id: str
    ) -> Decision | Duplicate | Refusal:
        answer = answers[event.type]
        if isinstance(answer, Exception):
            raise answer
        if not isinstance(answer, dict):
            return answer
        after = member._replace(version=member.version + 1)
        return Decision(after, (), (), (), "", "", "", **answer)

    unused: Any = None
    tools = Tools(
        ProgramHistory([A_FULL_PROGRAM]),
        EVENTS,
        STATES,
        UpdateCodec(),
        unused,
        InlineExecutor(),
        unused,
        unused,
        unused,
        records_max=100,
        cache_max=100,
        decide=decide,
        find_budget=lambda name, _: Budget("b", 1_000) if name == "b" else None,
    )
    holdings = Holdings(Members(STATES, 100), Accounts())
    lease = Lease("b", books=(LeaseBook(0, held=held),))
    holdings.accounts.apply([(lease_id("b", 3), lease)] if held else [])
    judge, outcome = Judge(3, tools), Outcome(100)
    record = SourceRecord(
        0, NOON, command.member_id.encode(), EVENTS.encode_command(command)
    )
    judge.judge(COMMANDS.name, record, holdings, outcome=outcome)
    return outcome, holdings


def test_commands_go_by_their_key_and_to_leases_by_their_number() -> None:
    to_bob = ASK._replace(command_id="tell", member_id="bob")

    outcome, _ = judged(ASK, {"test.ask": {"outbox": (to_bob,), "claims": (CLAIM,)}})

    assert [(out.key, out.partition) for out in outcome.outbox] == [
        (b"bob", BY_KEY),
        (b"budget:b", BY_KEY),
    ]
    lease = outcome.accounts[lease_id("b", 3)]
    assert isinstance(lease, Lease)
    assert [asked.claim for asked in lease.books[0].waiting] == [CLAIM]
    request = Command("request", "budget:b", "budget.lease", NOON, "", {
        "budget_id": "b", "partition": 7, "serial": 1, "period": 0, "spent": 0,
        "wanted": 50,
    })  # fmt: skip
    outcome, _ = judged(request, {})
    assert [(out.key, out.partition) for out in outcome.outbox] == [(b"lease:b:7", 7)]


@pytest.mark.parametrize(
    "effects",
    [
        pytest.param({"outbox": (ASK,) * (OUTBOX_MAX + 1)}, id="too many commands"),
        pytest.param({"claims": (CLAIM,) * (CLAIMS_MAX + 1)}, id="too many claims"),
        pytest.param({"claims": (CLAIM._replace(desired=-1),)}, id="less than nothing"),
        pytest.param(
            {"outbox": (ASK, ASK._replace(member_id="budget:b"))}, id="to an account"
        ),
        pytest.param({"outbox": (ASK, ASK._replace(type=GRANTED))}, id="as an account"),
        pytest.param(
            {"outbox": (ASK, ASK._replace(member_id="x" * 300))}, id="a key too long"
        ),
        pytest.param(
            {"outbox": (ASK, ASK._replace(attributes={"n": 2**70}))}, id="no long"
        ),
        pytest.param(
            {"outbox": (ASK, ASK._replace(attributes={"n": "x" * 5_000}))}, id="a novel"
        ),
    ],
)
def test_effects_that_may_not_be_leave_nothing_behind(effects: dict[str, Any]) -> None:
    outcome, _ = judged(ASK, {"test.ask": effects})

    assert [letter.reason for letter in outcome.dead_letters] == ["engine-fault"]
    assert (outcome.decided, outcome.accounts, outcome.outbox) == ({}, {}, [])
    assert outcome.applied == 0


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Refusal("command-unknown", ""), id="refused"),
        pytest.param(ValueError("a bug"), id="a fault"),
        pytest.param({"outbox": (ASK,) * (OUTBOX_MAX + 1)}, id="beyond bounds"),
    ],
)
def test_a_grant_that_is_not_taken_goes_back(answer: Any) -> None:
    answers = {"test.ask": {"claims": (CLAIM,)}, GRANTED: answer}

    outcome, _ = judged(ASK, answers, held=80)

    assert outcome.applied == 1
    assert [len(one.changes) for one in outcome.decided.values()] == [1]
    assert outcome.dead_letters == []
    lease = outcome.accounts[lease_id("b", 3)]
    assert isinstance(lease, Lease)
    assert [(book.held, book.spent) for book in lease.books] == [(30, 0)]
    assert [out.key for out in outcome.outbox] == [b"budget:b"]


def test_a_grant_that_is_there_at_once_is_decided_in_the_same_breath() -> None:
    answers: dict[str, Any] = {"test.ask": {"claims": (CLAIM,)}, GRANTED: {}}

    outcome, _ = judged(ASK, answers, held=80)

    changes = outcome.decided["ann"].changes
    assert [(c.version, c.event_kind, c.event_id) for c in changes] == [
        (1, "test.ask", "ask"),
        (2, "budget.granted", "claim-1"),
    ]
    assert changes[1].order_id == "order-1"
    assert json.loads(changes[1].result or "")["value"] == 50
    assert outcome.decided["ann"].member.version == 2
    assert outcome.applied == 1


def test_a_budget_that_nobody_knows_grants_nothing_and_says_so() -> None:
    unknown = CLAIM._replace(budget_id="nobody's")
    answers: dict[str, Any] = {"test.ask": {"claims": (unknown,)}, GRANTED: {}}

    outcome, _ = judged(ASK, answers)

    grant = json.loads(outcome.decided["ann"].changes[1].result or "")
    assert (grant["value"], grant["desired"]) == (0, 50)
    assert grant["reason"] == "budget-unknown"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (ASK._replace(type=GRANTED), "command-reserved"),
        (ASK._replace(type=LEASED), "command-reserved"),
        (ASK._replace(member_id="budget:b"), "command-reserved"),
        (ASK._replace(member_id="lease:b:3"), "command-reserved"),
        (ASK._replace(member_id="lease:b:4", type=LEASED), "command-reserved"),
        (ASK._replace(member_id="lease:b:3", type=LEASED), "engine-fault"),
        (ASK._replace(member_id="budget:b", type="budget.lease"), "engine-fault"),
    ],
)
def test_what_is_not_for_an_account_is_a_dead_letter(
    command: Command, reason: str
) -> None:
    outcome, _ = judged(command, {})

    assert [letter.reason for letter in outcome.dead_letters] == [reason]
    assert outcome.accounts == {}


def test_a_rule_that_fails_at_a_tick_leaves_that_member_alone() -> None:
    def decide(
        member: Member, event: Any, program: Any, *, member_id: str
    ) -> Decision | Duplicate | Refusal:
        if member_id == "ann":
            raise ValueError("a bug")
        after = member._replace(version=member.version + 1)
        return Decision(after, (), (), (), "", "", "")

    unused: Any = None
    tools = Tools(
        ProgramHistory([A_FULL_PROGRAM]), EVENTS, STATES, UpdateCodec(), unused,
        InlineExecutor(), unused, unused, unused, 9, 9, decide,
    )  # fmt: skip
    judge, outcome = Judge(0, tools), Outcome(9)
    holdings = Holdings(Members(STATES, 9), Accounts())
    record = SourceRecord(0, NOON, None, EVENTS.encode_tick(Tick(NOON)))

    for member_id in ("ann", "bob"):
        judge.tick(member_id, record, holdings, outcome=outcome)

    assert list(outcome.decided) == ["bob"]
    assert outcome.dead_letters == []


def test_orders_of_reserved_ids_are_dead_letters() -> None:
    outcome, holdings = Outcome(1), Holdings(Members(STATES, 1), Accounts())
    unused: Any = None
    tools = Tools(
        ProgramHistory([A_FULL_PROGRAM]), EVENTS, STATES, UpdateCodec(), unused,
        InlineExecutor(), unused, unused, unused, 1, 1,
    )  # fmt: skip
    order = an_order(member_id="budget:b")
    record = SourceRecord(0, NOON, b"budget:b", EVENTS.encode_order(order))

    Judge(0, tools).judge(ORDERS.name, record, holdings, outcome=outcome)

    assert [letter.reason for letter in outcome.dead_letters] == ["key-reserved"]
